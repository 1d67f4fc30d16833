import { expect, test, vi } from 'vitest'
import { EMPTY, toHex } from '#core/base'
import { generateX25519, systemRandom } from '#core/crypto'
import type { QueueEvent } from '#core/client'
import { type Script, aPool, aQueue, aScriptedRelay, anIdentity, obliging } from './stage.ts'

const id = (): Uint8Array => systemRandom.bytes(24)
const queues = (count: number) => Array.from({ length: count }, aQueue)
const patience = { timeout: 20_000 }
const refusing =
  (type: 'AUTH' | 'INTERNAL'): Script =>
  () => ({ type: 'ERR', error: { type } })

test('135 subscriptions fill a block, and the next block follows the answers', async () => {
  const relay = await aScriptedRelay(obliging)
  const pool = aPool()
  const subscribed = new Set<string>()
  pool.onQueueEvent(({ rcvId, type }) => type === 'subscribed' && subscribed.add(toHex(rcvId)))
  pool.subscribe(relay.address, queues(300))
  await vi.waitFor(() => expect(subscribed.size).toBe(300), patience)
  expect(relay.blocks.map((block) => block.length)).toEqual([135, 135, 30])
  expect(relay.connections).toHaveLength(1)
})

test('queues are asked for once, and again on every new connection', async () => {
  const relay = await aScriptedRelay(obliging)
  const pool = aPool()
  const [one, two] = [aQueue(), aQueue()]
  pool.subscribe(relay.address, [one])
  await vi.waitFor(() => expect(relay.blocks).toEqual([['SUB']]), patience)
  pool.subscribe(relay.address, [one, two])
  await vi.waitFor(() => expect(relay.blocks).toEqual([['SUB'], ['SUB']]), patience)
  relay.connections[0]!.session.blocks.close()
  await vi.waitFor(() => expect(relay.connections).toHaveLength(2), patience)
  await vi.waitFor(() => expect(relay.blocks.slice(2)).toEqual([['SUB', 'SUB']]), patience)
  expect(pool.status(relay.address).state).toBe('online')
})

test('a relay that is away is tried again until it is back, and is offline meanwhile', async () => {
  const identity = anIdentity()
  const before = await aScriptedRelay(obliging, { identity })
  const pool = aPool()
  const states: string[] = []
  pool.onStatus(({ status }) => states.push(status.state))
  pool.subscribe(before.address, queues(2))
  await vi.waitFor(() => expect(before.blocks).toHaveLength(1), patience)
  await before.stop()
  await vi.waitFor(() => expect(pool.status(before.address)).toMatchObject({ state: 'offline' }), patience)
  const again = await aScriptedRelay(obliging, { identity, port: Number(before.address.port) })
  await vi.waitFor(() => expect(again.blocks).toEqual([['SUB', 'SUB']]), patience)
  expect(states).toEqual(['connecting', 'online', 'offline', 'online'])
})

test('retryNow does not wait for the pause to be over', async () => {
  const identity = anIdentity()
  const before = await aScriptedRelay(obliging, { identity })
  const pool = aPool({ backoffFirstMs: 3_600_000, backoffLastMs: 3_600_000 })
  pool.subscribe(before.address, queues(1))
  await vi.waitFor(() => expect(before.blocks).toHaveLength(1), patience)
  await before.stop()
  await vi.waitFor(() => expect(pool.status(before.address).state).toBe('offline'), patience)
  const again = await aScriptedRelay(obliging, { identity, port: Number(before.address.port) })
  pool.retryNow()
  await vi.waitFor(() => expect(again.blocks).toEqual([['SUB']]), patience)
  pool.retryNow()
  await vi.waitFor(() => expect(again.blocks).toEqual([['SUB'], ['PING']]), patience)
})

test('retryNow also tries a relay that is offline and to which nothing is subscribed', async () => {
  const identity = anIdentity()
  const before = await aScriptedRelay(obliging, { identity })
  await before.stop()
  const pool = aPool()
  const ping = { entityId: EMPTY, command: { type: 'PING' }, key: null } as const
  await expect(pool.request(before.address, ping)).rejects.toMatchObject({ code: 'relay.unreachable' })
  expect(pool.status(before.address)).toMatchObject({ state: 'offline', error: 'relay.unreachable' })
  await aScriptedRelay(obliging, { identity, port: Number(before.address.port) })
  pool.retryNow()
  await vi.waitFor(() => expect(pool.status(before.address).state).toBe('online'), patience)
})

test('after END the queue is left to the other connection, also on the next connection', async () => {
  const relay = await aScriptedRelay(obliging)
  const pool = aPool()
  const [taken, kept] = [aQueue(), aQueue()]
  const events: string[] = []
  pool.onQueueEvent(({ type }) => events.push(type))
  pool.subscribe(relay.address, [taken, kept])
  await vi.waitFor(() => expect(events).toHaveLength(2), patience)
  await relay.connections[0]!.send({ entityId: taken.rcvId, response: { type: 'END' } })
  await vi.waitFor(() => expect(events).toEqual(['subscribed', 'subscribed', 'end']), patience)
  relay.connections[0]!.session.blocks.close()
  await vi.waitFor(() => expect(relay.blocks).toHaveLength(2), patience)
  expect(relay.asked.slice(2).map(({ transmission }) => transmission.entityId)).toEqual([kept.rcvId])
})

