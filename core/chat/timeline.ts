import { type ConnectionRecord, noteStep, type StepColumn, type WriteTx } from '#core/store'

/** Writes down what a change of a row means for the timeline that a person sees. flows.md 5 */
export function noteSteps(tx: WriteTx, before: ConnectionRecord | null, after: ConnectionRecord): void {
  for (const what of stepsBetween(before, after)) {
    noteStep(tx, after.connectionId, { at: after.updatedAt, what })
  }
}

/** The other side has answered. A contact may have been there before: its link or its request named it. */
export function noteKeysAgreed(tx: WriteTx, connection: ConnectionRecord, at: number): void {
  noteStep(tx, connection.connectionId, { at, what: 'keys-agreed' })
}

function stepsBetween(before: ConnectionRecord | null, after: ConnectionRecord): StepColumn[] {
  if (before === null) return ['made']
  const steps: StepColumn[] = []
  if (before.openedAt === null && after.openedAt !== null) steps.push('opened')
  if (before.phase === after.phase) return steps
  const step = STEP_OF_PHASE[after.phase]
  return step === undefined ? steps : [...steps, step]
}

const STEP_OF_PHASE: Partial<Record<ConnectionRecord['phase'], StepColumn>> = {
  shared: 'shared',
  connected: 'ready',
  refused: 'failed',
  failed: 'failed',
  expired: 'expired',
}
