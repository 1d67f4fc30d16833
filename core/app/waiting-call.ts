import { type Clock, AppError, deadline } from '#core/base'

/** A call that a person waits for answers within 10 s (api.md, "Envelope"); the rest is for the answer's own way. */
const PATIENCE = 9_000

/** A call that may be stopped until it commits, and not after. */
export interface WaitingCall {
  readonly signal: AbortSignal
  /** First thing in the transaction that makes the result visible. Throws when the call was stopped or ran out of time. */
  commit(): void
}

/**
 * Runs `work` with a time limit and a way to stop it. A stop before the commit rejects at once and the transaction that
 * comes too late is rolled back; a stop after it changes nothing.
 */
export async function waitingCall<T>(
  clock: Clock,
  signal: AbortSignal,
  work: (call: WaitingCall) => Promise<T>,
  spent = 0,
): Promise<T> {
  using limit = deadline(
    clock,
    Math.max(1, PATIENCE - spent),
    signal,
    () => new AppError('relay.unreachable', 'no answer in time'),
  )
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  let committed = false
  const onAbort = (): void => {
    if (!committed) reject(limit.signal.reason as Error)
  }
  if (limit.signal.aborted) onAbort()
  else limit.signal.addEventListener('abort', onAbort, { once: true })
  const call: WaitingCall = {
    signal: limit.signal,
    commit() {
      if (limit.signal.aborted) throw limit.signal.reason as Error
      committed = true
    },
  }
  // Awaited here: leaving the function ends the time limit.
  return await Promise.race([work(call), stopped])
}
