import { equalBytes, toHex, type Clock } from '#core/base'
import { ClientError, RelayRefused } from '#core/client'
import type { QueueEvent, RelayMessage, RelayPool, RelayStatus } from '#core/client'
import { ed25519PublicKey, generateX25519, randomBytes, x25519 } from '#core/crypto'
import { relayKey, sealMessageBody } from '#core/protocol'
import { senderIdOf } from '../../../core/agent/wire/index.ts'
import type { AuthKey, Command, RecipientMessage, RelayAddress, Response, SmpError } from '#core/protocol'

/**
 * Relays and the way to them in one process without sockets, for tests that need a thousand connections or a lost answer
 * at an exact place. The state machine of smp.md 5.5 for the commands that the agent uses. The real relay has its own tests.
 */
interface Queue {
  readonly rcvId: Uint8Array
  readonly sndId: Uint8Array
  readonly rcvKey: Uint8Array
  readonly secret: Uint8Array
  readonly mode: 'M' | 'C' | null
  sndKey: Uint8Array | null
  messages: { msgId: Uint8Array; message: RecipientMessage }[]
  canWrite: boolean
  subscriber: MemoryPool | null
  delivered: string | null
  link: { linkId: Uint8Array; fixed: Uint8Array; user: Uint8Array } | null
}

export interface Request {
  readonly from: string
  readonly relay: string
  readonly type: Command['type']
}

export class MemoryNetwork {
  readonly queues = new Map<string, Queue>()
  readonly offline = new Set<string>()
  readonly log: Request[] = []
  /** New queues have no mode, as relays of before version 9 make them. By relay. */
  readonly modeless = new Set<string>()
  /** Relays of before version 15: no links. */
  readonly linkless = new Set<string>()
  /** Changes what is answered for a link. */
  onLink: ((answer: Extract<Response, { type: 'LNK' }>) => Response) | null = null
  /** What a relay delivers in place of a message: only the true one can be acknowledged. */
  onDeliver: ((message: Pick<RelayMessage, 'msgId' | 'body'>) => typeof message | null) | null = null
  quota = 128
  /** Called before a command is carried out: 'lost' loses the command, 'unanswered' carries it out and loses the answer. */
  onRequest: ((request: Request) => 'lost' | 'unanswered' | undefined) | null = null
  readonly clock: Clock
  readonly #pools = new Map<string, MemoryPool>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  pool(name: string): MemoryPool {
    const pool = new MemoryPool(this, name)
    this.#pools.set(name, pool)
    return pool
  }

  /** The newest of that name. */
  poolOf(name: string): MemoryPool | undefined {
    return this.#pools.get(name)
  }

  find(server: string, id: Uint8Array, side: 'rcvId' | 'sndId'): Queue | undefined {
    for (const [key, queue] of this.queues) {
      if (key.startsWith(server) && equalBytes(queue[side], id)) return queue
    }
    return undefined
  }
}

const refuse = (error: SmpError): never => {
  throw new RelayRefused(error)
}
const unreachable = (): ClientError => new ClientError('relay.unreachable', 'offline', {})

export class MemoryPool implements RelayPool {
  readonly #network: MemoryNetwork
  readonly #name: string
  readonly #messageHandlers = new Set<(message: RelayMessage) => void>()
  readonly #eventHandlers = new Set<(event: QueueEvent) => void>()
  readonly #statusHandlers = new Set<(change: { address: RelayAddress; status: RelayStatus }) => void>()
  readonly #queues = new Map<string, { address: RelayAddress; rcvId: Uint8Array }>()
  #closed = false

  constructor(network: MemoryNetwork, name: string) {
    this.#network = network
    this.#name = name
  }

