/** Milliseconds since the Unix epoch, or a span of milliseconds. */
export type Millis = number

/** Time comes in through here, so that tests own it. Nothing else in `core` reads the wall clock or sets a timer. */
export interface Clock {
  now(): Millis
  /** Calls `fn` once after `ms`; the returned function cancels it. The timer does not keep the process alive. */
  after(ms: Millis, fn: () => void): () => void
}

/* oxlint-disable no-restricted-globals, no-restricted-properties -- the single place that touches real time */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms) as unknown as { unref?: () => void }
    timer.unref?.()
    return () => clearTimeout(timer as unknown as Parameters<typeof clearTimeout>[0])
  },
}
/* oxlint-enable no-restricted-globals, no-restricted-properties */

/** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
export function sleep(clock: Clock, ms: Millis, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error)
      return
    }
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    const onAbort = (): void => {
      cancel()
      reject(signal!.reason as Error)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
