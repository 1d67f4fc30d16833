import { afterEach } from 'vitest'
import { type Clock, silentLog, systemClock } from '#core/base'
import {
  type RelayIdentity,
  createRelayIdentity,
  cryptoReady,
  generateEd25519,
  generateX25519,
  signSessionKey,
  systemRandom,
} from '#core/crypto'
import { type RelayPool, createRelayPool } from '#core/client'
import { type VersionRange, pad } from '#core/encoding'
import {
  type AuthKey,
  BLOCK_SIZE,
  type ClientTransmission,
  type Command,
  type RelayAddress,
  type Response,
  SMP_VERSIONS,
  decodeBatch,
  decodeCommand,
  encodeBatch,
  encodeServerHello,
  encodeServerTransmission,
  parseClientTransmission,
} from '#core/protocol'
import { type ServerSession, listenTls, serverHandshake } from '#core/transport'

await cryptoReady()

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})
export function afterTest(cleanup: () => Promise<void> | void): void {
  cleanups.push(cleanup)
}

type Limits = NonNullable<Parameters<typeof createRelayPool>[0]['limits']>

/** Quick to reconnect, patient otherwise: the machine may be busy. */
export function aPool(limits: Limits = {}, clock: Clock = systemClock): RelayPool {
  const quick = { connectMs: 30_000, requestMs: 30_000, backoffFirstMs: 20, backoffLastMs: 200 }
  const pool = createRelayPool({
    clock,
    random: systemRandom,
    log: silentLog,
    limits: { ...quick, ...limits },
  })
  afterTest(() => pool.close())
  return pool
}

export function anIdentity(): RelayIdentity {
  return createRelayIdentity(systemRandom, Date.now())
}

export function addressOf(port: number, keyHash: Uint8Array): RelayAddress {
  return { hosts: ['127.0.0.1'], port: String(port), keyHash, password: null }
}

export function aQueue(): { rcvId: Uint8Array; key: AuthKey } {
  const key = { algorithm: 'ed25519', privateKey: generateEd25519(systemRandom).privateKey } as const
  return { rcvId: systemRandom.bytes(24), key }
}

/* ---- a relay whose hello is wrong */

export interface Lie {
  /** What TLS uses. */
  readonly tls?: { chain: readonly Uint8Array[]; key: Uint8Array }
  readonly chain?: readonly Uint8Array[]
  readonly signedKey?: Uint8Array
  readonly sessionId?: Uint8Array
  readonly versions?: VersionRange
  /** In place of the whole hello. */
  readonly hello?: Uint8Array
}

/** Sends its hello and counts what comes after it. */
export async function aLiar(identity: RelayIdentity, lie: Lie) {
  let received = 0
  const chain = [identity.leafCertDer, identity.caCertDer]
  const tls = lie.tls ?? { chain, key: identity.leafKey }
  const listener = await listenTls(
    { host: '127.0.0.1', port: 0, clock: systemClock, ...tls },
    ({ blocks, sessionId }) => {
      const key = generateX25519(systemRandom).publicKey
      const hello = encodeServerHello({
        versions: lie.versions ?? SMP_VERSIONS,
        sessionId: lie.sessionId ?? sessionId,
        identity: {
          chain: lie.chain ?? chain,
          signedKey: lie.signedKey ?? signSessionKey(identity.leafKey, key),
        },
      })
      blocks.onBlock(() => received++)
      blocks.resume()
      blocks.send(pad(lie.hello ?? hello, BLOCK_SIZE)).catch(() => {})
    },
  )
  afterTest(() => listener.close())
  return { address: addressOf(listener.port, identity.fingerprint), received: () => received }
}

/* ---- a relay that follows a script */

export interface Asked {
  readonly command: Command
  readonly transmission: ClientTransmission
  readonly connection: ScriptedConnection
}

export interface ScriptedConnection {
  readonly number: number
  readonly session: ServerSession
  /** One block with these. `corrId` empty: an event. */
  send(
    ...answers: { corrId?: Uint8Array; entityId: Uint8Array; response: Response | Uint8Array }[]
  ): Promise<void>
}

/** What to answer; null: nothing (now). */
export type Script = (asked: Asked) => Response | null

export interface ScriptedRelay {
  readonly address: RelayAddress
  readonly connections: ScriptedConnection[]
  /** Types of the commands of each block that came, in order. */
  readonly blocks: string[][]
  readonly asked: Asked[]
  stop(): Promise<void>
}

export interface ScriptedOptions {
  readonly versions?: VersionRange
  readonly identity?: RelayIdentity
  readonly port?: number
}

export async function aScriptedRelay(script: Script, options: ScriptedOptions = {}): Promise<ScriptedRelay> {
  const { identity = anIdentity(), versions, port = 0 } = options
  const chain = [identity.leafCertDer, identity.caCertDer]
  const connections: ScriptedConnection[] = []
  const blocks: string[][] = []
  const asked: Asked[] = []
  const common = { clock: systemClock, random: systemRandom }
  const proof = { chain, leafKey: identity.leafKey, keyHash: identity.fingerprint }
  const listener = await listenTls(
    { host: '127.0.0.1', port, chain, key: identity.leafKey, clock: systemClock },
    (accepted) => {
      serverHandshake(accepted, { ...common, ...proof, ...(versions && { versions }) }).then(
        (session) => {
          const connection = scripted(connections.length, session)
          connections.push(connection)
          session.blocks.onContent((content) => {
            const all = decodeBatch(content).map((bytes) => ({ ...parsed(bytes, session), connection }))
            blocks.push(all.map((each) => each.command.type))
            asked.push(...all)
            answer(all, script)
          })
        },
        () => {},
      )
    },
  )
  afterTest(() => listener.close())
  const address = addressOf(listener.port, identity.fingerprint)
  return { address, connections, blocks, asked, stop: () => listener.close() }
}

function scripted(number: number, session: ServerSession): ScriptedConnection {
  return {
    number,
    session,
    async send(...answers) {
      const items = answers.map(({ corrId = new Uint8Array(0), entityId, response }) =>
        response instanceof Uint8Array
          ? response
          : encodeServerTransmission({ corrId, entityId, response }, session.version),
      )
      await session.blocks.send(encodeBatch(items))
    },
  }
}

function parsed(bytes: Uint8Array, session: ServerSession) {
  const result = parseClientTransmission(bytes, session.version, session.sessionId)
  if (!result.ok) throw new Error('the client sent what does not parse')
  const decoded = decodeCommand(result.transmission.command, session.version)
  if (!decoded.ok) throw new Error('the client sent a command that does not parse')
  return { command: decoded.command, transmission: result.transmission }
}

function answer(all: Asked[], script: Script): void {
  const answers = all.flatMap((asked) => {
    const response = script(asked)
    const { corrId, entityId } = asked.transmission
    return response ? [{ corrId, entityId, response }] : []
  })
  if (answers.length > 0) all[0]!.connection.send(...answers).catch(() => {})
}

/** As relays answer: SUB is SOK, PING is PONG, the rest OK. */
export const obliging: Script = ({ command }) => {
  if (command.type === 'SUB') return { type: 'SOK', serviceId: null }
  return { type: command.type === 'PING' ? 'PONG' : 'OK' }
}
