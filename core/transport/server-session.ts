/** The relay's half of the SMP handshake. smp.md 3; every failure closes without a word. */
import { AppError, type Clock, type Millis, type Random, deadline, raceAbort } from '#core/base'
import {
  type KeyPair,
  blockChains,
  constantTimeEqual,
  decodePkcs8,
  generateX25519,
  signSessionKey,
  signWith,
  x25519,
} from '#core/crypto'
import { type VersionRange, includesVersion, pad, padInto, unpad } from '#core/encoding'
import {
  BLOCK_SIZE,
  type ClientHello,
  SMP_VERSIONS,
  V,
  bytesForProof,
  decodeClientHello,
  encodeServerHello,
  encodeServiceResponse,
} from '#core/protocol'
import { type Blocks, nextBlock } from './blocks.ts'
import { HANDSHAKE_TIMEOUT } from './constants.ts'
import { TransportError } from './errors.ts'
import { SecureBlocks } from './secure-blocks.ts'
import { giveBlockBack, takeBlock } from './spare-blocks.ts'

export interface ServerSession {
  readonly blocks: SecureBlocks
  readonly version: number
  readonly sessionId: Uint8Array
  /** Made for this connection: checks command authenticators. */
  readonly sessionKey: KeyPair
  /** Raw X25519 of the client hello; what a proxy forwards is sealed with the secret of both. */
  readonly clientKey: Uint8Array | null
  /** Another relay that forwards for its clients. */
  readonly proxy: boolean
}

export interface ServerHandshakeOptions {
  /** DER, leaf first. */
  readonly chain: readonly Uint8Array[]
  /** PKCS#8 DER of the leaf's key. */
  readonly leafKey: Uint8Array
  /** SHA-256 of the identity certificate, which clients name in their hello. */
  readonly keyHash: Uint8Array
  readonly clock: Clock
  readonly random: Random
  readonly signal?: AbortSignal
  readonly versions?: VersionRange
  /** Over WebSocket: what the client wants signed. */
  readonly challenge?: Uint8Array
  /** For the client's hello; smp.md 2.6 unless given. */
  readonly helloTimeout?: Millis
}

/** Closes the connection when it rejects. */
export async function serverHandshake(
  connection: { readonly blocks: Blocks; readonly sessionId: Uint8Array },
  options: ServerHandshakeOptions,
): Promise<ServerSession> {
  const { blocks, sessionId } = connection
  using limit = deadline(
    options.clock,
    options.helloTimeout ?? HANDSHAKE_TIMEOUT,
    options.signal,
    () => new TransportError('transport.handshake', 'no hello in time'),
  )
  try {
    const sessionKey = generateX25519(options.random)
    const hello = helloBlock(sessionId, sessionKey.publicKey, options)
    await raceAbort(
      blocks.send(hello, () => giveBlockBack(hello)),
      limit.signal,
    )
    const answer = decodeClientHello(unpad(await nextBlock(blocks, limit.signal)))
    checkAnswer(blocks, answer, options)
    const secure = new SecureBlocks(blocks, chainsFor(answer, sessionId, sessionKey))
    const { version, key: clientKey, proxyServer: proxy } = answer
    return { blocks: secure, version, sessionId, sessionKey, clientKey, proxy }
  } catch (error) {
    const reason = asTransportError(error)
    blocks.close(reason)
    throw reason
  }
}

function helloBlock(sessionId: Uint8Array, key: Uint8Array, options: ServerHandshakeOptions): Uint8Array {
  const hello = encodeServerHello({
    versions: options.versions ?? SMP_VERSIONS,
    sessionId,
    identity: { chain: options.chain, signedKey: signSessionKey(options.leafKey, key) },
    ...(options.challenge && {
      proof: signWith(decodePkcs8(options.leafKey), bytesForProof(options.challenge, sessionId)),
    }),
  })
  const block = takeBlock()
  padInto(block, hello)
  return block
}

function checkAnswer(blocks: Blocks, answer: ClientHello, options: ServerHandshakeOptions): void {
  if (!includesVersion(options.versions ?? SMP_VERSIONS, answer.version))
    throw new TransportError('transport.version', 'a version that was not offered', {
      version: answer.version,
    })
  if (!constantTimeEqual(answer.keyHash, options.keyHash))
    throw new TransportError('transport.identity', 'the client looks for another relay')
  if (answer.service) {
    const refusal = encodeServiceResponse({ ok: false, error: 'HANDSHAKE BAD_SERVICE' })
    void blocks.send(pad(refusal, BLOCK_SIZE)).catch(() => {})
    blocks.close()
    throw new TransportError('transport.handshake', 'services are not accepted here')
  }
}

function chainsFor(answer: ClientHello, sessionId: Uint8Array, own: KeyPair) {
  if (answer.version < V.blockEncryption || !answer.key || answer.proxyServer) return null
  const chains = blockChains(sessionId, x25519(own.privateKey, answer.key))
  return { send: chains.serverSend, receive: chains.clientSend }
}

function asTransportError(error: unknown): TransportError {
  if (error instanceof TransportError) return error
  const reason = error instanceof AppError ? error.code : 'unexpected'
  return new TransportError('transport.handshake', 'the handshake failed', { reason }, { cause: error })
}
