/**
 * The client's half of the SMP handshake: who is the peer (smp.md 2.2 and 3.3), which version, which keys.
 * Nothing but the client hello is sent before all of it is settled.
 */
import { AppError, type Clock, type Random, equalBytes, raceAbort } from '#core/base'
import {
  blockChains,
  constantTimeEqual,
  generateX25519,
  verifyRelayChain,
  verifySignedKey,
  x25519,
} from '#core/crypto'
import { type VersionRange, agreeVersion, pad, unpad } from '#core/encoding'
import {
  BLOCK_SIZE,
  SMP_VERSIONS,
  type ServerHello,
  V,
  decodeServerHello,
  encodeClientHello,
} from '#core/protocol'
import { type Blocks, nextBlock } from './blocks.ts'
import type { DialedConnection } from './dial.ts'
import { TransportError } from './errors.ts'
import { SecureBlocks } from './secure-blocks.ts'

export interface ClientSession {
  readonly blocks: SecureBlocks
  readonly version: number
  readonly sessionId: Uint8Array
  /** The relay's session key: raw X25519, the other half of command authenticators. */
  readonly serverKey: Uint8Array
  /** Raw X25519 of both session keys. */
  readonly secret: Uint8Array
}

/** The hello of a relay whose identity holds. */
export interface VerifiedHello {
  readonly versions: VersionRange
  readonly sessionId: Uint8Array
  readonly serverKey: Uint8Array
}

export interface ClientHandshakeOptions {
  /** The fingerprint in the address. */
  readonly keyHash: Uint8Array
  readonly clock: Clock
  readonly random: Random
  readonly signal: AbortSignal
  /** What to speak; all that is implemented by default. */
  readonly versions?: VersionRange
  /** We are a relay that forwards for others: no block encryption then. smp.md 3.4, 5.6 */
  readonly proxyServer?: boolean
}

/** Closes the connection when it rejects: with `TransportError` or the signal's reason. */
export async function clientHandshake(
  connection: DialedConnection,
  options: ClientHandshakeOptions,
): Promise<ClientSession> {
  return finishHandshake(connection.blocks, await verifyServerHello(connection, options), options)
}

/** The first step: waits for the relay's hello and checks it. */
export async function verifyServerHello(
  connection: DialedConnection,
  options: ClientHandshakeOptions,
): Promise<VerifiedHello> {
  return orClose(connection.blocks, async () => {
    const hello = decodeServerHello(unpad(await nextBlock(connection.blocks, options.signal)))
    return verifyIdentity(hello, connection, options)
  })
}

/** The second step: picks the version and answers. */
export async function finishHandshake(
  blocks: Blocks,
  hello: VerifiedHello,
  options: ClientHandshakeOptions,
): Promise<ClientSession> {
  return orClose(blocks, async () => {
    const version = agreeVersion(options.versions ?? SMP_VERSIONS, hello.versions)
    if (version === null) throw versionError(hello.versions)
    const own = generateX25519(options.random)
    const dh = x25519(own.privateKey, hello.serverKey)
    const { keyHash, proxyServer = false } = options
    const answer = encodeClientHello({
      version,
      keyHash,
      key: own.publicKey,
      proxyServer,
      service: null,
    })
    await raceAbort(blocks.send(pad(answer, BLOCK_SIZE)), options.signal)
    const { sessionId, serverKey } = hello
    const chains = blockChains(sessionId, dh)
    const directions = { send: chains.clientSend, receive: chains.serverSend }
    const encrypted = version >= V.blockEncryption && !proxyServer
    const secure = new SecureBlocks(blocks, encrypted ? directions : null)
    return { blocks: secure, version, sessionId, serverKey, secret: dh }
  })
}

function verifyIdentity(
  hello: ServerHello,
  connection: DialedConnection,
  options: ClientHandshakeOptions,
): VerifiedHello {
  const { identity, versions, sessionId } = hello
  if (!identity) throw versionError(versions)
  const { leafPublicKey } = verifyRelayChain([...identity.chain], options.keyHash, options.clock.now())
  if (!equalBytes(identity.chain[0]!, connection.leafDer))
    throw new TransportError('transport.identity', 'the certificate of the hello is not the one of TLS')
  if (connection.sessionId && !constantTimeEqual(connection.sessionId, sessionId))
    throw new TransportError('transport.identity', 'the session of the hello is not the one of TLS')
  return { versions, sessionId, serverKey: verifySignedKey(leafPublicKey, identity.signedKey) }
}

function versionError({ min, max }: VersionRange): TransportError {
  return new TransportError('transport.version', 'no version in common', { min, max })
}

/** What the peer did wrong becomes a `TransportError`; whatever happens, the connection is not left half open. */
async function orClose<T>(blocks: Blocks, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    const reason = asTransportError(error)
    blocks.close(reason ?? new TransportError('transport.closed', 'given up', { by: 'us' }))
    throw reason ?? error
  }
}

function asTransportError(error: unknown): TransportError | null {
  if (error instanceof TransportError) return error
  if (!(error instanceof AppError)) return null
  if (error.code === 'certificate.validity')
    return new TransportError('transport.clock', error.message, {}, { cause: error })
  if (error.name === 'CertificateError')
    return new TransportError('transport.identity', error.message, { reason: error.code }, { cause: error })
  if (/^(encoding|crypto)\./.test(error.code))
    return new TransportError('transport.handshake', error.message, { reason: error.code }, { cause: error })
  return null
}
