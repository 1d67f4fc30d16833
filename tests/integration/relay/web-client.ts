import type { Socket } from 'node:net'
import { WebSocket } from 'ws'
import { deadline, systemClock } from '#core/base'
import {
  blockChains,
  generateX25519,
  systemRandom,
  verifyRelayChain,
  verifySignedKey,
  verifyWith,
  x25519,
} from '#core/crypto'
import { pad, unpad } from '#core/encoding'
import {
  BLOCK_SIZE,
  type RelayAddress,
  bytesForProof,
  decodeWebServerHello,
  encodeClientHello,
} from '#core/protocol'
import { type Blocks, SecureBlocks, nextBlock } from '#core/transport'
import { WebBlocks } from '../../../core/transport/web-blocks.ts'
import { TestClient } from './client.ts'
import { afterTest } from './setup.ts'

/** An upgraded socket that listens from its first moment. */
export async function openWeb(
  url: string,
  challenge: Uint8Array,
): Promise<{ web: WebSocket; blocks: Blocks }> {
  const query = Buffer.from(challenge).toString('base64url')
  const web = new WebSocket(`${url}/?challenge=${query}`, { rejectUnauthorized: false })
  const blocks = new WebBlocks(web, systemClock)
  afterTest(() => web.terminate())
  await new Promise<void>((resolve, reject) => {
    web.once('open', () => resolve())
    web.once('error', reject)
  })
  return { web, blocks }
}

const sockets = new WeakMap<TestClient, Socket>()

/** What its messages go through, for a test that breaks their form. */
export function rawSocketOf(client: TestClient): Socket {
  return sockets.get(client)!
}

/** The handshake as upstream's web client does it, and more checks than it does. smp.md 11 */
export async function webClient(
  url: string,
  address: RelayAddress,
  keyHash = address.keyHash,
): Promise<TestClient> {
  using limit = deadline(systemClock, 20_000, undefined)
  const challenge = systemRandom.bytes(32)
  const { web, blocks } = await openWeb(url, challenge)
  const hello = decodeWebServerHello(unpad(await nextBlock(blocks, limit.signal)))
  const { versions, sessionId, identity, proof } = hello
  if (!identity || !proof || versions.max !== 19) throw new Error('no version 19, or no proof of it')
  const { leafPublicKey } = verifyRelayChain([...identity.chain], address.keyHash, systemClock.now())
  if (!verifyWith(leafPublicKey, bytesForProof(challenge, sessionId), proof))
    throw new Error('not this relay')
  const serverKey = verifySignedKey(leafPublicKey, identity.signedKey)
  const own = generateX25519(systemRandom)
  const answer = { version: 19, keyHash, key: own.publicKey, proxyServer: false, service: null }
  await blocks.send(pad(encodeClientHello(answer), BLOCK_SIZE))
  const secret = x25519(own.privateKey, serverKey)
  const chains = blockChains(sessionId, secret)
  const secure = new SecureBlocks(blocks, { send: chains.clientSend, receive: chains.serverSend })
  const client = new TestClient({ blocks: secure, version: 19, sessionId, serverKey, secret })
  sockets.set(client, (web as unknown as { _socket: Socket })._socket)
  return client
}
