import { describe, expect, test, vi } from 'vitest'
import { deadline, systemClock } from '#core/base'
import { generateX25519, systemRandom } from '#core/crypto'
import { pad, unpad } from '#core/encoding'
import {
  type ClientHello,
  BLOCK_SIZE,
  decodeServiceResponse,
  encodeBatch,
  encodeClientHello,
  maxBodySize,
} from '#core/protocol'
import type { Relay } from '#core/relay'
import { type Blocks, dialTls, nextBlock } from '#core/transport'
import { type TestQueue, aQueue, authError, deleted, end, largeError, ok, sok } from './client.ts'
import { aClient, aRelay } from './setup.ts'
import { DEL, PING, SUB, ack, bodyOf, send, subscribe } from './words.ts'

const VERSIONS = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]

describe('smp.md 3.5, versions', () => {
  test.each(VERSIONS)('a conversation in version %i, with the answers that it knows', async (version) => {
    const relay = await aRelay()
    const alice = await aClient(relay, version)
    const bob = await aClient(relay, version)
    expect(alice.session.version).toBe(version)
    const queue = await aQueue(alice)
    expect(queue.ids.mode).toBe(version >= 9 ? 'M' : null)
    const largest = maxBodySize(version)
    expect(await bob.say(send(systemRandom.bytes(largest)), queue.sndId)).toEqual(ok)
    const message = await alice.message(queue)
    expect(message.cipher).toHaveLength(16_122)
    expect(message.type === 'message' && message.body.length).toBe(largest)
    expect(await ack(alice, queue, message.msgId)).toEqual(ok)
    if (version >= 11)
      expect(await bob.say(send(systemRandom.bytes(largest + 1)), queue.sndId)).toEqual(largeError)
    expect(await subscribe(bob, queue)).toEqual(version >= 16 ? sok : ok)
    expect((await alice.event()).response).toEqual(end)
    expect(await alice.say(DEL, queue.rcvId, queue.key.own)).toEqual(ok)
    expect((await bob.event()).response).toEqual(version >= 10 ? deleted : end)
  })

  test('clients of different versions share a queue', async () => {
    const relay = await aRelay()
    const old = await aClient(relay, 8)
    const young = await aClient(relay, 18)
    const queue = await aQueue(old)
    expect(await young.say(send('hello'), queue.sndId)).toEqual(ok)
    const message = await old.message(queue)
    expect(bodyOf(message)).toBe('hello')
    expect(await subscribe(young, queue)).toEqual(sok)
    expect(await young.message(queue)).toEqual(message)
  })
})

describe('smp.md 3, handshakes that fail', () => {
  async function hello(relay: Relay, change: Partial<ClientHello> | Uint8Array) {
    using limit = deadline(systemClock, 20_000, undefined)
    const { signal } = limit
    const { blocks } = await dialTls(relay.address, { signal, clock: systemClock })
    await nextBlock(blocks, signal)
    const good: ClientHello = {
      version: 18,
      keyHash: relay.address.keyHash,
      key: generateX25519(systemRandom).publicKey,
      proxyServer: false,
      service: null,
    }
    const bytes = change instanceof Uint8Array ? change : encodeClientHello({ ...good, ...change })
    await blocks.send(pad(bytes, BLOCK_SIZE))
    return { said: await lastWords(blocks) }
  }

  /** Everything that comes until the connection ends. */
  function lastWords(blocks: Blocks): Promise<Uint8Array[]> {
    return new Promise((resolve) => {
      const said: Uint8Array[] = []
      blocks.onBlock((block) => said.push(block))
      blocks.onClose(() => resolve(said))
      blocks.resume()
    })
  }

  test('another identity, a version that was not offered, no hello: closed without a word', async () => {
    const relay = await aRelay()
    expect((await hello(relay, { keyHash: systemRandom.bytes(32) })).said).toEqual([])
    expect((await hello(relay, { version: 19 })).said).toEqual([])
    expect((await hello(relay, { version: 7 })).said).toEqual([])
    expect((await hello(relay, Uint8Array.of(0, 18, 32))).said).toEqual([])
    expect(relay.stats().connections).toBe(0)
  })

  test('a service is told that it is none here', async () => {
    const relay = await aRelay()
    const service = {
      role: 'M',
      chain: [systemRandom.bytes(100)],
      signedKey: systemRandom.bytes(100),
    } as const
    const { said } = await hello(relay, { service })
    expect(said.map((block) => decodeServiceResponse(unpad(block)))).toEqual([
      { ok: false, error: 'HANDSHAKE BAD_SERVICE' },
    ])
  })

  test('a block that does not decrypt ends that connection and no other', async () => {
    const relay = await aRelay()
    const good = await aClient(relay)
    using limit = deadline(systemClock, 20_000, undefined)
    const { blocks } = await dialTls(relay.address, { signal: limit.signal, clock: systemClock })
    await nextBlock(blocks, limit.signal)
    const { keyHash } = relay.address
    const key = generateX25519(systemRandom).publicKey
    const greeting = encodeClientHello({ version: 18, keyHash, key, proxyServer: false, service: null })
    await blocks.send(pad(greeting, BLOCK_SIZE))
    await blocks.send(systemRandom.bytes(BLOCK_SIZE))
    expect(await lastWords(blocks)).toEqual([])
    expect(await good.say(PING)).toEqual({ type: 'PONG' })
  })
})

