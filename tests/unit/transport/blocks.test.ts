import { beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '#core/base'
import {
  blockChains,
  createRelayIdentity,
  cryptoReady,
  generateX25519,
  systemRandom,
  x25519,
  type RelayIdentity,
} from '#core/crypto'
import type { VersionRange } from '#core/encoding'
import { BATCH_LIMIT, BLOCK_SIZE } from '#core/protocol'
import {
  type Blocks,
  SecureBlocks,
  clientHandshake,
  memoryPipe,
  nextBlock,
  serverHandshake,
} from '#core/transport'

let identity: RelayIdentity
beforeAll(async () => {
  await cryptoReady()
  identity = createRelayIdentity(systemRandom, Date.now())
})

const block = (n: number): Uint8Array => new Uint8Array(BLOCK_SIZE).fill(n)
const never = new AbortController().signal

function collect(blocks: Pick<SecureBlocks, 'onContent'>): Uint8Array[] {
  const contents: Uint8Array[] = []
  blocks.onContent((content) => contents.push(content.slice()))
  return contents
}

describe('a pipe in memory', () => {
  test('brings blocks in order, holds them while nobody reads, and brings them before the end', async () => {
    const [a, b] = memoryPipe()
    for (const n of [1, 2, 3]) void a.send(block(n))
    a.close()
    expect((await nextBlock(b, never))[0]).toBe(1)
    const rest: number[] = []
    const ended = new Promise((resolve) => b.onClose(resolve))
    b.onBlock((each) => rest.push(each[0]!))
    b.resume()
    expect(await ended).toMatchObject({ code: 'transport.closed', facts: { by: 'peer' } })
    expect(rest).toEqual([2, 3])
    await expect(a.send(block(4))).rejects.toMatchObject({ code: 'transport.closed' })
    expect(() => b.send(new Uint8Array(1))).toThrow('wrong size')
  })
})

describe('smp.md 3.6: encrypted blocks', () => {
  function aPair() {
    const [a, b] = memoryPipe()
    const wire: Uint8Array[] = []
    const tapped: Blocks = {
      ...delegate(a),
      send: (each) => {
        wire.push(each)
        return a.send(each)
      },
    }
    const [one, two] = [generateX25519(systemRandom), generateX25519(systemRandom)]
    const chains = blockChains(systemRandom.bytes(32), x25519(one.privateKey, two.publicKey))
    const { clientSend, serverSend } = chains
    return {
      client: new SecureBlocks(tapped, { send: clientSend, receive: serverSend }),
      server: new SecureBlocks(b, { send: serverSend, receive: clientSend }),
      wire,
      clientSend,
    }
  }

  function delegate(blocks: Blocks): Blocks {
    return {
      send: (each) => blocks.send(each),
      onBlock: (handler) => blocks.onBlock(handler),
      onClose: (handler) => blocks.onClose(handler),
      close: (reason) => blocks.close(reason),
      pause: () => blocks.pause(),
      resume: () => blocks.resume(),
      get waiting() {
        return blocks.waiting
      },
      get partialSince() {
        return blocks.partialSince
      },
    }
  }

  test('every block has its own key, and all have one size', async () => {
    const { client, server, wire } = aPair()
    const received = collect(server)
    const contents = [0, 1, 5, 5, BATCH_LIMIT + 1].map((length) => new Uint8Array(length).fill(7))
    await Promise.all(contents.map((content) => client.send(content)))
    await Promise.resolve()
    expect(received).toEqual(contents)
    expect(wire.every((each) => each.length === BLOCK_SIZE)).toBe(true)
    expect(wire[2]).not.toEqual(wire[3])
  })

  test('content that does not fit is refused and moves nothing', async () => {
    const { client, server } = aPair()
    const received = collect(server)
    expect(() => client.send(new Uint8Array(BATCH_LIMIT + 2))).toThrow(
      expect.objectContaining({ code: 'encoding.encode' }),
    )
    await client.send(Uint8Array.of(1))
    await Promise.resolve()
    expect(received).toEqual([Uint8Array.of(1)])
  })

  test.each([
    ['a block that was changed', [], (wire: Uint8Array[]) => [wire[0]!.with(20, wire[0]![20]! ^ 1)]],
    ['a block that comes twice', [1], (wire: Uint8Array[]) => [wire[0]!, wire[0]!]],
    ['a block left out', [], (wire: Uint8Array[]) => [wire[1]!]],
    ['blocks in another order', [], (wire: Uint8Array[]) => [wire[1]!, wire[0]!]],
  ])('%s ends the connection', async (_name, before, change) => {
    const { client, wire, clientSend } = aPair()
    await client.send(Uint8Array.of(1))
    await client.send(Uint8Array.of(2))
    const [a, b] = memoryPipe()
    const secure = new SecureBlocks(b, { send: new Uint8Array(32), receive: clientSend })
    const ended = new Promise((resolve) => secure.onClose(resolve))
    const received = collect(secure)
    for (const each of change(wire)) void a.send(each)
    expect(await ended).toMatchObject({ code: 'transport.block' })
    expect(received.map((each) => each[0])).toEqual(before)
  })
})

describe('smp.md 3: the handshake of both sides', () => {
  function options(versions?: VersionRange) {
    return { clock: systemClock, random: systemRandom, ...(versions && { versions }) }
  }

  async function shake(forClient?: VersionRange, forServer?: VersionRange) {
    const [a, b] = memoryPipe()
    const sessionId = systemRandom.bytes(48)
    const chain = [identity.leafCertDer, identity.caCertDer]
    const keyHash = identity.fingerprint
    const outcomes = await Promise.allSettled([
      clientHandshake(
        { blocks: a, sessionId, leafDer: identity.leafCertDer },
        { keyHash, signal: never, ...options(forClient) },
      ),
      serverHandshake(
        { blocks: b, sessionId },
        { keyHash, chain, leafKey: identity.leafKey, ...options(forServer) },
      ),
    ])
    return outcomes
  }

  test.each([8, 10, 11, 14, 16, 18])('agrees on version %i and then speaks both ways', async (max) => {
    const [client, server] = await shake(undefined, { min: 6, max })
    if (client.status !== 'fulfilled' || server.status !== 'fulfilled') return expect.unreachable()
    expect([client.value.version, server.value.version]).toEqual([max, max])
    expect(client.value.serverKey).toEqual(server.value.sessionKey.publicKey)
    const [up, down] = [collect(server.value.blocks), collect(client.value.blocks)]
    await client.value.blocks.send(Uint8Array.of(1))
    await server.value.blocks.send(Uint8Array.of(2))
    await client.value.blocks.send(Uint8Array.of(3))
    await new Promise((resolve) => setImmediate(resolve))
    expect([up, down]).toEqual([[Uint8Array.of(1), Uint8Array.of(3)], [Uint8Array.of(2)]])
  })

  test('without a version in common both sides end', async () => {
    const [client, server] = await shake({ min: 8, max: 10 }, { min: 12, max: 18 })
    expect(client).toMatchObject({ reason: { code: 'transport.version', facts: { min: 12, max: 18 } } })
    expect(server).toMatchObject({ status: 'rejected' })
  })

  test('a client that says nothing, or nonsense, is closed without a word', async () => {
    for (const said of [null, block(0xff)]) {
      const [a, b] = memoryPipe()
      const stop = new AbortController()
      const chain = [identity.leafCertDer, identity.caCertDer]
      const serving = serverHandshake(
        { blocks: b, sessionId: systemRandom.bytes(32) },
        {
          keyHash: identity.fingerprint,
          chain,
          leafKey: identity.leafKey,
          signal: stop.signal,
          ...options(),
        },
      )
      await nextBlock(a, never)
      if (said) void a.send(said)
      else stop.abort(new Error('no more patience'))
      await expect(serving).rejects.toMatchObject({ code: 'transport.handshake' })
      const ended = new Promise((resolve) => a.onClose(resolve))
      a.onBlock(() => expect.unreachable())
      a.resume()
      expect(await ended).toMatchObject({ code: 'transport.closed' })
    }
  })
})
