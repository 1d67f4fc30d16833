import { expect, test, vi } from 'vitest'
import { EMPTY, equalBytes } from '#core/base'
import { systemRandom } from '#core/crypto'
import { encodeBody, encodeServerTransmission } from '#core/protocol'
import { type Asked, aPool, aQueue, aScriptedRelay, obliging } from './stage.ts'

const ping = { entityId: EMPTY, command: { type: 'PING' }, key: null } as const
const send = (entityId: Uint8Array, body = systemRandom.bytes(100)) =>
  ({ entityId, command: { type: 'SEND', notify: false, body }, key: null }) as const
const id = (): Uint8Array => systemRandom.bytes(24)
const patience = { timeout: 20_000 }

test('concurrent callers share one connection, and what they ask in one tick shares one block', async () => {
  const relay = await aScriptedRelay(obliging)
  const pool = aPool()
  await Promise.all(Array.from({ length: 20 }, () => pool.request(relay.address, send(id()))))
  expect(relay.connections).toHaveLength(1)
  expect(relay.blocks.map((block) => block.length)).toEqual([20])
  const other = { ...relay.address, password: 'secret' }
  await pool.request(other, ping)
  expect(relay.connections).toHaveLength(1)
})

test('two commands for one queue never share a block, since relays run a block in any order', async () => {
  const relay = await aScriptedRelay(obliging)
  const pool = aPool()
  const [one, two] = [id(), id()]
  await Promise.all([one, two, one, two, two].map((entity) => pool.request(relay.address, send(entity))))
  expect(relay.blocks.map((block) => block.length)).toEqual([2, 2, 1])
})

test('every correlation id is 24 new bytes', async () => {
  const relay = await aScriptedRelay(obliging)
  const pool = aPool()
  await Promise.all(Array.from({ length: 50 }, () => pool.request(relay.address, ping)))
  const ids = relay.asked.map(({ transmission }) => Buffer.from(transmission.corrId).toString('hex'))
  expect(new Set(ids).size).toBe(50)
  expect(ids.every((each) => each.length === 48)).toBe(true)
})

test('answers are matched by correlation id alone, in whatever order they come', async () => {
  const held: Asked[] = []
  const relay = await aScriptedRelay((asked) => {
    held.push(asked)
    return null
  })
  const pool = aPool()
  const queues = [id(), id(), id()]
  const answers = queues.map((entity) => pool.request(relay.address, send(entity)))
  await vi.waitFor(() => expect(held).toHaveLength(3), patience)
  const errors = ['QUOTA', 'AUTH', 'LARGE_MSG'] as const
  for (const at of [2, 0, 1]) {
    const { corrId, entityId } = held[at]!.transmission
    await held[0]!.connection.send({
      corrId,
      entityId,
      response: { type: 'ERR', error: { type: errors[at]! } },
    })
  }
  const outcomes = await Promise.allSettled(answers)
  expect(outcomes).toMatchObject(
    errors.map((type) => ({ reason: { code: 'relay.refused', smpError: { type } } })),
  )
})

test('an answer about another queue, or one that does not parse, fails its own request only', async () => {
  const relay = await aScriptedRelay(({ command, transmission: { corrId, entityId }, connection }) => {
    if (command.type !== 'SEND') return obliging({ command } as Asked)
    const noise = new Uint8Array([0, ...encodeBody({ corrId, entityId, command: Buffer.from('HUH?') })])
    const elsewhere = encodeServerTransmission(
      { corrId, entityId: id(), response: { type: 'OK' } },
      connection.session.version,
    )
    void connection.send({ entityId, response: command.notify ? noise : elsewhere })
    return null
  })
  const pool = aPool()
  const strange = { entityId: id(), key: null, command: { type: 'SEND', notify: true, body: EMPTY } } as const
  await expect(pool.request(relay.address, send(id()))).rejects.toMatchObject({ code: 'relay.protocol' })
  await expect(pool.request(relay.address, strange)).rejects.toMatchObject({ code: 'relay.protocol' })
  expect(await pool.request(relay.address, ping)).toEqual({ type: 'PONG' })
  expect(relay.connections).toHaveLength(1)
})

