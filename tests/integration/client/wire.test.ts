import { type Socket, connect, createServer } from 'node:net'
import { expect, test, vi } from 'vitest'
import { EMPTY, deadline, systemClock } from '#core/base'
import { systemRandom } from '#core/crypto'
import { type Blocks, clientHandshake, dialTls, listenTls, nextBlock, serverHandshake } from '#core/transport'
import { ed448Relay } from './ed448-relay.ts'
import { aPool, aQueue, aScriptedRelay, addressOf, afterTest, obliging } from './stage.ts'

const ping = { entityId: EMPTY, command: { type: 'PING' }, key: null } as const
const patience = { timeout: 20_000 }
const VERSIONS = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]

/** Sizes of the encrypted TLS records that pass in each direction. RFC 8446 5.2: type 23, two bytes of version, two of length. */
async function aTap(port: number) {
  const records = { toRelay: [] as number[], toClient: [] as number[] }
  const server = createServer((client) => {
    const relay = connect(port, '127.0.0.1')
    pipe(client, relay, records.toRelay)
    pipe(relay, client, records.toClient)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterTest(() => void server.close())
  return { port: (server.address() as { port: number }).port, records }
}

function pipe(from: Socket, to: Socket, sizes: number[]): void {
  let held = Buffer.alloc(0)
  from.on('error', () => to.destroy())
  from.on('close', () => to.destroy())
  from.on('data', (chunk) => {
    to.write(chunk)
    held = Buffer.concat([held, chunk])
    while (held.length >= 5 && held.length >= 5 + held.readUInt16BE(3)) {
      const length = held.readUInt16BE(3)
      if (held[0] === 23) sizes.push(length)
      held = held.subarray(5 + length)
    }
  })
}

test('on the wire there is the TLS handshake and then nothing but blocks of one size', async () => {
  const relay = await aScriptedRelay(obliging)
  const tap = await aTap(Number(relay.address.port))
  const pool = aPool()
  const address = addressOf(tap.port, relay.address.keyHash)
  pool.subscribe(address, [aQueue(), aQueue()])
  await pool.request(address, ping)
  for (const size of [0, 1, 500, 16_048]) {
    const command = { type: 'SEND', notify: false, body: systemRandom.bytes(size) } as const
    await pool.request(address, { entityId: systemRandom.bytes(24), command, key: null })
  }
  // A block of 16,384 bytes, the byte of the record's inner type and the tag of 16.
  const BLOCK_RECORD = 16_384 + 1 + 16
  const [finished, ...blocks] = tap.records.toRelay
  expect(finished).toBeLessThan(100)
  expect(blocks.length).toBeGreaterThanOrEqual(6)
  expect(new Set(blocks)).toEqual(new Set([BLOCK_RECORD]))
  const answers = tap.records.toClient.slice(tap.records.toClient.indexOf(BLOCK_RECORD))
  // OpenSSL sends two session tickets after its handshake, whatever it is told; no client uses them. smp.md 2.1
  const tickets = answers.filter((length) => length !== BLOCK_RECORD)
  expect(tickets.length).toBeLessThanOrEqual(2)
  expect(tickets.every((length) => length < 300)).toBe(true)
  expect(answers.length - tickets.length).toBeGreaterThanOrEqual(6)
})

test.each(VERSIONS)('the client works with a relay that speaks at most version %i', async (max) => {
  const relay = await aScriptedRelay(obliging, { versions: { min: 6, max } })
  const pool = aPool()
  const { rcvId: entityId, key } = aQueue()
  expect(await pool.request(relay.address, { entityId, key, command: { type: 'OFF' } })).toEqual({
    type: 'OK',
  })
  expect(await pool.request(relay.address, ping)).toEqual({ type: 'PONG' })
  expect(relay.connections[0]!.session.version).toBe(max)
})

test('a relay with identity and leaf under Ed448 is reached and believed', async () => {
  const { leaf, authority, leafKey, fingerprint } = ed448Relay
  const chain = [leaf, authority]
  const common = { clock: systemClock, random: systemRandom }
  const listener = await listenTls(
    { host: '127.0.0.1', port: 0, chain, key: leafKey, clock: systemClock },
    (accepted) =>
      void serverHandshake(accepted, { chain, leafKey, keyHash: fingerprint, ...common }).then((session) =>
        session.blocks.onContent((content) => void session.blocks.send(content)),
      ),
  )
  afterTest(() => listener.close())
  using limit = deadline(systemClock, 20_000, undefined)
  const { signal } = limit
  const dialed = await dialTls(addressOf(listener.port, fingerprint), { signal, clock: systemClock })
  const session = await clientHandshake(dialed, { keyHash: fingerprint, signal, ...common })
  expect(dialed.sessionId).toEqual(session.sessionId)
  const echo = new Promise((resolve) => session.blocks.onContent(resolve))
  await session.blocks.send(Uint8Array.of(1, 2, 3))
  expect(await echo).toEqual(Uint8Array.of(1, 2, 3))
  session.blocks.close()
})

test('a reader that stops makes the writer wait, and gets everything when it goes on', async () => {
  const { accepted, dialed } = await aPair()
  const sent: Promise<void>[] = []
  const block = (n: number) => new Uint8Array(16_384).fill(n)
  accepted.onBlock(() => accepted.pause())
  accepted.resume()
  let waits = false
  for (let n = 0; n < 2_000 && !waits; n++) {
    sent.push(dialed.send(block(n)))
    waits = dialed.waiting > 1_000_000
    if (n % 20 === 0) await Promise.race([sent.at(-1), nextTurn()])
  }
  expect(waits).toBe(true)
  const received: number[] = []
  accepted.onBlock((each) => received.push(each[0]!))
  accepted.resume()
  await Promise.all(sent)
  await vi.waitFor(() => expect(received.length).toBe(sent.length - 1), patience)
  expect(received.every((value, at) => value === ((at + 1) & 0xff))).toBe(true)
})

test('what was sent before closing arrives, even at a reader that had paused', async () => {
  const { accepted, dialed } = await aPair()
  const received: number[] = []
  accepted.onBlock((block) => {
    received.push(block[0]!)
    accepted.pause()
  })
  accepted.resume()
  const ended = new Promise<{ code: string; facts: unknown }>((resolve) => accepted.onClose(resolve))
  for (const n of [1, 2, 3]) void dialed.send(new Uint8Array(16_384).fill(n))
  dialed.close()
  await vi.waitFor(() => expect(received).toContain(1), patience)
  await vi.waitFor(() => {
    accepted.resume()
    expect(received).toEqual([1, 2, 3])
  }, patience)
  accepted.resume()
  expect(await ended).toMatchObject({ code: 'transport.closed', facts: { by: 'peer', partial: 0 } })
  await expect(dialed.send(new Uint8Array(16_384))).rejects.toMatchObject({ code: 'transport.closed' })
})

test('a block of another size is never written', async () => {
  const { dialed } = await aPair()
  for (const size of [0, 16_383, 16_385]) {
    expect(() => dialed.send(new Uint8Array(size))).toThrow('wrong size')
  }
})

test('a relay that must not be asked by anybody closes before TLS', async () => {
  const { leaf, authority, leafKey, fingerprint } = ed448Relay
  const asked: string[] = []
  const listener = await listenTls(
    {
      host: '127.0.0.1',
      port: 0,
      chain: [leaf, authority],
      key: leafKey,
      clock: systemClock,
      gate: {
        enter: (remote) => {
          asked.push(remote)
          return null
        },
      },
    },
    () => expect.unreachable(),
  )
  afterTest(() => listener.close())
  using limit = deadline(systemClock, 20_000, undefined)
  const dialed = dialTls(addressOf(listener.port, fingerprint), { signal: limit.signal, clock: systemClock })
  await expect(dialed).rejects.toMatchObject({ code: 'transport.unreachable' })
  expect(asked).toEqual(['127.0.0.1'])
})

test('giving up ends an attempt in every phase', async () => {
  const mute = createServer(() => {})
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  afterTest(() => void mute.close())
  const { port } = mute.address() as { port: number }
  const reason = new Error('enough')
  const stop = new AbortController()
  const dialing = dialTls(addressOf(port, ed448Relay.fingerprint), {
    signal: stop.signal,
    clock: systemClock,
  })
  stop.abort(reason)
  await expect(dialing).rejects.toBe(reason)
  const { dialed } = await aPair()
  const waiting = new AbortController()
  const block = nextBlock(dialed, waiting.signal)
  waiting.abort(reason)
  await expect(block).rejects.toBe(reason)
})

/** Both ends of a TLS connection without hellos. */
async function aPair(): Promise<{ accepted: Blocks; dialed: Blocks }> {
  const { leaf, authority, leafKey, fingerprint } = ed448Relay
  const accepted = Promise.withResolvers<Blocks>()
  const listener = await listenTls(
    { host: '127.0.0.1', port: 0, chain: [leaf, authority], key: leafKey, clock: systemClock },
    ({ blocks }) => accepted.resolve(blocks),
  )
  afterTest(() => listener.close())
  using limit = deadline(systemClock, 20_000, undefined)
  const options = { signal: limit.signal, clock: systemClock }
  const { blocks: dialed } = await dialTls(addressOf(listener.port, fingerprint), options)
  return { accepted: await accepted.promise, dialed }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
