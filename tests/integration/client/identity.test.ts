import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { expect, test } from 'vitest'
import { silentLog, systemClock } from '#core/base'
import { generateX25519, pemOf, signSessionKey, systemRandom } from '#core/crypto'
import { createRelay } from '#core/relay'
import { type Lie, aLiar, aPool, addressOf, afterTest, anIdentity } from './stage.ts'

const PING = { entityId: new Uint8Array(0), command: { type: 'PING' }, key: null } as const
const real = anIdentity()
const foreign = anIdentity()
const own = [real.leafCertDer, real.caCertDer]
const someKey = (): Uint8Array => generateX25519(systemRandom).publicKey

/** Each is answered with the right words and one wrong thing. smp.md 2.2 and 3.3 */
const lies: [string, Lie][] = [
  [
    'another identity',
    {
      tls: { chain: [foreign.leafCertDer, foreign.caCertDer], key: foreign.leafKey },
      chain: [foreign.leafCertDer, foreign.caCertDer],
      signedKey: signSessionKey(foreign.leafKey, someKey()),
    },
  ],
  [
    'the right identity above a leaf that it did not sign',
    {
      tls: { chain: [foreign.leafCertDer, real.caCertDer], key: foreign.leafKey },
      chain: [foreign.leafCertDer, real.caCertDer],
      signedKey: signSessionKey(foreign.leafKey, someKey()),
    },
  ],
  [
    'a hello copied from the right relay behind TLS of another',
    { tls: { chain: [foreign.leafCertDer, foreign.caCertDer], key: foreign.leafKey } },
  ],
  ['a chain of one certificate', { chain: [real.leafCertDer] }],
  ['a chain of five certificates', { chain: [...own, real.caCertDer, real.caCertDer, real.caCertDer] }],
  ['a chain in the wrong order', { chain: [real.caCertDer, real.leafCertDer] }],
  ['the session id of another connection', { sessionId: systemRandom.bytes(32) }],
  ['an empty session id', { sessionId: new Uint8Array(0) }],
  ['a session key signed by another leaf', { signedKey: signSessionKey(foreign.leafKey, someKey()) }],
  [
    'a session key changed after it was signed',
    { signedKey: flipped(signSessionKey(real.leafKey, someKey()), 30) },
  ],
  ['no session key', { signedKey: new Uint8Array(0) }],
]

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const out = bytes.slice()
  out[at]! ^= 1
  return out
}

test.each(lies)('%s is refused before anything is sent', async (_name, lie) => {
  const liar = await aLiar(real, lie)
  const pool = aPool()
  await expect(pool.request(liar.address, PING)).rejects.toMatchObject({ code: 'relay.identity' })
  expect(pool.status(liar.address)).toMatchObject({ state: 'offline', error: 'relay.identity' })
  expect(liar.received()).toBe(0)
})

test.each([
  ['before its certificates begin', Date.UTC(2001, 1)],
  ['after they end', Date.UTC(4999, 1)],
])('STA-4: a relay %s by our clock is refused, and not called another one', async (_name, now) => {
  const liar = await aLiar(real, {})
  const pool = aPool({}, { ...systemClock, now: () => now })
  await expect(pool.request(liar.address, PING)).rejects.toMatchObject({ code: 'relay.clock' })
  expect(liar.received()).toBe(0)
})

test('an address whose fingerprint has the wrong length is never connected to', async () => {
  const liar = await aLiar(real, {})
  const short = { ...liar.address, keyHash: real.fingerprint.slice(0, 31) }
  await expect(aPool().request(short, PING)).rejects.toMatchObject({ code: 'relay.identity' })
})

test.each([
  ['only version 6', { min: 6, max: 7 }],
  ['nothing that we know', { min: 19, max: 20 }],
])('a relay that speaks %s is refused as such', async (_name, versions) => {
  const liar = await aLiar(real, { versions })
  await expect(aPool().request(liar.address, PING)).rejects.toMatchObject({ code: 'relay.version' })
  expect(liar.received()).toBe(0)
})

test('a hello that is none makes the relay unreachable', async () => {
  for (const hello of [new Uint8Array(0), systemRandom.bytes(500), Uint8Array.of(0, 8, 0, 18, 32)]) {
    const liar = await aLiar(real, { hello })
    await expect(aPool().request(liar.address, PING)).rejects.toMatchObject({ code: 'relay.unreachable' })
    expect(liar.received()).toBe(0)
  }
})

test('no server, a server without TLS, a server that hangs up, a server that says nothing: unreachable', async () => {
  const mute = createServer(() => {})
  const rude = createServer((socket) => socket.destroy())
  const plain = createServer((socket) => {
    socket.on('error', () => {})
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
  })
  for (const server of [mute, rude, plain]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    afterTest(() => void server.close())
    const { port } = server.address() as { port: number }
    const pool = aPool({ connectMs: server === mute ? 200 : 20_000 })
    const failed = pool.request(addressOf(port, real.fingerprint), PING)
    await expect(failed).rejects.toMatchObject({ code: 'relay.unreachable' })
  }
  const gone = createServer()
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve))
  const { port } = gone.address() as { port: number }
  await new Promise((resolve) => gone.close(resolve))
  const failed = aPool().request(addressOf(port, real.fingerprint), PING)
  await expect(failed).rejects.toMatchObject({
    code: 'relay.unreachable',
    facts: { reason: 'ECONNREFUSED' },
  })
})

test('the client asks for smp/1, names no host, and shows no certificate', async () => {
  const seen = Promise.withResolvers<unknown>()
  const server = createTlsServer(
    {
      cert: pemOf(real.leafCertDer, 'CERTIFICATE'),
      key: pemOf(real.leafKey, 'PRIVATE KEY'),
      ALPNProtocols: ['http/1.1', 'smp/1'],
      requestCert: true,
      rejectUnauthorized: false,
    },
    (socket) => {
      const { servername, alpnProtocol } = socket as typeof socket & { servername?: unknown }
      seen.resolve({
        servername,
        alpnProtocol,
        version: socket.getProtocol(),
        cipher: socket.getCipher().name,
        certificate: socket.getPeerX509Certificate(),
      })
      socket.on('error', () => {})
      socket.destroy()
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterTest(() => void server.close())
  const { port } = server.address() as { port: number }
  const failed = aPool().request(addressOf(port, real.fingerprint), PING)
  await expect(failed).rejects.toMatchObject({ code: 'relay.unreachable' })
  expect(await seen.promise).toEqual({
    servername: false,
    alpnProtocol: 'smp/1',
    version: 'TLSv1.3',
    cipher: 'TLS_CHACHA20_POLY1305_SHA256',
    certificate: undefined,
  })
})

test('a relay of another address on the same port is refused, the right one is not', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'duplex-client-'))
  afterTest(() => rmSync(dataDir, { recursive: true, force: true }))
  const relay = await createRelay({
    dataDir,
    host: '127.0.0.1',
    port: 0,
    password: null,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
  })
  afterTest(() => relay.stop())
  const pool = aPool()
  const mistaken = { ...relay.address, keyHash: real.fingerprint }
  await expect(pool.request(mistaken, PING)).rejects.toMatchObject({ code: 'relay.identity' })
  expect(await pool.request(relay.address, PING)).toEqual({ type: 'PONG' })
})
