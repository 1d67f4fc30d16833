import { type Clock, type Log, isAppError } from '#core/base'
import { type ClientLimits, SUBS_PER_BLOCK } from './constants.ts'
import { RelayRefused } from './errors.ts'
import { type RelayConnection, queueKey } from './relay-connection.ts'
import type { QueueEvent, RecipientQueue } from './types.ts'

interface Entry {
  readonly queue: RecipientQueue
  /** `open`: to be asked for. `asked`: SUB is on its way. `active`: messages arrive. */
  state: 'open' | 'asked' | 'active'
}

export interface SubscriptionHandlers {
  onQueueEvent(rcvId: Uint8Array, type: QueueEvent['type']): void
  onMessage(rcvId: Uint8Array, msgId: Uint8Array, body: Uint8Array): void
}

/** The queues of one relay that must stay subscribed, whatever happens to the connection. */
export class Subscriptions {
  readonly #entries = new Map<string, Entry>()
  readonly #handlers: SubscriptionHandlers
  readonly #deps: { clock: Clock; log: Log; limits: ClientLimits }
  #connection: RelayConnection | null = null
  #running = false
  #cancelRetry: (() => void) | null = null

  constructor(deps: { clock: Clock; log: Log; limits: ClientLimits }, handlers: SubscriptionHandlers) {
    this.#deps = deps
    this.#handlers = handlers
  }

  get size(): number {
    return this.#entries.size
  }

  add(queues: readonly RecipientQueue[]): void {
    for (const queue of queues) {
      const key = queueKey(queue.rcvId)
      if (!this.#entries.has(key)) this.#entries.set(key, { queue, state: 'open' })
    }
    this.#start()
  }

  /** A queue that NEW has subscribed, if that was on the connection which is still open. */
  addCreated(queue: RecipientQueue): void {
    const key = queueKey(queue.rcvId)
    const state = this.#connection?.created.has(key) ? 'active' : 'open'
    this.#entries.set(key, { queue, state })
    this.#connection?.keepAlive()
    this.#start()
  }

  /** True when it was there. */
  remove(rcvId: Uint8Array): boolean {
    return this.#entries.delete(queueKey(rcvId))
  }

  /** Subscribes to everything on the new connection; the first block is queued before this returns. */
  connected(connection: RelayConnection): void {
    this.#connection = connection
    this.#start()
  }

  disconnected(): void {
    this.#connection = null
    this.#cancelRetry?.()
    this.#cancelRetry = null
    for (const entry of this.#entries.values()) entry.state = 'open'
  }

  #start(): void {
    const connection = this.#connection
    if (!connection || this.#running) return
    this.#running = true
    void this.#run(connection).finally(() => {
      this.#running = false
      // The connection was replaced, or queues were added behind the last look.
      if (this.#hasOpen()) this.#start()
    })
  }

  #hasOpen(): boolean {
    for (const entry of this.#entries.values()) if (entry.state === 'open') return true
    return false
  }

  /** Block after block, each when the one before is answered: thousands of queues do not run into timeouts. */
  async #run(connection: RelayConnection): Promise<void> {
    while (this.#connection === connection) {
      const open = [...this.#entries.values()].filter((entry) => entry.state === 'open')
      if (open.length === 0) return
      connection.keepAlive()
      const batch = open.slice(0, SUBS_PER_BLOCK)
      for (const entry of batch) entry.state = 'asked'
      await Promise.all(batch.map((entry) => this.#subscribe(connection, entry)))
    }
  }

  async #subscribe(connection: RelayConnection, entry: Entry): Promise<void> {
    const { rcvId, key } = entry.queue
    try {
      const answer = await connection.request(
        { entityId: rcvId, command: { type: 'SUB' }, key },
        { timeoutMs: this.#deps.limits.subscribeMs },
      )
      if (this.#connection === connection) entry.state = 'active'
      this.#report(entry, 'subscribed')
      // Relays of older versions answer with the message itself. smp.md 5.3
      if (answer.type === 'MSG') this.#handlers.onMessage(rcvId, answer.msgId.slice(), answer.body)
    } catch (error) {
      this.#failed(connection, entry, error)
    }
  }

  #failed(connection: RelayConnection, entry: Entry, error: unknown): void {
    const refusal = error instanceof RelayRefused ? error.smpError.type : null
    if (refusal === 'AUTH' || refusal === 'BLOCKED') {
      this.#drop(entry, refusal === 'AUTH' ? 'auth' : 'blocked')
      return
    }
    if (this.#connection !== connection) return
    this.#deps.log.warn('relay.subscribe-failed', { error: isAppError(error) ? error.code : 'unexpected' })
    this.#cancelRetry ??= this.#deps.clock.after(this.#deps.limits.resubscribeMs, () => this.#retry())
  }

  #retry(): void {
    this.#cancelRetry = null
    for (const entry of this.#entries.values()) if (entry.state === 'asked') entry.state = 'open'
    this.#start()
  }

  #drop(entry: Entry, type: QueueEvent['type']): void {
    const key = queueKey(entry.queue.rcvId)
    if (this.#entries.get(key) !== entry) return
    this.#entries.delete(key)
    this.#handlers.onQueueEvent(entry.queue.rcvId, type)
  }

  #report(entry: Entry, type: QueueEvent['type']): void {
    if (this.#entries.get(queueKey(entry.queue.rcvId)) === entry)
      this.#handlers.onQueueEvent(entry.queue.rcvId, type)
  }
}
