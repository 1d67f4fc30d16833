import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { describe, expect, test, vi } from 'vitest'
import { deadline, systemClock } from '#core/base'
import { systemRandom } from '#core/crypto'
import { encodeBatch } from '#core/protocol'
import type { Relay } from '#core/relay'
import { type Blocks, SocketBlocks, clientHandshake, dialTls } from '#core/transport'
import { TestClient, aKey, aQueue, ok } from './client.ts'
import { aClient, aRelay, afterTest } from './setup.ts'
import { GET, PING, SUB, ack, bodyOf, send } from './words.ts'

async function tcp(relay: Relay): Promise<Socket> {
  const socket = connect(relay.port, '127.0.0.1')
  afterTest(() => void socket.destroy())
  socket.on('error', () => {})
  socket.resume()
  await once(socket, 'connect')
  return socket
}

async function dialed(relay: Relay) {
  using limit = deadline(systemClock, 20_000, undefined)
  const connection = await dialTls(relay.address, { signal: limit.signal, clock: systemClock })
  afterTest(() => connection.blocks.close())
  return connection
}

/** Reads, and never says a word. */
async function silent(relay: Relay): Promise<Blocks> {
  const { blocks } = await dialed(relay)
  blocks.onBlock(() => {})
  blocks.resume()
  return blocks
}

/** A pair that behaves, and shows that it notices nothing. */
async function aPair(relay: Relay) {
  const alice = await aClient(relay)
  const bob = await aClient(relay)
  const queue = await aQueue(alice)
  let count = 0
  return async (): Promise<void> => {
    const text = `${count++}`
    expect(await bob.say(send(text), queue.sndId)).toEqual(ok)
    const message = await alice.message(queue)
    expect(bodyOf(message)).toBe(text)
    expect(await ack(alice, queue, message.msgId)).toEqual(ok)
  }
}

const gone = (socket: Socket): Promise<unknown> => (socket.closed ? Promise.resolve() : once(socket, 'close'))

describe('connections that do not come to the point', () => {
  test('too many in TLS: the oldest give way, whoever is connected and whoever comes is served', async () => {
    const relay = await aRelay({ limits: { handshakes: 5 } })
    const talk = await aPair(relay)
    const idle: Socket[] = []
    for (let i = 0; i < 20; i++) idle.push(await tcp(relay))
    await Promise.all(idle.slice(0, 15).map(gone))
    await talk()
    expect(await (await aClient(relay)).say(PING)).toEqual({ type: 'PONG' })
    expect(relay.stats().refusedConnections).toBeGreaterThanOrEqual(15)
    expect(idle.slice(16).every((socket) => !socket.closed)).toBe(true)
  })

  test('too many without a hello: the same', async () => {
    const relay = await aRelay({ limits: { handshakes: 3, handshakesPerAddress: 3 } })
    const talk = await aPair(relay)
    let closed = 0
    for (let i = 0; i < 8; i++) (await silent(relay)).onClose(() => closed++)
    await vi.waitFor(() => expect(closed).toBe(5), { timeout: 20_000 })
    await talk()
    expect(await (await aClient(relay)).say(PING)).toEqual({ type: 'PONG' })
  })

  test('slow in TLS, slow in the hello, slow in a block: cut in their time, others notice nothing', async () => {
    // Whoever is honest comes through the same door, on a machine that may be busy.
    const limits = { tlsTimeout: 2_000, helloTimeout: 2_000, blockTimeout: 300, blockInterval: 50 }
    const relay = await aRelay({ limits })
    const talk = await aPair(relay)
    const inTls = await tcp(relay)
    // The head of a TLS record, and a byte now and then.
    inTls.write(Uint8Array.of(0x16, 3, 1, 2, 0))
    const dribble = setInterval(() => inTls.write(Uint8Array.of(1)), 50)
    afterTest(() => clearInterval(dribble))
    const inHello = await silent(relay)
    const helloEnded = new Promise<void>((resolve) => inHello.onClose(() => resolve()))
    const { client, socket } = await aRawClient(relay)
    socket.write(new Uint8Array(1_000))
    await Promise.all([gone(inTls), helloEnded, client.untilClosed()])
    await talk()
    const alone = (): void => expect(relay.stats().connections).toBe(2)
    await vi.waitFor(alone, { timeout: 20_000, interval: 20 })
  })

  test('connections of one address have a limit of their own', async () => {
    const relay = await aRelay({ limits: { connectionsPerAddress: 2 } })
    const talk = await aPair(relay)
    await expect(aClient(relay)).rejects.toThrow()
    await talk()
  })
})

