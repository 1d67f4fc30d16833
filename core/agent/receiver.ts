import { isAppError, shortId, toHex, type Millis } from '#core/base'
import type { QueueEvent, RecipientQueue, RelayMessage } from '#core/client'
import { relayKey, type RelayAddress } from '#core/protocol'
import { getAgentConnection, getRcvQueue, patchRcvQueue, rcvQueues, type RcvQueue } from '#core/store'
import { serverAddress } from './addresses.ts'
import { DROP_AFTER, DROP_ATTEMPTS, FAST_RETRY } from './constants.ts'
import type { Context } from './context.ts'
import { classify } from './failures.ts'
import { failConnection } from './lifecycle.ts'
import { receive } from './receive.ts'
import { Backoff } from './retry.ts'

/** A queue that we listen to, and what is going on with its current message. */
interface Watched {
  readonly queueId: number
  readonly address: RelayAddress
  readonly recipient: RecipientQueue
  ended: boolean
  /** The message that is being stored or acknowledged; a newer one takes its place. */
  current: { readonly msgId: Uint8Array; attempts: number; readonly since: Millis } | null
  /** Acknowledgements that the relay refused, one after another. */
  readonly refusals: Backoff
}

const queueKey = (address: RelayAddress, rcvId: Uint8Array): string => `${relayKey(address)} ${toHex(rcvId)}`

/**
 * Takes messages from the relays: stores each in one transaction, then acknowledges it. The relay sends the next one of
 * a queue only after that, so messages of a queue come here one after another.
 */
export class Receiver {
  readonly #ctx: Context
  readonly #queues = new Map<string, Watched>()
  /** Queues whose last message is not yet acknowledged. */
  readonly acking = new Set<number>()
  readonly #stop: (() => void)[]

