import type { ContractEvent, MethodName, Params, Result } from '#core/contract'
import { CallError } from '../../../renderer/host/call-error.ts'

interface Call {
  method: MethodName
  params: unknown
  signal: AbortSignal | undefined
  resolve(result: unknown): void
  reject(error: unknown): void
}

/** A core whose answers the test gives by hand, so that each order of answers can be tried. */
export class ScriptedHost {
  readonly calls: Call[] = []
  readonly copied: string[] = []
  readonly #listeners = new Set<(event: ContractEvent) => void>()
  readonly #answers = new Map<MethodName, (params: never) => unknown>()

  call<M extends MethodName>(method: M, params: Params<M>, signal?: AbortSignal): Promise<Result<M>> {
    return new Promise<Result<M>>((resolve, reject) => {
      const stop = (): void => reject(new CallError('CANCELLED', 'stopped'))
      if (signal?.aborted) stop()
      signal?.addEventListener('abort', stop, { once: true })
      this.calls.push({
        method,
        params,
        signal,
        resolve: (result) => resolve(result as Result<M>),
        reject,
      })
      const answer = this.#answers.get(method)
      if (answer)
        Promise.resolve()
          .then(() => answer(params as never) as Result<M>)
          .then(resolve, reject)
    })
  }

  /** Every call of this method is answered so from now on; throw to refuse. */
  answer<M extends MethodName>(method: M, answer: (params: Params<M>) => Result<M>): this {
    this.#answers.set(method, answer)
    return this
  }

  count(method: MethodName): number {
    return this.calls.filter((call) => call.method === method).length
  }

  last(method: MethodName): Call {
    const call = this.calls.findLast((one) => one.method === method)
    if (!call) throw new Error(`${method} was not called`)
    return call
  }

  onEvent(fn: (event: ContractEvent) => void): () => void {
    this.#listeners.add(fn)
    return () => void this.#listeners.delete(fn)
  }

  emit(event: ContractEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  copyText(text: string): Promise<void> {
    this.copied.push(text)
    return Promise.resolve()
  }
}

/** Lets every promise that can settle do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

export function refused(
  code: ConstructorParameters<typeof CallError>[0],
  details: Partial<ConstructorParameters<typeof CallError>[2]> = {},
): CallError {
  return new CallError(code, 'a sentence', { retryable: false, ...details })
}
