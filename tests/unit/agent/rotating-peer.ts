import { concatBytes, equalBytes, fromUtf8, toHex, utf8 } from '#core/base'
import type { RelayMessage, RelayPool } from '#core/client'
import {
  decodeRatchet,
  decryptMessage,
  encryptBody,
  encryptHeader,
  generateEd25519,
  generateX25519,
  generateX3dh,
  initInitiatorRatchet,
  initJoinerRatchet,
  randomBytes,
  sha256,
  systemRandom,
  x25519,
  type RatchetState,
} from '#core/crypto'
import { decode, encode, type VersionRange } from '#core/encoding'
import { openMessageBody, type RelayAddress } from '#core/protocol'
import {
  getAgentConnection,
  getRatchet,
  rcvQueueOf,
  skippedKeys,
  sndQueueOf,
  type SndQueue,
} from '#core/store'
import { serverAddress } from '../../../core/agent/addresses.ts'
import {
  agentEnvelopeCodec,
  clientEnvelopeCodec,
  decodeAgentMessage,
  encodeAgentMessage,
  messageHash,
  openClientMessage,
  PADDED_AGENT_MESSAGE,
  sealClientMessage,
  type AgentEnvelope,
  type AMessage,
  type QueueAddress,
  type QueueInfo,
} from '../../../core/agent/wire/index.ts'
import type { Party } from './party.ts'

interface OwnQueue {
  readonly name: string
  readonly address: RelayAddress
  readonly rcvId: Uint8Array
  readonly sndId: Uint8Array
  readonly authKey: Uint8Array
  readonly dhSecret: Uint8Array
  readonly e2ePrivate: Uint8Array
  readonly e2ePublic: Uint8Array
  secret: Uint8Array | null
}

export interface Heard {
  /** Name of the queue. */
  readonly at: string
  readonly message: AMessage
  readonly msgId: number
  readonly prevHash: Uint8Array
  readonly hash: Uint8Array
}

/**
 * Somebody whose queue moves: the other end of a party's connection, taken over from the party that had it. It reads all
 * of its queues and does what agent.md 4.10 says of the recipient, by itself or when it is told to.
 */
export class RotatingPeer {
  /** The same message a second time. */
  duplicates = 0
  unreadable = 0
  /** KEY and QUSE on QKEY. */
  answersKey = true
  /** Its own on new keys. agent.md 4.9 */
  answersNewKeys = true
  /** Which side may write first under new keys is a draw of the keys; here the test decides. */
  receivesFirst = true
  /** DEL of the first queue on the first message in another, as upstream, whatever is still unread there. */
  deletesOld = false
  /** Names of queues whose messages are left at the relay for now. */
  readonly held = new Set<string>()
  readonly queues: OwnQueue[] = []
  readonly #pool: RelayPool
  readonly #snd: SndQueue
  readonly #waiting: RelayMessage[] = []
  #ratchet: RatchetState
  #skipped: ReturnType<typeof skippedKeys>
  #lastSnd: { id: number; hash: Uint8Array }
  #lastRcv: number
  readonly #first: Pick<Heard, 'msgId' | 'hash'>
  readonly #names: string[] = ['old']
  /** What relays have delivered, and what was inside. */
  readonly #taken = new Set<string>()
  readonly #heard: Heard[] = []
  readonly #known = new Set<string>()
  #work: Promise<void> = Promise.resolve()
  #offered: Extract<AgentEnvelope, { type: 'ratchetKey' }>['e2e'] | null = null
  #failure: unknown = null

  private constructor(party: Party, pool: RelayPool) {
    this.#pool = pool
    const connId = party.connId!
    const { own, peer, ratchet, skipped, connection } = party.store.read((db) => ({
      own: rcvQueueOf(db, connId)!,
      peer: sndQueueOf(db, connId)!,
      ratchet: getRatchet(db, connId)!,
      skipped: skippedKeys(db, connId),
      connection: getAgentConnection(db, connId)!,
    }))
    const { lastSndId, lastSndHash, lastExtSndId, lastRcvHash } = connection
    this.#snd = peer
    this.#ratchet = decodeRatchet(ratchet)
    this.#skipped = skipped
    this.#lastSnd = { id: lastSndId, hash: lastSndHash }
    this.#lastRcv = lastExtSndId
    this.#first = { msgId: lastExtSndId, hash: lastRcvHash }
    this.queues.push({ ...own, name: 'old', address: serverAddress(own.server), secret: own.e2eSecret })
  }

  /** The party is gone then. */
  static async takeOver(party: Party, pool: () => RelayPool): Promise<RotatingPeer> {
    const peer = new RotatingPeer(party, pool())
    await party.kill()
    peer.#pool.onMessage((message) => peer.#arrived(message))
    peer.#listen(peer.queue('old'))
    return peer
  }