describe('smp.md 4.1, batches', () => {
  test('135 signed SUBs fit a block; their answers share blocks, and each waiting message comes', async () => {
    const relay = await aRelay()
    const owner = await aClient(relay)
    const queues: TestQueue[] = []
    for (let i = 0; i < 135; i++) {
      const queue = await aQueue(owner, { subscribe: false })
      queues.push(queue)
      if (i % 3 === 0) await owner.say(send(`waits ${i}`), queue.sndId)
    }
    const reader = await aClient(relay)
    const asks = queues.map((queue) => ({ command: SUB, entity: queue.rcvId, key: queue.key.own }))
    const answers = await reader.askAll(asks)
    expect(answers.map((answer) => answer.response)).toEqual(queues.map(() => sok))
    await reader.until(() => reader.events.length === 45)
    expect(reader.events.map((event) => event.response.type)).toEqual(Array(45).fill('MSG'))
    expect(reader.blocks[0]).toBe(135)
    expect(reader.blocks).toHaveLength(1 + 45)
  })

  test('255 commands of one block are all answered, in order and in one block', async () => {
    const relay = await aRelay()
    const client = await aClient(relay)
    const asks = Array.from({ length: 255 }, () => ({ command: PING }))
    const answers = await client.askAll(asks)
    expect(answers.map((answer) => answer.response.type)).toEqual(Array(255).fill('PONG'))
    expect(client.blocks).toEqual([255])
  })

  test('failures among the commands of a block do not stop the others', async () => {
    const relay = await aRelay()
    const client = await aClient(relay)
    const queue = await aQueue(client)
    const answers = await client.askAll([
      { command: send('one'), entity: queue.sndId },
      { command: send('nobody'), entity: systemRandom.bytes(24) },
      { command: send('two'), entity: queue.sndId },
    ])
    expect(answers.map((answer) => answer.response)).toEqual([ok, authError, ok])
    const one = await client.message(queue)
    expect([bodyOf(one), bodyOf(queue.open(await ack(client, queue, one.msgId)))]).toEqual(['one', 'two'])
  })
})

function eventually(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 20_000, interval: 20 })
}

describe('clients that misbehave', () => {
  test('who does not read is read no further and cut in the end; others notice nothing', async () => {
    const relay = await aRelay({ limits: { outputPause: 64 * 1024, outputTimeout: 300 } })
    const slow = await aClient(relay)
    const good = await aClient(relay)
    const queue = await aQueue(slow, { subscribe: false })
    await slow.say(send(systemRandom.bytes(16_000)), queue.sndId)
    slow.session.blocks.pause()
    const get = { command: { type: 'GET' } as const, entity: queue.rcvId, key: queue.key.own }
    const block = () => encodeBatch(Array.from({ length: 100 }, () => slow.transmission(get)))
    for (let i = 0; i < 20; i++) slow.sendContent(block())
    const mine = await aQueue(good)
    for (let i = 0; i < 20; i++) {
      expect(await good.say(send(`${i}`), mine.sndId)).toEqual(ok)
      await ack(good, mine, (await good.message(mine)).msgId)
    }
    // Far from the 2,000 messages that it asked for.
    await eventually(() => expect(relay.stats().connections).toBe(1))
    expect(relay.stats().delivered).toBeLessThan(1_000)
  })

  test('connections above the limit are refused, and room is made when one leaves', async () => {
    const relay = await aRelay({ limits: { connections: 2 } })
    const first = await aClient(relay)
    const second = await aClient(relay)
    await expect(aClient(relay)).rejects.toThrow()
    first.close()
    await first.untilClosed()
    await eventually(() => expect(relay.stats().connections).toBe(1))
    expect(await second.say(PING)).toEqual({ type: 'PONG' })
    const third = await aClient(relay)
    expect(await third.say(PING)).toEqual({ type: 'PONG' })
    expect(relay.stats().refusedConnections).toBe(1)
  })

  test('queues above the limit are refused', async () => {
    const relay = await aRelay({ limits: { queues: 1 } })
    const client = await aClient(relay)
    const queue = await aQueue(client)
    await expect(aQueue(client)).rejects.toThrow('QUOTA')
    await client.say(DEL, queue.rcvId, queue.key.own)
    await aQueue(client)
  })
})
