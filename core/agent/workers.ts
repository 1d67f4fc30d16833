import { relayKey, type RelayAddress } from '#core/protocol'
import type { Context } from './context.ts'
import type { ConnId } from './types.ts'
import { ConnectionWorker } from './worker.ts'

/** One worker for each connection that has, or had, something to do since the start. */
export class Workers {
  readonly #ctx: Context
  readonly #acking: ReadonlySet<number>
  readonly #workers = new Map<ConnId, ConnectionWorker>()

  constructor(ctx: Context, acking: ReadonlySet<number>) {
    this.#ctx = ctx
    this.#acking = acking
  }

  wake(connId: ConnId, hurry: boolean): void {
    if (this.#ctx.signal.aborted) return
    let worker = this.#workers.get(connId)
    if (!worker) {
      worker = new ConnectionWorker(this.#ctx, connId, this.#acking)
      this.#workers.set(connId, worker)
    }
    worker.wake(hurry)
  }

  get(connId: ConnId): ConnectionWorker | undefined {
    return this.#workers.get(connId)
  }

  /** The relay answers again: whoever waits for it need not wait longer. */
  relayIsBack(address: RelayAddress): void {
    const key = relayKey(address)
    for (const worker of this.#workers.values()) {
      if (worker.waitsForRelay(key)) worker.wake(true)
    }
  }

  retryNow(): void {
    for (const worker of this.#workers.values()) worker.wake(true)
  }

  async done(): Promise<void> {
    await Promise.all([...this.#workers.values()].map((worker) => worker.done))
  }
}