  /** Queue by queue, as whoever empties the old one first would read. Throws what went wrong inside. */
  get heard(): readonly Heard[] {
    if (this.#failure) throw this.#failure
    return this.#names.flatMap((name) => this.#heard.filter(({ at }) => at === name))
  }

  /** What of the connection's texts came, in that order. */
  get texts(): string[] {
    return this.heard.flatMap(({ message }) => (message.type === 'A_MSG' ? [fromUtf8(message.body)] : []))
  }

  at(name: string): string[] {
    return this.heard.flatMap(({ at, message }) => (at === name ? [message.type] : []))
  }

  /** Everything came in the order of its numbers. */
  get isWhole(): boolean {
    const isNext = ({ msgId, prevHash }: Heard, at: number, all: readonly Heard[]): boolean => {
      const before = all[at - 1] ?? this.#first
      return msgId === before.msgId + 1 && equalBytes(prevHash, before.hash)
    }
    return this.unreadable === 0 && this.heard.every(isNext)
  }

  queue(name: string): OwnQueue {
    const found = this.queues.find((queue) => queue.name === name)
    if (!found) throw new Error(`no queue ${name}`)
    return found
  }

  addressOf(name: string): QueueAddress {
    const { address, sndId } = this.queue(name)
    return { server: address, senderId: sndId }
  }

  /** NEW, and QADD for it. `replaces`, `at`: other addresses than the true ones. */
  async rotate(
    name: string,
    relay: RelayAddress,
    options: {
      replaces?: QueueAddress | null
      at?: QueueAddress
      versions?: VersionRange
      dhKey?: Uint8Array
    } = {},
  ): Promise<void> {
    const queue = await this.#makeQueue(name, relay)
    const {
      replaces = this.addressOf('old'),
      at = this.addressOf(name),
      versions = { min: 1, max: 4 },
    } = options
    const uri = { ...at, versions, dhKey: options.dhKey ?? queue.e2ePublic, mode: 'M' as const }
    await this.say({ type: 'QADD', queues: [{ queue: uri, replaces }] })
  }

  text(text: string): Promise<void> {
    return this.say({ type: 'A_MSG', body: utf8(text) })
  }

  use(name: string): Promise<void> {
    return this.say({ type: 'QUSE', queues: [{ queue: this.addressOf(name), primary: true }] })
  }

  async say(message: AMessage): Promise<void> {
    const id = this.#lastSnd.id + 1
    const plaintext = encodeAgentMessage({
      type: 'message',
      msgId: id,
      prevHash: this.#lastSnd.hash,
      message,
    })
    const { next, prepared } = encryptHeader(this.#ratchet, { paddedLength: PADDED_AGENT_MESSAGE })
    this.#ratchet = next
    this.#lastSnd = { id, hash: messageHash(plaintext) }
    const encrypted = encryptBody(prepared, plaintext)
    await this.#send({ type: 'message', agentVersion: 7, encrypted })
  }

  async #send(envelope: AgentEnvelope): Promise<void> {
    const { server, sndId, e2eSecret, smpVersion, authPrivate } = this.#snd
    const header = { version: smpVersion, dhKey: null, nonce: randomBytes(24) }
    const client = { senderKey: null, body: encode(agentEnvelopeCodec, envelope) }
    const body = sealClientMessage(e2eSecret, header, client)
    await this.#pool.request(serverAddress(server), {
      entityId: sndId,
      command: { type: 'SEND', notify: false, body },
      key: { algorithm: 'ed25519', privateKey: authPrivate },
    })
  }

  /** Answers the new keys that came last. */
  async agree(): Promise<void> {
    const theirs = this.#offered!
    const { receivesFirst } = this
    const hashOf = (key1: Uint8Array, key2: Uint8Array): Uint8Array => sha256(concatBytes(key1, key2))
    const draw = (): ReturnType<typeof generateX3dh> => {
      const own = generateX3dh(systemRandom)
      const order = Buffer.compare(
        hashOf(own.key1.publicKey, own.key2.publicKey),
        hashOf(theirs.key1, theirs.key2),
      )
      return order <= 0 === receivesFirst ? own : draw()
    }
    const own = draw()
    const { publicKey: key1 } = own.key1
    const { publicKey: key2 } = own.key2
    const info = encodeAgentMessage({ type: 'ratchetInfo', info: new Uint8Array(0) })
    const e2e = { version: theirs.version, key1, key2, kem: null }
    const keys = {
      versions: { current: theirs.version, max: theirs.version },
      own,
      peer: { ...theirs, kem: null },
    }
    this.#ratchet = receivesFirst ? initInitiatorRatchet(keys) : initJoinerRatchet(keys)
    this.#skipped = []
    // The keys first: what answers ours is under the new ones, and may come at once.
    await this.#send({ type: 'ratchetKey', agentVersion: 7, e2e, info })
    if (!receivesFirst) await this.say({ type: 'EREADY', lastMsgId: this.#lastRcv })
  }

  async remove(name: string): Promise<void> {
    const queue = this.queue(name)
    this.#pool.unsubscribe(queue.address, queue.rcvId)
    this.queues.splice(this.queues.indexOf(queue), 1)
    await this.#ask(queue, { type: 'DEL' })
  }

  /** Goes on with what was held. */
  release(name: string): void {
    this.held.delete(name)
    for (const message of this.#waiting.splice(0)) this.#arrived(message)
  }

  close(): Promise<void> {
    return this.#pool.close()
  }

  async #ask(
    { address, rcvId, authKey }: OwnQueue,
    command: Parameters<RelayPool['request']>[1]['command'],
  ): Promise<void> {
    const key = { algorithm: 'ed25519' as const, privateKey: authKey }
    await this.#pool.request(address, { entityId: rcvId, command, key })
  }

  #listen({ address, rcvId, authKey }: OwnQueue): void {
    this.#pool.subscribe(address, [{ rcvId, key: { algorithm: 'ed25519', privateKey: authKey } }])
  }

  async #makeQueue(name: string, relay: RelayAddress): Promise<OwnQueue> {
    const auth = generateEd25519()
    const dh = generateX25519()
    const e2e = generateX25519()
    const ids = await this.#pool.request(relay, {
      entityId: new Uint8Array(0),
      command: {
        type: 'NEW',
        rcvAuthKey: { algorithm: 'ed25519', raw: auth.publicKey },
        rcvDhKey: dh.publicKey,
        password: null,
        subscribe: false,
        request: { mode: 'M', link: null },
        notifier: null,
      },
      key: { algorithm: 'ed25519', privateKey: auth.privateKey },
    })
    if (ids.type !== 'IDS') throw new Error('no IDS')
    const queue: OwnQueue = {
      name,
      address: relay,
      rcvId: ids.rcvId.slice(),
      sndId: ids.sndId.slice(),
      authKey: auth.privateKey,
      dhSecret: x25519(dh.privateKey, ids.srvDhKey),
      e2ePrivate: e2e.privateKey,
      e2ePublic: e2e.publicKey,
      secret: null,
    }
    this.queues.push(queue)
    this.#names.push(name)
    this.#listen(queue)
    return queue
  }

  #arrived(message: RelayMessage): void {
    this.#work = this.#work
      .then(() => this.#take(message))
      .catch((error: unknown) => {
        this.#failure = error
      })
  }

  async #take(message: RelayMessage): Promise<void> {
    const queue = this.queues.find(({ rcvId }) => equalBytes(rcvId, message.rcvId))
    if (!queue) return
    if (this.held.has(queue.name)) return void this.#waiting.push(message)
    const { address, rcvId, msgId } = message
    if (!this.#taken.has(toHex(msgId))) {
      this.#taken.add(toHex(msgId))
      const opened = openMessageBody(queue.dhSecret, msgId, message.body)
      if (opened.type === 'message') await this.#read(queue, opened.body)
    }
    if (!this.queues.includes(queue)) return
    const key = { algorithm: 'ed25519' as const, privateKey: queue.authKey }
    // Where that fails the relay delivers again.
    await this.#pool.acknowledge(address, { rcvId, key }, msgId).catch(() => {})
  }

  async #read(queue: OwnQueue, body: Uint8Array): Promise<void> {
    const client = openClientMessage(queue.secret!, decode(clientEnvelopeCodec, body))
    const envelope = decode(agentEnvelopeCodec, client.body)
    if (envelope.type === 'ratchetKey') {
      this.#offered = envelope.e2e
      if (this.answersNewKeys) await this.agree()
    }
    if (envelope.type !== 'message') return
    const bytes = toHex(sha256(envelope.encrypted))
    if (this.#known.has(bytes)) {
      this.duplicates += 1
      return
    }
    this.#known.add(bytes)
    const result = decryptMessage(this.#ratchet, this.#skipped, envelope.encrypted)
    if (!result.ok) {
      this.unreadable += 1
      return
    }
    const couldSend = this.#ratchet.sending !== null
    this.#ratchet = result.next
    this.#skipped = [...this.#skipped, ...result.addSkipped].filter(
      ({ headerKey, number }) =>
        !result.dropSkipped.some((used) => used.number === number && equalBytes(used.headerKey, headerKey)),
    )
    const message = decodeAgentMessage(result.plaintext)
    if (message.type !== 'message') return
    const { msgId, prevHash } = message
    this.#lastRcv = msgId
    if (!couldSend) await this.say({ type: 'EREADY', lastMsgId: msgId })
    if (message.message.type === 'QKEY') await this.#takeKey(message.message)
    const hash = messageHash(result.plaintext)
    this.#heard.push({ at: queue.name, message: message.message, msgId, prevHash, hash })
    const isMoved = queue.name !== 'old' && this.deletesOld
    if (isMoved && this.queues.some(({ name }) => name === 'old')) await this.remove('old')
  }

  async #takeKey({ queues: [answer] }: Extract<AMessage, { type: 'QKEY' }>): Promise<void> {
    const { queue: info, senderKey } = answer!
    const queue = this.#named(info)
    if (!queue) return
    queue.secret = x25519(queue.e2ePrivate, info.dhKey)
    await this.#ask(queue, { type: 'KEY', sndKey: senderKey })
    if (this.answersKey) await this.use(queue.name)
  }

  #named({ senderId }: QueueInfo): OwnQueue | undefined {
    return this.queues.find(({ sndId }) => equalBytes(sndId, senderId))
  }
}
