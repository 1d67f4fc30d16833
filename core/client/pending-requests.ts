import { type Clock, type Millis, equalBytes, toHex } from '#core/base'
import type { DecodedResponse, Response } from '#core/protocol'
import { ClientError, RelayRefused, unreachable } from './errors.ts'

interface Pending {
  readonly entityId: Uint8Array
  readonly askedAt: Millis
  readonly settle: (outcome: { response: Response } | { error: unknown }) => void
}

/** Requests that wait for their answer, found by correlation id alone. smp.md 4.3 */
export class PendingRequests {
  readonly #clock: Clock
  readonly #waiting = new Map<string, Pending>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#waiting.size
  }

  has(corrId: Uint8Array): boolean {
    return this.#waiting.has(toHex(corrId))
  }

  /** `onTimeout` gets the time of asking, before the promise rejects. */
  wait(
    corrId: Uint8Array,
    entityId: Uint8Array,
    options: { timeoutMs: Millis; signal: AbortSignal | undefined; onTimeout: (askedAt: Millis) => void },
  ): Promise<Response> {
    const key = toHex(corrId)
    const { signal, timeoutMs, onTimeout } = options
    const askedAt = this.#clock.now()
    return new Promise((resolve, reject) => {
      const settle: Pending['settle'] = (outcome) => {
        this.#waiting.delete(key)
        cancelTimer()
        signal?.removeEventListener('abort', onAbort)
        if ('response' in outcome) resolve(outcome.response)
        else reject(outcome.error as Error)
      }
      const onAbort = (): void => settle({ error: signal!.reason })
      const cancelTimer = this.#clock.after(timeoutMs, () => {
        onTimeout(askedAt)
        settle({ error: unreachable('timeout') })
      })
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#waiting.set(key, { entityId, askedAt, settle })
    })
  }

  /** False when nobody waits for it (any more). */
  answer(answer: DecodedResponse): boolean {
    const pending = this.#waiting.get(toHex(answer.corrId))
    if (!pending) return false
    pending.settle(outcomeOf(answer, pending))
    return true
  }

  failAll(error: unknown): void {
    for (const pending of [...this.#waiting.values()]) pending.settle({ error })
  }
}

function outcomeOf(answer: DecodedResponse, pending: Pending): { response: Response } | { error: unknown } {
  const { response, entityId } = answer
  if (!response)
    return {
      error: new ClientError('relay.protocol', 'an answer that does not parse', {}, { cause: answer }),
    }
  if (response.type === 'ERR') return { error: new RelayRefused(response.error) }
  if (!equalBytes(entityId, pending.entityId))
    return {
      error: new ClientError('relay.protocol', 'an answer about another queue', { type: response.type }),
    }
  return { response }
}