test('DELD and BLOCKED are told, and such a queue is forgotten', async () => {
  const relay = await aScriptedRelay(obliging)
  const pool = aPool()
  const [deleted, blocked] = [aQueue(), aQueue()]
  const events: QueueEvent['type'][] = []
  pool.onQueueEvent(({ type }) => events.push(type))
  pool.subscribe(relay.address, [deleted, blocked])
  await vi.waitFor(() => expect(events).toHaveLength(2), patience)
  const error = { type: 'BLOCKED', reason: 'spam', notice: null } as const
  await relay.connections[0]!.send(
    { entityId: deleted.rcvId, response: { type: 'DELD' } },
    { entityId: blocked.rcvId, response: { type: 'ERR', error } },
    { entityId: id(), response: { type: 'DELD' } },
  )
  await vi.waitFor(() => expect(events.slice(2)).toEqual(['deleted', 'blocked']), patience)
})

test('AUTH forgets the queue; a refusal that may pass is tried again', async () => {
  const gone = await aScriptedRelay(refusing('AUTH'))
  const pool = aPool({ resubscribeMs: 30 })
  const events: QueueEvent['type'][] = []
  pool.onQueueEvent(({ type }) => events.push(type))
  pool.subscribe(gone.address, queues(1))
  await vi.waitFor(() => expect(events).toEqual(['auth']), patience)
  const troubled = await aScriptedRelay((asked) =>
    troubled.asked.length < 3 ? refusing('INTERNAL')(asked) : obliging(asked),
  )
  pool.subscribe(troubled.address, queues(1))
  await vi.waitFor(() => expect(events).toEqual(['auth', 'subscribed']), patience)
  expect(troubled.blocks).toEqual([['SUB'], ['SUB'], ['SUB']])
  expect(gone.blocks).toEqual([['SUB']])
})

test('messages come from SUB itself (old relays), as events, and many in one block', async () => {
  const first = id()
  const relay = await aScriptedRelay(
    ({ command }) => (command.type === 'SUB' ? { type: 'MSG', msgId: first, body: id() } : { type: 'OK' }),
    { versions: { min: 8, max: 15 } },
  )
  const pool = aPool()
  const seen: string[] = []
  pool.onMessage(({ msgId }) => seen.push(toHex(msgId)))
  const queue = aQueue()
  pool.subscribe(relay.address, [queue])
  await vi.waitFor(() => expect(seen).toEqual([toHex(first)]), patience)
  const more = [id(), id(), id()]
  await relay.connections[0]!.send(
    ...more.map((msgId) => ({
      entityId: queue.rcvId,
      response: { type: 'MSG', msgId, body: id() } as const,
    })),
  )
  await vi.waitFor(() => expect(seen).toEqual([first, ...more].map(toHex)), patience)
})

test('a listener that throws does not keep the others or the connection from working', async () => {
  const relay = await aScriptedRelay(obliging)
  const pool = aPool()
  const queue = aQueue()
  let seen = 0
  pool.onMessage(() => {
    throw new Error('a bug of the listener')
  })
  pool.onMessage(() => seen++)
  pool.subscribe(relay.address, [queue])
  await vi.waitFor(() => expect(relay.blocks).toHaveLength(1), patience)
  const message = { type: 'MSG', msgId: id(), body: id() } as const
  await relay.connections[0]!.send({ entityId: queue.rcvId, response: message })
  await vi.waitFor(() => expect(seen).toBe(1), patience)
  expect(
    await pool.request(relay.address, { entityId: EMPTY, command: { type: 'PING' }, key: null }),
  ).toEqual({
    type: 'PONG',
  })
})

test('a queue that NEW subscribed is remembered without SUB, unless the connection was lost in between', async () => {
  const ids = { rcvId: id(), sndId: id(), srvDhKey: generateX25519(systemRandom).publicKey }
  const none = { mode: 'M', linkId: null, serviceId: null, notifier: null } as const
  const relay = await aScriptedRelay((asked) =>
    asked.command.type === 'NEW' ? { type: 'IDS', ...ids, ...none } : obliging(asked),
  )
  const pool = aPool()
  const { key } = aQueue()
  const create = () =>
    pool.request(relay.address, {
      entityId: EMPTY,
      key,
      command: {
        type: 'NEW',
        rcvAuthKey: { algorithm: 'ed25519', raw: systemRandom.bytes(32) },
        rcvDhKey: ids.srvDhKey,
        password: null,
        subscribe: true,
        request: { mode: 'M', link: null },
        notifier: null,
      },
    })
  await create()
  pool.subscribed(relay.address, { rcvId: ids.rcvId, key })
  await pool.request(relay.address, { entityId: EMPTY, command: { type: 'PING' }, key: null })
  expect(relay.blocks).toEqual([['NEW'], ['PING']])
  pool.unsubscribe(relay.address, ids.rcvId)
  await create()
  relay.connections[0]!.session.blocks.close()
  await vi.waitFor(() => expect(pool.status(relay.address).state).toBe('idle'), patience)
  pool.subscribed(relay.address, { rcvId: ids.rcvId, key })
  await vi.waitFor(() => expect(relay.blocks.slice(2)).toEqual([['NEW'], ['SUB']]), patience)
})