  constructor(ctx: Context) {
    this.#ctx = ctx
    this.#stop = [
      ctx.relays.onMessage((message) => this.#onMessage(message)),
      ctx.relays.onQueueEvent((event) => this.#onQueueEvent(event)),
    ]
  }

  /** Subscribes to all that is stored. agent.md 4.7 */
  start(): void {
    const byRelay = new Map<string, { address: RelayAddress; queues: RecipientQueue[] }>()
    for (const queue of this.#ctx.store.read(rcvQueues)) {
      if (this.#queues.has(queueKey(serverAddress(queue.server), queue.rcvId))) continue
      const { address, recipient } = this.#remember(queue)
      const group = byRelay.get(relayKey(address)) ?? { address, queues: [] }
      group.queues.push(recipient)
      byRelay.set(relayKey(address), group)
    }
    for (const { address, queues } of byRelay.values()) this.#ctx.relays.subscribe(address, queues)
  }

  stop(): void {
    for (const stop of this.#stop) stop()
    this.#queues.clear()
  }

  /** A queue whose NEW has subscribed to it. */
  watch(queue: Pick<RcvQueue, 'queueId' | 'server' | 'rcvId' | 'authKey'>): void {
    const { address, recipient } = this.#remember(queue)
    this.#ctx.relays.subscribed(address, recipient)
  }

  /** A queue that nobody listened to so far. */
  subscribe(queue: Pick<RcvQueue, 'queueId' | 'server' | 'rcvId' | 'authKey'>): void {
    const { address, recipient } = this.#remember(queue)
    this.#ctx.relays.subscribe(address, [recipient])
  }

  unwatch(queue: Pick<RcvQueue, 'queueId' | 'server' | 'rcvId'>): void {
    const address = serverAddress(queue.server)
    this.#queues.delete(queueKey(address, queue.rcvId))
    this.acking.delete(queue.queueId)
    this.#ctx.relays.unsubscribe(address, queue.rcvId)
  }

  /** Another connection has taken the subscription. */
  isEnded(queue: Pick<RcvQueue, 'server' | 'rcvId'>): boolean {
    return this.#queues.get(queueKey(serverAddress(queue.server), queue.rcvId))?.ended ?? false
  }

  #remember(queue: Pick<RcvQueue, 'queueId' | 'server' | 'rcvId' | 'authKey'>): Watched {
    const address = serverAddress(queue.server)
    const recipient: RecipientQueue = {
      rcvId: queue.rcvId,
      key: { algorithm: 'ed25519', privateKey: queue.authKey },
    }
    const { queueId } = queue
    const refusals = new Backoff()
    const watched: Watched = { queueId, address, recipient, ended: false, current: null, refusals }
    this.#queues.set(queueKey(address, queue.rcvId), watched)
    return watched
  }

  #onMessage(message: RelayMessage): void {
    const watched = this.#queues.get(queueKey(message.address, message.rcvId))
    if (!watched) return this.#ctx.log.info('agent.message-for-nobody')
    watched.current = { msgId: message.msgId, attempts: 0, since: this.#ctx.clock.now() }
    this.acking.add(watched.queueId)
    void this.#process(watched, message)
  }

  /** A message that cannot be stored stays at the relay and is tried again. agent.md 6.2 */
  async #process(watched: Watched, message: RelayMessage): Promise<void> {
    const { current } = watched
    if (this.#ctx.signal.aborted || !current || current.msgId !== message.msgId) return
    try {
      await this.#ctx.store.writeSoon((tx) => {
        const queue = getRcvQueue(tx, watched.queueId)
        if (queue) receive(this.#ctx, tx, queue, message)
      })
    } catch (error) {
      if (isAppError(error, 'store.closed')) return
      current.attempts += 1
      this.#ctx.log.error('agent.not-stored', {
        code: isAppError(error) ? error.code : error instanceof Error ? error.name : 'unknown',
        attempts: current.attempts,
      })
      const isHopeless =
        current.attempts >= DROP_ATTEMPTS && this.#ctx.clock.now() - current.since > DROP_AFTER
      if (!isHopeless) {
        const delay = Math.min(FAST_RETRY.start * 2 ** (current.attempts - 1), FAST_RETRY.max)
        this.#ctx.clock.after(delay, () => void this.#process(watched, message))
        return
      }
    }
    await this.#acknowledge(watched, message.msgId, new Backoff())
  }

  async #acknowledge(watched: Watched, msgId: Uint8Array, backoff: Backoff): Promise<void> {
    if (this.#ctx.signal.aborted || watched.current?.msgId !== msgId) return
    try {
      await this.#ctx.relays.acknowledge(watched.address, watched.recipient, msgId, {
        signal: this.#ctx.signal,
      })
      watched.refusals.reset()
    } catch (error) {
      if (this.#ctx.signal.aborted) return
      if (classify(error).kind === 'temporary') {
        this.#ctx.clock.after(backoff.next(FAST_RETRY), () => void this.#acknowledge(watched, msgId, backoff))
        return
      }
      this.#askAgain(watched)
    }
    if (watched.current?.msgId === msgId) watched.current = null
    this.acking.delete(watched.queueId)
    this.#wakeIfDrained(watched.queueId)
  }

  /**
   * The relay did not deliver what was acknowledged: it was replayed or changed, and the one that it holds would never come.
   * SUB brings it; the waits grow, so that such a relay costs little.
   */
  #askAgain(watched: Watched): void {
    this.#ctx.log.warn('agent.ack-refused')
    this.#ctx.clock.after(watched.refusals.next(FAST_RETRY), () => {
      const { address, recipient } = watched
      if (this.#ctx.signal.aborted || watched.current !== null) return
      if (this.#queues.get(queueKey(address, recipient.rcvId)) !== watched) return
      this.#ctx.relays.unsubscribe(address, recipient.rcvId)
      this.#ctx.relays.subscribe(address, [recipient])
    })
  }

  #wakeIfDrained(queueId: number): void {
    try {
      const queue = this.#ctx.store.read((db) => getRcvQueue(db, queueId))
      if (queue?.drained) this.#ctx.wake(queue.connId)
    } catch (error) {
      if (!isAppError(error, 'store.closed')) throw error
    }
  }

  #onQueueEvent(event: QueueEvent): void {
    const watched = this.#queues.get(queueKey(event.address, event.rcvId))
    if (!watched || this.#ctx.signal.aborted) return
    switch (event.type) {
      case 'subscribed':
        watched.ended = false
        return
      case 'end':
        watched.ended = true
        return this.#lost(watched.queueId, 'agent.queue-ended')
      case 'auth':
      case 'deleted':
      case 'blocked':
        this.#queues.delete(queueKey(event.address, event.rcvId))
        return this.#lost(watched.queueId, 'agent.queue-gone')
    }
  }

  /** Without a queue a connection that is not yet one cannot become one. */
  #lost(queueId: number, code: 'agent.queue-ended' | 'agent.queue-gone'): void {
    this.#ctx.store.write((tx) => {
      const queue = getRcvQueue(tx, queueId)
      const connection = queue && getAgentConnection(tx, queue.connId)
      if (!connection) return
      this.#ctx.log.warn('agent.receiving-lost', { connection: shortId(connection.connId), code })
      if (code === 'agent.queue-gone') patchRcvQueue(tx, queueId, { status: 'gone' })
      const isPending = connection.kind === 'pair' && connection.phase !== 'connected'
      if (code === 'agent.queue-gone' && isPending) {
        return failConnection(this.#ctx, tx, connection.connId, code)
      }
      this.#ctx.handler.onReceivingLost?.(tx, connection.connId, { code })
    })
  }
}
