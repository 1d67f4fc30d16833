import { EMPTY, deadline, systemClock, toHex } from '#core/base'
import {
  type PublicKey,
  cryptoReady,
  ed448PublicKey,
  generateEd25519,
  generateEd448,
  generateX25519,
  systemRandom,
  x25519,
  x25519PublicKey,
  ed25519PublicKey,
} from '#core/crypto'
import type { VersionRange } from '#core/encoding'
import {
  type AuthKey,
  type Command,
  type NewQueue,
  type RecipientMessage,
  type RelayAddress,
  type Response,
  type ServerTransmission,
  authorize,
  bytesForAuth,
  decodeBatch,
  decodeServerTransmission,
  encodeBatch,
  encodeBody,
  encodeClientTransmission,
  encodeCommand,
  openMessageBody,
} from '#core/protocol'
import { type ClientSession, clientHandshake, dialTls } from '#core/transport'

await cryptoReady()

/** How long an answer may take before a test gives up; never how long one waits for nothing. */
const PATIENCE = 20_000

export interface TestKey {
  readonly own: AuthKey
  readonly public: PublicKey
}
export type KeyKind = 'ed25519' | 'ed448' | 'x25519'
export const KEY_KINDS: readonly KeyKind[] = ['ed25519', 'ed448', 'x25519']

export function aKey(algorithm: KeyKind = 'ed25519'): TestKey {
  const make = { ed25519: generateEd25519, ed448: generateEd448, x25519: generateX25519 }[algorithm]
  const publicOf = { ed25519: ed25519PublicKey, ed448: ed448PublicKey, x25519: x25519PublicKey }[algorithm]
  const { privateKey } = make(systemRandom)
  return { own: { algorithm, privateKey }, public: { algorithm, raw: publicOf(privateKey) } }
}

export interface Ask {
  readonly command: Command | Uint8Array
  readonly entity?: Uint8Array
  readonly key?: AuthKey | null
  readonly corrId?: Uint8Array
  /** In place of what `key` would make. */
  readonly auth?: Uint8Array
  readonly serviceSignature?: Uint8Array
}

/** A client that says exactly what a test wants, right or wrong, and shows what comes back. */
export class TestClient {
  readonly session: ClientSession
  readonly events: ServerTransmission[] = []
  /** Sizes of the contents of blocks received, and how many transmissions each held. */
  readonly blocks: number[] = []
  closed = false
  readonly #answers = new Map<string, ((answer: ServerTransmission) => void)[]>()
  #wake: (() => void)[] = []

  constructor(session: ClientSession) {
    this.session = session
    session.blocks.onClose(() => {
      this.closed = true
      this.#woken()
    })
    session.blocks.onContent((content) => {
      const items = decodeBatch(content)
      this.blocks.push(items.length)
      for (const item of items) this.#take(decodeServerTransmission(item, session.version))
    })
  }

  static async connect(address: RelayAddress, versions?: VersionRange): Promise<TestClient> {
    using limit = deadline(systemClock, PATIENCE, undefined)
    const { signal } = limit
    const connection = await dialTls(address, { signal, clock: systemClock })
    const { keyHash } = address
    const options = { keyHash, clock: systemClock, random: systemRandom, signal }
    return new TestClient(await clientHandshake(connection, versions ? { ...options, versions } : options))
  }

  async ask(ask: Ask): Promise<ServerTransmission> {
    return (await this.askAll([ask]))[0]!
  }

  /** The answer alone; the ids must be those of the question. */
  async say(command: Command, entity: Uint8Array = EMPTY, key: AuthKey | null = null): Promise<Response> {
    const answer = await this.ask({ command, entity, key })
    if (toHex(answer.entityId) !== toHex(entity)) throw new Error('an answer for another entity')
    return answer.response
  }