  async request(
    address: RelayAddress,
    {
      entityId,
      command,
      key,
      corrId,
    }: { entityId: Uint8Array; command: Command; key: AuthKey | null; corrId?: Uint8Array },
    options: { signal?: AbortSignal } = {},
  ): Promise<Response> {
    await tick()
    options.signal?.throwIfAborted()
    if (this.#closed) throw new ClientError('relay.closed', 'closed', {})
    const relay = relayKey(address)
    const request: Request = { from: this.#name, relay, type: command.type }
    this.#network.log.push(request)
    if (this.#network.offline.has(relay)) throw unreachable()
    const fate = this.#network.onRequest?.(request)
    if (fate === 'lost') throw unreachable()
    let answer: Response | undefined
    let failure: unknown
    try {
      answer =
        command.type === 'NEW'
          ? this.#create(address, relay, command, corrId)
          : this.#carryOut(relay, entityId, command, key)
    } catch (error) {
      failure = error
    }
    await tick()
    if (fate === 'unanswered') throw unreachable()
    if (this.#closed) throw new ClientError('relay.closed', 'closed', {})
    if (!answer) throw failure
    return answer
  }

  #carryOut(
    relay: string,
    entityId: Uint8Array,
    command: Exclude<Command, { type: 'NEW' }>,
    key: AuthKey | null,
  ): Response {
    const publicKey = key && ed25519PublicKey(key.privateKey)
    if (this.#network.linkless.has(relay) && ['LKEY', 'LGET', 'LSET'].includes(command.type))
      throw new ClientError('relay.version', 'too old', {})
    if (command.type === 'LKEY' || command.type === 'LGET')
      return this.#openLink(relay, entityId, command, publicKey)
    const isSender = command.type === 'SEND' || command.type === 'SKEY'
    const queue = this.#network.find(relay, entityId, isSender ? 'sndId' : 'rcvId')
    if (!queue) return refuse({ type: 'AUTH' })
    if (!isSender && (!publicKey || !equalBytes(publicKey, queue.rcvKey))) return refuse({ type: 'AUTH' })
    switch (command.type) {
      case 'SKEY':
        if (queue.mode !== 'M') return refuse({ type: 'AUTH' })
        return secure(queue, command.sndKey.raw)
      case 'KEY':
        return secure(queue, command.sndKey.raw)
      case 'SEND':
        if (queue.sndKey ? !publicKey || !equalBytes(publicKey, queue.sndKey) : publicKey)
          return refuse({ type: 'AUTH' })
        if (queue.sndKey && queue.mode === 'M') queue.link = null
        return this.#send(queue, command)
      case 'LSET':
        if (queue.mode !== 'C' && queue.sndKey) return refuse({ type: 'AUTH' })
        if (queue.link && !equalBytes(queue.link.linkId, command.linkId)) return refuse({ type: 'AUTH' })
        if (queue.link && !equalBytes(queue.link.fixed, command.fixed)) return refuse({ type: 'AUTH' })
        queue.link = command
        return { type: 'OK' }
      case 'QUE': {
        const info = {
          secured: queue.sndKey !== null,
          notifier: false,
          subscription: null,
          size: 0,
          message: null,
        }
        return { type: 'INFO', info }
      }
      case 'DEL':
        this.#network.queues.delete(`${relay} ${toHex(queue.rcvId)}`)
        return { type: 'OK' }
      default:
        return refuse({ type: 'CMD', reason: 'PROHIBITED' })
    }
  }

  #openLink(
    relay: string,
    linkId: Uint8Array,
    command: Exclude<Command, { type: 'NEW' }>,
    publicKey: Uint8Array | null,
  ): Response {
    const [, queue] =
      [...this.#network.queues].find(
        ([key, { link }]) => key.startsWith(relay) && link && equalBytes(link.linkId, linkId),
      ) ?? []
    if (!queue?.link || (queue.mode === 'M') !== (command.type === 'LKEY')) return refuse({ type: 'AUTH' })
    if (command.type === 'LKEY') {
      if (!publicKey || !equalBytes(publicKey, command.sndKey.raw)) return refuse({ type: 'AUTH' })
      secure(queue, publicKey)
    }
    const { fixed, user } = queue.link
    const answer = { type: 'LNK', sndId: queue.sndId, fixed, user } as const
    return this.#network.onLink?.(answer) ?? answer
  }

  #create(
    address: RelayAddress,
    relay: string,
    command: Extract<Command, { type: 'NEW' }>,
    corrId: Uint8Array | undefined,
  ): Response {
    const dh = generateX25519()
    const data = command.request?.link ?? null
    if (data && this.#network.linkless.has(relay)) throw new ClientError('relay.version', 'too old', {})
    if (data && !(corrId && equalBytes(senderIdOf(corrId), data.sndId))) return refuse({ type: 'AUTH' })
    const { request } = command
    const linkId = (request?.mode === 'C' && request.link?.linkId) || randomBytes(24)
    const queue: Queue = {
      rcvId: randomBytes(24),
      sndId: data?.sndId ?? randomBytes(24),
      rcvKey: command.rcvAuthKey.raw,
      secret: x25519(dh.privateKey, command.rcvDhKey),
      mode: this.#network.modeless.has(relay) ? null : (command.request?.mode ?? null),
      sndKey: null,
      messages: [],
      canWrite: true,
      subscriber: command.subscribe ? this : null,
      delivered: null,
      link: data && { ...data, linkId },
    }
    const id = `${relay} ${toHex(queue.rcvId)}`
    this.#network.queues.set(id, queue)
    if (command.subscribe) this.#queues.set(id, { address, rcvId: queue.rcvId })
    return {
      type: 'IDS',
      rcvId: queue.rcvId,
      sndId: queue.sndId,
      srvDhKey: dh.publicKey,
      mode: queue.mode,
      linkId: data && linkId,
      serviceId: null,
      notifier: null,
    }
  }

  #send(queue: Queue, command: Extract<Command, { type: 'SEND' }>): Response {
    if (!queue.canWrite && queue.messages.length > 0) return refuse({ type: 'QUOTA' })
    queue.canWrite = queue.messages.length < this.#network.quota
    const brokerTs = this.#network.clock.now()
    const { notify, body } = command
    queue.messages.push({
      msgId: randomBytes(24),
      message: queue.canWrite ? { type: 'message', brokerTs, notify, body } : { type: 'quota', brokerTs },
    })
    if (queue.messages.length === 1) push(queue)
    return queue.canWrite ? { type: 'OK' } : refuse({ type: 'QUOTA' })
  }

  deliver(queue: Queue): void {
    const head = queue.messages[0]
    const known = [...this.#queues.values()].find(({ rcvId }) => equalBytes(rcvId, queue.rcvId))
    if (!head || !known || this.#closed || queue.subscriber !== this) return
    queue.delivered = toHex(head.msgId)
    const body = sealMessageBody(queue.secret, head.msgId, head.message)
    const other = this.#network.onDeliver?.({ msgId: head.msgId, body })
    queueMicrotask(() => {
      if (this.#closed || this.#network.offline.has(relayKey(known.address))) return
      for (const handler of this.#messageHandlers) {
        try {
          const { msgId, body: delivered } = other ?? { msgId: head.msgId, body }
          handler({ address: known.address, rcvId: queue.rcvId, msgId, body: delivered })
        } catch {
          // A killed receiver.
        }
      }
    })
  }

  subscribe(address: RelayAddress, queues: readonly { rcvId: Uint8Array; key: AuthKey }[]): void {
    for (const { rcvId } of queues)
      this.#queues.set(`${relayKey(address)} ${toHex(rcvId)}`, { address, rcvId })
    if (!this.#network.offline.has(relayKey(address))) queueMicrotask(() => this.resubscribe())
  }

  subscribed(): void {}

  resubscribe(): void {
    if (this.#closed) return
    for (const [id, { address, rcvId }] of [...this.#queues]) {
      if (this.#network.offline.has(relayKey(address))) continue
      const queue = this.#network.queues.get(id)
      if (!queue) {
        this.#queues.delete(id)
        for (const handler of this.#eventHandlers) handler({ address, rcvId, type: 'auth' })
        continue
      }
      queue.subscriber = this
      this.deliver(queue)
    }
  }

  unsubscribe(address: RelayAddress, rcvId: Uint8Array): void {
    this.#queues.delete(`${relayKey(address)} ${toHex(rcvId)}`)
  }

  async acknowledge(
    address: RelayAddress,
    queue: { rcvId: Uint8Array },
    msgId: Uint8Array,
    options: { signal?: AbortSignal } = {},
  ): Promise<void> {
    await tick()
    options.signal?.throwIfAborted()
    const relay = relayKey(address)
    if (this.#closed || this.#network.offline.has(relay)) throw unreachable()
    const found = this.#network.find(relay, queue.rcvId, 'rcvId')
    const fate = this.#network.onRequest?.({ from: this.#name, relay, type: 'ACK' })
    if (fate === 'lost') throw unreachable()
    if (found && found.delivered === toHex(msgId)) {
      found.delivered = null
      if (found.messages[0] && equalBytes(found.messages[0].msgId, msgId)) found.messages.shift()
      push(found)
    } else if (this.#network.onDeliver) refuse({ type: 'NO_MSG' })
    if (fate === 'unanswered') throw unreachable()
  }

  onMessage(handler: (message: RelayMessage) => void): () => void {
    this.#messageHandlers.add(handler)
    return () => void this.#messageHandlers.delete(handler)
  }

  onQueueEvent(handler: (event: QueueEvent) => void): () => void {
    this.#eventHandlers.add(handler)
    return () => void this.#eventHandlers.delete(handler)
  }

  status(): RelayStatus {
    return { state: 'online', since: 0, error: null }
  }

  onStatus(handler: (change: { address: RelayAddress; status: RelayStatus }) => void): () => void {
    this.#statusHandlers.add(handler)
    return () => void this.#statusHandlers.delete(handler)
  }

  /** Another connection subscribes to the queue. */
  takeOver(address: RelayAddress, rcvId: Uint8Array): void {
    const id = `${relayKey(address)} ${toHex(rcvId)}`
    this.#network.queues.get(id)!.subscriber = null
    this.#queues.delete(id)
    for (const handler of this.#eventHandlers) handler({ address, rcvId, type: 'end' })
  }

  /** The relay is back: what a real pool notices by its reconnecting. */
  online(address: RelayAddress): void {
    this.resubscribe()
    for (const handler of this.#statusHandlers) handler({ address, status: this.status() })
  }

  retryNow(): void {}

  test(): Promise<never> {
    return Promise.reject(new Error('not in this test'))
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const queue of this.#network.queues.values()) {
      if (queue.subscriber === this) {
        queue.subscriber = null
        queue.delivered = null
      }
    }
    await Promise.resolve()
  }
}

function push(queue: Queue): void {
  queue.subscriber?.deliver(queue)
}

function secure(queue: Queue, key: Uint8Array): Response {
  if (queue.sndKey && !equalBytes(queue.sndKey, key)) return refuse({ type: 'AUTH' })
  queue.sndKey = key
  return { type: 'OK' }
}

function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