test('a block that does not parse ends the connection; the next request opens another', async () => {
  const relay = await aScriptedRelay((asked) => {
    if (asked.connection.number > 0) return obliging(asked)
    void asked.connection.session.blocks.send(Uint8Array.of(3, 0, 1))
    return null
  })
  const pool = aPool()
  await expect(pool.request(relay.address, ping)).rejects.toMatchObject({ code: 'relay.unreachable' })
  expect(await pool.request(relay.address, ping)).toEqual({ type: 'PONG' })
  expect(relay.connections).toHaveLength(2)
})

test('a request is given up after its time, and a message that answers it later is not lost', async () => {
  const held: Asked[] = []
  const relay = await aScriptedRelay((asked) => {
    if (asked.command.type !== 'ACK') return obliging(asked)
    held.push(asked)
    return null
  })
  const pool = aPool()
  const queue = aQueue()
  const messages: Uint8Array[] = []
  pool.onMessage((message) => {
    expect(message.rcvId).toEqual(queue.rcvId)
    messages.push(message.msgId)
  })
  const acknowledged = pool.acknowledge(relay.address, queue, id(), { timeoutMs: 50 })
  await expect(acknowledged).rejects.toMatchObject({
    code: 'relay.unreachable',
    facts: { reason: 'timeout' },
  })
  const msgId = id()
  await vi.waitFor(() => expect(held).toHaveLength(1), patience)
  const { corrId, entityId } = held[0]!.transmission
  await held[0]!.connection.send({ corrId, entityId, response: { type: 'MSG', msgId, body: id() } })
  await vi.waitFor(() => expect(messages).toEqual([msgId]), patience)
})

test('an ACK answered by a message, by OK or by NO_MSG is done; any other refusal is told', async () => {
  const msgId = id()
  const script = [
    { type: 'MSG', msgId, body: id() },
    { type: 'OK' },
    { type: 'ERR', error: { type: 'NO_MSG' } },
    { type: 'ERR', error: { type: 'AUTH' } },
  ] as const
  const relay = await aScriptedRelay(() => script[relay.asked.length - 1] ?? null)
  const pool = aPool()
  const messages: Uint8Array[] = []
  pool.onMessage((message) => messages.push(message.msgId))
  const queue = aQueue()
  for (let i = 0; i < 3; i++) await pool.acknowledge(relay.address, queue, id())
  expect(messages.map((each) => equalBytes(each, msgId))).toEqual([true])
  await expect(pool.acknowledge(relay.address, queue, id())).rejects.toMatchObject({ code: 'relay.refused' })
})

test('a caller that gives up hears its own reason, in every phase, and disturbs nobody', async () => {
  const relay = await aScriptedRelay((asked) => (asked.command.type === 'SEND' ? null : obliging(asked)))
  const pool = aPool()
  const reason = new Error('changed my mind')
  const aborted = AbortSignal.abort(reason)
  await expect(pool.request(relay.address, ping, { signal: aborted })).rejects.toBe(reason)
  const connecting = new AbortController()
  const first = pool.request(relay.address, ping, { signal: connecting.signal })
  const second = pool.request(relay.address, ping)
  connecting.abort(reason)
  await expect(first).rejects.toBe(reason)
  expect(await second).toEqual({ type: 'PONG' })
  const waiting = new AbortController()
  const third = pool.request(relay.address, send(id()), { signal: waiting.signal })
  await vi.waitFor(() => expect(relay.asked.some(({ command }) => command.type === 'SEND')).toBe(true))
  waiting.abort(reason)
  await expect(third).rejects.toBe(reason)
  expect(relay.connections).toHaveLength(1)
})