  /** All in one block. */
  askAll(asks: readonly Ask[]): Promise<ServerTransmission[]> {
    const answers = asks.map((ask) => {
      const corrId = ask.corrId ?? systemRandom.bytes(24)
      return { bytes: this.transmission({ ...ask, corrId }), answer: this.#expect(corrId) }
    })
    this.session.blocks.send(encodeBatch(answers.map(({ bytes }) => bytes))).catch(() => {})
    return Promise.all(answers.map(({ answer }) => answer))
  }

  transmission(ask: Ask): Uint8Array {
    const { version, sessionId, serverKey } = this.session
    const corrId = ask.corrId ?? systemRandom.bytes(24)
    const command = ask.command instanceof Uint8Array ? ask.command : encodeCommand(ask.command, version)
    const body = encodeBody({ corrId, entityId: ask.entity ?? EMPTY, command })
    const auth = ask.auth ?? authorize(ask.key ?? null, serverKey, corrId, bytesForAuth(sessionId, body))
    return encodeClientTransmission(version, sessionId, auth, body, ask.serviceSignature ?? null)
  }

  sendContent(content: Uint8Array): void {
    this.session.blocks.send(content).catch(() => {})
  }

  /** The next thing that the relay says by itself. */
  async event(): Promise<ServerTransmission> {
    await this.until(() => this.events.length > 0)
    return this.events.shift()!
  }

  async message(queue: TestQueue): Promise<{ msgId: Uint8Array; cipher: Uint8Array } & RecipientMessage> {
    const { entityId, response } = await this.event()
    if (toHex(entityId) !== toHex(queue.rcvId)) throw new Error('an event of another queue')
    return queue.open(response)
  }

  /** Whatever the relay would still have said by now has been said. */
  async settled(): Promise<readonly Response[]> {
    await this.say({ type: 'PING' })
    return this.events.map((event) => event.response)
  }

  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('nothing came in time')), PATIENCE)
      const check = (): void => {
        if (condition()) {
          clearTimeout(timer)
          resolve()
        } else if (this.closed) {
          clearTimeout(timer)
          reject(new Error('the connection is over'))
        } else this.#wake.push(check)
      }
      check()
    })
  }

  async untilClosed(): Promise<void> {
    await this.until(() => this.closed)
  }

  close(): void {
    this.session.blocks.close()
  }

  #expect(corrId: Uint8Array): Promise<ServerTransmission> {
    return new Promise((resolve, reject) => {
      const id = toHex(corrId)
      const timer = setTimeout(() => reject(new Error('no answer in time')), PATIENCE)
      const waiting = this.#answers.get(id) ?? []
      waiting.push((answer) => {
        clearTimeout(timer)
        resolve(answer)
      })
      this.#answers.set(id, waiting)
      this.session.blocks.onClose(() => {
        clearTimeout(timer)
        reject(new Error('closed before the answer'))
      })
    })
  }

  #take(decoded: ReturnType<typeof decodeServerTransmission>): void {
    if (!decoded.response) throw new Error('a response that does not decode')
    const { corrId, entityId, response } = decoded
    const waiting = this.#answers.get(toHex(corrId))
    const first = waiting?.shift()
    if (first) first({ corrId, entityId, response })
    else {
      this.events.push({ corrId, entityId, response })
      this.#woken()
    }
  }

  #woken(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }
}

export interface QueueWishes {
  readonly kind?: KeyKind
  readonly request?: NewQueue['request']
  readonly subscribe?: boolean
  readonly password?: Uint8Array | null
  readonly notifier?: NewQueue['notifier']
  readonly corrId?: Uint8Array
  readonly key?: TestKey
}

/** A queue as its recipient knows it. */
export class TestQueue {
  readonly rcvId: Uint8Array
  readonly sndId: Uint8Array
  readonly ids: Extract<Response, { type: 'IDS' }>
  readonly key: TestKey
  readonly secret: Uint8Array

  constructor(ids: Extract<Response, { type: 'IDS' }>, key: TestKey, secret: Uint8Array) {
    this.ids = ids
    this.rcvId = ids.rcvId
    this.sndId = ids.sndId
    this.key = key
    this.secret = secret
  }

  open(response: Response): { msgId: Uint8Array; cipher: Uint8Array } & RecipientMessage {
    if (response.type !== 'MSG') throw new Error(`no MSG but ${JSON.stringify(response)}`)
    const { msgId, body: cipher } = response
    return { ...openMessageBody(this.secret, msgId, cipher), msgId, cipher }
  }
}

export async function askForQueue(client: TestClient, wishes: QueueWishes = {}) {
  const key = wishes.key ?? aKey(wishes.kind)
  const dh = generateX25519(systemRandom)
  const command: Command = {
    type: 'NEW',
    rcvAuthKey: key.public,
    rcvDhKey: dh.publicKey,
    password: wishes.password ?? null,
    subscribe: wishes.subscribe ?? true,
    request: wishes.request === undefined ? { mode: 'M', link: null } : wishes.request,
    notifier: wishes.notifier ?? null,
  }
  const ask = { command, key: key.own, corrId: wishes.corrId ?? systemRandom.bytes(24) }
  return { answer: await client.ask(ask), key, dh }
}

export async function aQueue(client: TestClient, wishes: QueueWishes = {}): Promise<TestQueue> {
  const { answer, key, dh } = await askForQueue(client, wishes)
  const { response } = answer
  if (response.type !== 'IDS') throw new Error(`no IDS but ${JSON.stringify(response)}`)
  return new TestQueue(response, key, x25519(dh.privateKey, response.srvDhKey))
}

export const ok: Response = { type: 'OK' }
export const sok: Response = { type: 'SOK', serviceId: null }
export const end: Response = { type: 'END' }
export const deleted: Response = { type: 'DELD' }
export const authError: Response = { type: 'ERR', error: { type: 'AUTH' } }
export const noMessage: Response = { type: 'ERR', error: { type: 'NO_MSG' } }
export const quotaError: Response = { type: 'ERR', error: { type: 'QUOTA' } }
export const largeError: Response = { type: 'ERR', error: { type: 'LARGE_MSG' } }
export const blockError: Response = { type: 'ERR', error: { type: 'BLOCK' } }

export function cmdError(
  reason: 'UNKNOWN' | 'SYNTAX' | 'PROHIBITED' | 'NO_AUTH' | 'HAS_AUTH' | 'NO_ENTITY',
): Response {
  return { type: 'ERR', error: { type: 'CMD', reason } }
}