/** A client whose TLS socket the test can write to, past `SocketBlocks`, which sends whole blocks only. */
async function aRawClient(relay: Relay): Promise<{ client: TestClient; socket: Socket }> {
  const socket = connectTls({
    port: relay.port,
    host: '127.0.0.1',
    ALPNProtocols: ['smp/1'],
    ciphers: 'TLS_CHACHA20_POLY1305_SHA256',
    rejectUnauthorized: false,
  })
  afterTest(() => void socket.destroy())
  await once(socket, 'secureConnect')
  const leafDer = new Uint8Array(socket.getPeerX509Certificate()!.raw)
  const sessionId = new Uint8Array(socket.getFinished()!)
  const connection = { blocks: new SocketBlocks(socket, systemClock), sessionId, leafDer }
  return { client: new TestClient(await clientHandshake(connection, handshakeOptions(relay))), socket }
}

function handshakeOptions(relay: Relay) {
  const { keyHash } = relay.address
  return { keyHash, clock: systemClock, random: systemRandom, signal: AbortSignal.timeout(20_000) }
}

describe('clients that say too much', () => {
  test('blocks per second: all are answered, in their time', async () => {
    const relay = await aRelay({ limits: { blocksPerSecond: 40 } })
    const client = await aClient(relay)
    const started = performance.now()
    const answers = await Promise.all(Array.from({ length: 100 }, () => client.say(PING)))
    expect(answers).toHaveLength(100)
    expect(performance.now() - started).toBeGreaterThan(1_000)
  })

  test('questions with large answers wait for their answers to go, and all are answered in order', async () => {
    const relay = await aRelay({ limits: { outputPause: 100_000 } })
    const client = await aClient(relay)
    const queue = await aQueue(client, { subscribe: false })
    await client.say(send(systemRandom.bytes(16_000)), queue.sndId)
    const talk = await aPair(relay)
    client.session.blocks.pause()
    const ask = { command: GET, entity: queue.rcvId, key: queue.key.own }
    const asked = Array.from({ length: 20 }, () => client.askAll(Array.from({ length: 20 }, () => ask)))
    await talk()
    client.session.blocks.resume()
    const answers = (await Promise.all(asked)).flat()
    expect(new Set(answers.map(({ response }) => response.type))).toEqual(new Set(['MSG']))
    expect(answers).toHaveLength(400)
  })

  test('whoever asks for dear things waits for those who talk, and not the other way round', async () => {
    const relay = await aRelay()
    const talk = await aPair(relay)
    const key = aKey('ed448')
    let answered = 0
    const flood: Promise<unknown>[] = []
    for (const client of await Promise.all(Array.from({ length: 8 }, () => aClient(relay)))) {
      const ask = { command: SUB, entity: systemRandom.bytes(24), key: key.own }
      const block = Array.from({ length: 80 }, () => ask)
      for (let i = 0; i < 6; i++) flood.push(client.askAll(block).then(() => answered++))
    }
    // In one line, the first of it would come after all of the flood.
    await talk()
    expect(answered).toBeLessThan(flood.length / 2)
    await Promise.all(flood)
  })

  test('a block with many signatures is carried out in slices: others have their turn between them', async () => {
    const relay = await aRelay({ limits: { sliceTime: 0 } })
    const [dear, cheap] = [await aClient(relay), await aClient(relay)]
    const ask = { command: SUB, entity: systemRandom.bytes(24), key: aKey('ed448').own }
    const order: string[] = []
    const answers = dear.askAll(Array.from({ length: 80 }, () => ask))
    const done = answers.then(() => order.push('dear'))
    await vi.waitFor(() => expect(relay.stats().tally.commands.get('SUB')).toBeGreaterThan(0), {
      interval: 1,
    })
    await cheap.say(PING).then(() => order.push('cheap'))
    await done
    expect(order).toEqual(['cheap', 'dear'])
    // Its answers share blocks all the same.
    expect(dear.blocks).toEqual([80])
  })

  test('what a block in slices tells others leaves when all of it is done, and shares blocks', async () => {
    const relay = await aRelay({ limits: { sliceTime: 0 } })
    const [first, second] = [await aClient(relay), await aClient(relay)]
    const queues = await Promise.all(Array.from({ length: 40 }, () => aQueue(first)))
    const before = first.blocks.length
    await second.askAll(queues.map(({ rcvId, key }) => ({ command: SUB, entity: rcvId, key: key.own })))
    await first.until(() => first.events.length === 40)
    expect(first.blocks.slice(before)).toEqual([40])
  })

  test('work beyond its share that waits too long is dropped, with the connection that asked for it', async () => {
    const limits = { workPerSecond: 1, turnTimeout: 30, blockInterval: 20 }
    const relay = await aRelay({ limits })
    const talk = await aPair(relay)
    const dear = await aClient(relay)
    const one = dear.transmission({
      command: SUB,
      entity: systemRandom.bytes(24),
      key: aKey('ed448').own,
    })
    for (let i = 0; i < 50; i++) dear.sendContent(encodeBatch(Array.from({ length: 80 }, () => one)))
    await dear.untilClosed()
    await talk()
    expect(relay.stats().tally.commands.get('SUB')).toBeLessThan(50 * 80)
  })

  test('queues made over one connection have a limit', async () => {
    const relay = await aRelay({ limits: { queuesPerConnection: 2 } })
    const client = await aClient(relay)
    for (let i = 0; i < 2; i++) await aQueue(client)
    await expect(aQueue(client)).rejects.toThrow('QUOTA')
    await aQueue(await aClient(relay))
  })

  test('a replayed block ends its connection, and what it said happens once', async () => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const queue = await aQueue(alice)
    const connection = await dialed(relay)
    const { blocks } = connection
    const sent: Uint8Array[] = []
    const write = blocks.send.bind(blocks)
    blocks.send = (block) => {
      sent.push(block)
      return write(block)
    }
    const mallory = new TestClient(await clientHandshake(connection, handshakeOptions(relay)))
    expect(await mallory.say(send('once'), queue.sndId)).toEqual(ok)
    write(sent.at(-1)!).catch(() => {})
    await mallory.untilClosed()
    const message = await alice.message(queue)
    expect(bodyOf(message)).toBe('once')
    expect(await ack(alice, queue, message.msgId)).toEqual(ok)
  })

  test('garbage in place of blocks, for a while, from many', async () => {
    const relay = await aRelay()
    const talk = await aPair(relay)
    for (let round = 0; round < 5; round++) {
      const bad = await Promise.all(Array.from({ length: 5 }, () => aClient(relay)))
      const raw = await dialed(relay)
      for (const client of bad) client.sendContent(encodeBatch([systemRandom.bytes(50)]))
      for (let i = 0; i < 3; i++) raw.blocks.send(systemRandom.bytes(16_384)).catch(() => {})
      const socket = await tcp(relay)
      socket.write(systemRandom.bytes(5_000))
      await gone(socket)
      await talk()
      for (const client of bad) client.close()
    }
    const alone = (): void => expect(relay.stats().connections).toBe(2)
    await vi.waitFor(alone, { timeout: 20_000, interval: 20 })
  })
})
