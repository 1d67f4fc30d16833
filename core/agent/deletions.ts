import type { Millis } from '#core/base'
import { isAppError } from '#core/base'
import { relayKey } from '#core/protocol'
import { countDeletionFailure, queueDeletions, removeDeletion, type QueueDeletion } from '#core/store'
import { serverAddress } from './addresses.ts'
import { DELETE_ATTEMPTS, DELETE_PATIENCE, FAST_RETRY, SLOW_RETRY } from './constants.ts'
import type { Context } from './context.ts'
import { classify } from './failures.ts'
import { Backoff } from './retry.ts'

/** Deletes queues at their relays in the background: one attempt at a time for each relay. agent.md 4.6 */
export class QueueDeleter {
  readonly #ctx: Context
  readonly #relays = new Map<string, { backoff: Backoff; cancel: (() => void) | null }>()

  constructor(ctx: Context) {
    this.#ctx = ctx
  }

  /** Looks for new work. `hurry`: also at relays that wait for their next attempt. */
  wake(hurry = false): void {
    if (this.#ctx.signal.aborted) return
    const waiting = this.#ctx.store.read(queueDeletions)
    for (const server of new Set(waiting.map(({ server }) => relayKey(serverAddress(server))))) {
      const known = this.#relays.get(server)
      if (known && !(hurry && known.cancel)) continue
      known?.cancel?.()
      const entry = { backoff: known?.backoff ?? new Backoff(), cancel: null }
      this.#relays.set(server, entry)
      void this.#run(server)
    }
  }

  stop(): void {
    for (const { cancel } of this.#relays.values()) cancel?.()
    this.#relays.clear()
  }

  async #run(server: string): Promise<void> {
    try {
      for (;;) {
        const next = this.#ctx.store
          .read(queueDeletions)
          .find((deletion) => relayKey(serverAddress(deletion.server)) === server)
        if (!next) break
        const delay = await this.#attempt(next, this.#relays.get(server)?.backoff ?? new Backoff())
        if (this.#ctx.signal.aborted) return
        if (delay === null) continue
        const entry = this.#relays.get(server)
        if (!entry) return
        entry.cancel = this.#ctx.clock.after(delay, () => {
          entry.cancel = null
          void this.#run(server)
        })
        return
      }
    } catch (error) {
      if (!isAppError(error, 'store.closed')) this.#ctx.log.error('agent.deletion-failed')
    }
    this.#relays.delete(server)
  }

  /** Null: this one is done with. Otherwise the wait before the next attempt. */
  async #attempt(deletion: QueueDeletion, backoff: Backoff): Promise<Millis | null> {
    try {
      await this.#ctx.relays.request(
        serverAddress(deletion.server),
        {
          entityId: deletion.rcvId,
          command: { type: 'DEL' },
          key: { algorithm: 'ed25519', privateKey: deletion.authKey },
        },
        { signal: this.#ctx.signal },
      )
    } catch (error) {
      if (this.#ctx.signal.aborted) return null
      const failure = classify(error)
      const isTired =
        deletion.failures + 1 >= DELETE_ATTEMPTS &&
        this.#ctx.clock.now() - deletion.createdAt > DELETE_PATIENCE
      if (failure.kind !== 'permanent' && !isTired) {
        this.#ctx.store.write((tx) => countDeletionFailure(tx, deletion.deletionId))
        return backoff.next(failure.kind === 'temporary' && !failure.slow ? FAST_RETRY : SLOW_RETRY)
      }
    }
    backoff.reset()
    this.#ctx.store.write((tx) => removeDeletion(tx, deletion.deletionId))
    return null
  }
}
