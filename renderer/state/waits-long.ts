import type { Connection } from '#core/contract'

const LONG_MS = 24 * 3_600_000 // flows 5, PEN-6

/** It has been the other side's turn for a day: whoever reads that may want to do something about it. */
export function waitsLong({ status, phase, openedAlarm, createdAt }: Connection, now: Date): boolean {
  const theirTurn = status === 'connecting' || (status === 'waiting' && AWAITED.has(phase))
  return theirTurn && !openedAlarm && now.getTime() - Date.parse(createdAt) >= LONG_MS
}
const AWAITED: ReadonlySet<string> = new Set(['shared', 'opened'])
