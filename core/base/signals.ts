import type { Clock, Millis } from './clock.ts'
import { AppError } from './errors.ts'

/**
 * A signal that aborts when `parent` does or after `ms`, with the error that `onTimeout` makes.
 * Call `dispose` when the work is over, or use it with `using`.
 */
export function deadline(
  clock: Clock,
  ms: Millis,
  parent: AbortSignal | undefined,
  onTimeout: () => Error = () => new AppError('timeout', 'no answer in time', { ms }),
): { signal: AbortSignal; dispose: () => void; [Symbol.dispose]: () => void } {
  const controller = new AbortController()
  const onParent = (): void => controller.abort(parent!.reason)
  if (parent?.aborted) onParent()
  else parent?.addEventListener('abort', onParent, { once: true })
  const cancel = clock.after(ms, () => controller.abort(onTimeout()))
  const dispose = (): void => {
    cancel()
    parent?.removeEventListener('abort', onParent)
  }
  return { signal: controller.signal, dispose, [Symbol.dispose]: dispose }
}

/** Rejects with the signal's reason as soon as it aborts, else settles as `promise` does. The work itself goes on. */
export function raceAbort<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) {
      promise.catch(() => {})
      reject(signal.reason as Error)
      return
    }
    const onAbort = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
