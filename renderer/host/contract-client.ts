/** The envelope of the contract over any pipe of JSON values: ids, answers, cancellation, events. */
import { Emitter } from '#core/base'
import type { ContractError, ContractEvent, MethodName, Params, Result } from '#core/contract'
import { CallError } from './call-error.ts'

interface Waiting {
  resolve(result: unknown): void
  reject(error: CallError): void
}

export class ContractClient {
  readonly events = new Emitter<ContractEvent>()
  /** Notification clicks, the one thing that a shell says outside the contract. */
  readonly clicks = new Emitter<string>()
  readonly #send: (message: unknown) => void
  readonly #waiting = new Map<number, Waiting>()
  #nextId = 1

  constructor(send: (message: unknown) => void) {
    this.#send = send
  }

  call<M extends MethodName>(method: M, params: Params<M>, signal?: AbortSignal): Promise<Result<M>> {
    if (signal?.aborted) return Promise.reject(new CallError('CANCELLED', 'stopped before it began'))
    const id = this.#nextId++
    return new Promise<Result<M>>((resolve, reject) => {
      const stop = (): void => {
        this.#waiting.delete(id)
        this.#send({ id: this.#nextId++, method: 'call.cancel', params: { id } })
        reject(new CallError('CANCELLED', 'stopped'))
      }
      signal?.addEventListener('abort', stop, { once: true })
      const done = (): void => signal?.removeEventListener('abort', stop)
      this.#waiting.set(id, {
        resolve: (result) => (done(), resolve(result as Result<M>)),
        reject: (error) => (done(), reject(error)),
      })
      this.#send({ id, method, params })
    })
  }

  receive(message: unknown): void {
    if (!isRecord(message)) return
    if (typeof message['event'] === 'string') this.events.emit(message as unknown as ContractEvent)
    else if (message['host'] === 'notificationClick') this.clicks.emit(String(message['notificationId']))
    else if (typeof message['id'] === 'number') this.#answer(message['id'], message)
  }

  /** The pipe broke: nothing that is out will be answered. */
  lost(): void {
    const all = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const one of all) one.reject(new CallError('INTERNAL', 'the door closed', { retryable: true }))
  }

  #answer(id: number, message: Record<string, unknown>): void {
    const waiting = this.#waiting.get(id)
    if (!waiting) return
    this.#waiting.delete(id)
    const error = message['error'] as ContractError | undefined
    if (error) waiting.reject(new CallError(error.code, error.message, error.details, error.reason))
    else waiting.resolve(message['result'])
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