test('a command that fits no block, or that this relay is too old for, is refused at home', async () => {
  const relay = await aScriptedRelay(obliging, { versions: { min: 8, max: 8 } })
  const pool = aPool()
  const large = send(id(), systemRandom.bytes(16_400))
  await expect(pool.request(relay.address, large)).rejects.toMatchObject({ code: 'relay.too-large' })
  const sndKey = { algorithm: 'ed25519', raw: systemRandom.bytes(32) } as const
  const skey = { entityId: id(), command: { type: 'SKEY', sndKey }, key: null } as const
  await expect(pool.request(relay.address, skey)).rejects.toMatchObject({ code: 'relay.version' })
  expect(await pool.request(relay.address, ping)).toEqual({ type: 'PONG' })
  expect(relay.asked).toHaveLength(1)
})

test('when the connection is lost every open request fails as unreachable', async () => {
  const relay = await aScriptedRelay(() => null)
  const pool = aPool()
  const open = [1, 2, 3].map(() => pool.request(relay.address, send(id())))
  await vi.waitFor(() => expect(relay.asked).toHaveLength(3), patience)
  relay.connections[0]!.session.blocks.close()
  const outcomes = await Promise.allSettled(open)
  expect(outcomes).toMatchObject(outcomes.map(() => ({ reason: { code: 'relay.unreachable' } })))
  await vi.waitFor(() => expect(pool.status(relay.address).state).toBe('idle'), patience)
})

test('silence: three timeouts in a row end the connection, the requests between them being PINGs', async () => {
  const relay = await aScriptedRelay(() => null)
  const pool = aPool({ requestMs: 60 })
  await expect(pool.request(relay.address, send(id()))).rejects.toMatchObject({ code: 'relay.unreachable' })
  await vi.waitFor(() => expect(pool.status(relay.address).state).toBe('idle'), patience)
  expect(relay.blocks).toEqual([['SEND'], ['PING'], ['PING']])
})

test('PING asks after silence once something is subscribed, and never before', async () => {
  const relay = await aScriptedRelay(obliging)
  const pool = aPool({ pingMs: 40 })
  await pool.request(relay.address, send(id()))
  pool.subscribe(relay.address, [aQueue()])
  await vi.waitFor(() => expect(relay.blocks.length).toBeGreaterThan(4), patience)
  expect(relay.blocks.slice(0, 2)).toEqual([['SEND'], ['SUB']])
  expect(relay.blocks.slice(2).every((block) => block.join() === 'PING')).toBe(true)
})

test('a connection that nobody needs is closed, and opened again for the next who asks', async () => {
  const relay = await aScriptedRelay(obliging)
  const pool = aPool({ idleMs: 50 })
  const states: string[] = []
  pool.onStatus(({ status }) => states.push(status.state))
  await pool.request(relay.address, ping)
  await vi.waitFor(() => expect(pool.status(relay.address).state).toBe('idle'), patience)
  await pool.request(relay.address, ping)
  expect(relay.connections).toHaveLength(2)
  expect(states).toEqual(['connecting', 'online', 'idle', 'connecting', 'online'])
})

test('a closed pool refuses everything and lets go of its connections', async () => {
  const relay = await aScriptedRelay((asked) => (asked.command.type === 'SEND' ? null : obliging(asked)))
  const pool = aPool()
  const ended = Promise.withResolvers<void>()
  await pool.request(relay.address, ping)
  relay.connections[0]!.session.blocks.onClose(() => ended.resolve())
  const open = pool.request(relay.address, send(id()))
  const refused = expect(open).rejects.toMatchObject({ code: 'relay.closed' })
  await vi.waitFor(() => expect(relay.asked).toHaveLength(2), patience)
  await pool.close()
  await refused
  await ended.promise
  await expect(pool.request(relay.address, ping)).rejects.toMatchObject({ code: 'relay.closed' })
})
