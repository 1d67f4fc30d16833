import { EMPTY, deadline, systemClock } from '#core/base'
import { type KeyPair, generateX25519, systemRandom } from '#core/crypto'
import {
  type AuthKey,
  BATCH_COUNT,
  BATCH_LIMIT,
  type Command,
  type RelayAddress,
  type Response,
  authorize,
  bytesForAuth,
  decodeBatch,
  decodeServerTransmission,
  encodeBatch,
  encodeBody,
  encodeClientTransmission,
  encodeCommand,
} from '#core/protocol'
import { type ClientSession, clientHandshake, dialTls } from '#core/transport'

const PATIENCE = 120_000
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** As little as a client can do, so that the relay is what is measured. */
export class BenchClient {
  readonly #session: ClientSession
  readonly #answers = new Map<string, (response: Response) => void>()
  readonly #messages = new Map<string, (msgId: Uint8Array) => void>()

  constructor(session: ClientSession) {
    this.#session = session
    session.blocks.onContent((content) => {
      for (const item of decodeBatch(content)) this.#take(decodeServerTransmission(item, session.version))
    })
  }

  static async connect(address: RelayAddress): Promise<BenchClient> {
    using limit = deadline(systemClock, PATIENCE, undefined)
    const { signal } = limit
    const connection = await dialTls(address, { signal, clock: systemClock })
    const options = { keyHash: address.keyHash, clock: systemClock, random: systemRandom, signal }
    return new BenchClient(await clientHandshake(connection, options))
  }

  request(entity: Uint8Array, command: Command, key: AuthKey | null): Promise<Response> {
    const { transmission, answer } = this.prepare(entity, command, key)
    this.#send([transmission])
    return answer
  }

  prepare(entity: Uint8Array, command: Command, key: AuthKey | null) {
    const { version, sessionId, serverKey } = this.#session
    const corrId = systemRandom.bytes(24)
    const body = encodeBody({ corrId, entityId: entity, command: encodeCommand(command, version) })
    const auth = authorize(key, serverKey, corrId, bytesForAuth(sessionId, body))
    const transmission = encodeClientTransmission(version, sessionId, auth, body, null)
    const answer = new Promise<Response>((resolve) => this.#answers.set(latin1(corrId), resolve))
    return { transmission, answer }
  }

  /** In as few blocks as hold them. Returns how many. */
  sendAll(transmissions: readonly Uint8Array[]): number {
    let blocks = 0
    let group: Uint8Array[] = []
    let size = 0
    const flush = (): void => {
      if (group.length > 0) this.#send(group)
      blocks += group.length > 0 ? 1 : 0
      group = []
      size = 0
    }
    for (const transmission of transmissions) {
      const length = transmission.length + 2
      if (group.length === BATCH_COUNT || size + length > BATCH_LIMIT) flush()
      group.push(transmission)
      size += length
    }
    flush()
    return blocks
  }

  /** Resolves with the id of the next message of this queue. */
  message(rcvId: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve) => this.#messages.set(latin1(rcvId), resolve))
  }

  close(): void {
    this.#session.blocks.close()
  }

  #send(group: readonly Uint8Array[]): void {
    this.#session.blocks.send(encodeBatch(group)).catch(() => {})
  }

  #take({ corrId, entityId, response }: ReturnType<typeof decodeServerTransmission>): void {
    if (!response) throw new Error('an answer that does not decode')
    if (response.type === 'MSG') this.#messages.get(latin1(entityId))?.(response.msgId)
    const id = latin1(corrId)
    const answer = this.#answers.get(id)
    this.#answers.delete(id)
    answer?.(response)
  }
}

/** A secured queue with both its sides. */
export interface BenchQueue {
  readonly rcvId: Uint8Array
  readonly sndId: Uint8Array
  readonly rcvKey: AuthKey
  readonly sndKey: AuthKey
}

export async function makeQueue(recipient: BenchClient, sender: BenchClient): Promise<BenchQueue> {
  const rcv = generateX25519(systemRandom)
  const snd = generateX25519(systemRandom)
  const command: Command = {
    type: 'NEW',
    rcvAuthKey: { algorithm: 'x25519', raw: rcv.publicKey },
    rcvDhKey: generateX25519(systemRandom).publicKey,
    password: null,
    subscribe: true,
    request: { mode: 'M', link: null },
    notifier: null,
  }
  const ids = await recipient.request(EMPTY, command, keyOf(rcv))
  if (ids.type !== 'IDS') throw new Error(`no queue but ${ids.type}`)
  const key = { algorithm: 'x25519', raw: snd.publicKey } as const
  const secured = await sender.request(ids.sndId, { type: 'SKEY', sndKey: key }, keyOf(snd))
  if (secured.type !== 'OK') throw new Error(`not secured but ${secured.type}`)
  return { rcvId: ids.rcvId, sndId: ids.sndId, rcvKey: keyOf(rcv), sndKey: keyOf(snd) }
}

const keyOf = (pair: KeyPair): AuthKey => ({ algorithm: 'x25519', privateKey: pair.privateKey })
