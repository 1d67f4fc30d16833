import { existsSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test, vi } from 'vitest'
import { generateX25519, sha3_384, systemRandom } from '#core/crypto'
import { type Relay, RelayError } from '#core/relay'
import { type TestClient, aKey, aQueue, authError, ok, quotaError, sok } from './client.ts'
import { aClient, aFolder, aRelay, movableClock } from './setup.ts'
import { DEL, GET, OFF, ack, bodyOf, send, subscribe } from './words.ts'

async function restarted(relay: Relay, dataDir: string): Promise<Relay> {
  await relay.stop()
  const next = await aRelay({ dataDir })
  expect(next.address).toEqual(relay.address)
  return next
}

async function allWaiting(client: TestClient, queue: Awaited<ReturnType<typeof aQueue>>): Promise<string[]> {
  const bodies: string[] = []
  let message = await client.message(queue)
  for (;;) {
    bodies.push(bodyOf(message))
    const response = await ack(client, queue, message.msgId)
    if (response.type === 'OK') return bodies
    message = queue.open(response)
  }
}

describe('smp.md 10, persistence', () => {
  test('queues, keys and messages survive a restart; what was deleted or acknowledged does not come back', async () => {
    const dataDir = aFolder()
    let relay = await aRelay({ dataDir })
    let client = await aClient(relay)
    const kept = await aQueue(client)
    const gone = await aQueue(client)
    const off = await aQueue(client)
    const sender = aKey()
    await client.say({ type: 'SKEY', sndKey: sender.public }, kept.sndId, sender.own)
    await client.say(DEL, gone.rcvId, gone.key.own)
    await client.say(OFF, off.rcvId, off.key.own)
    for (const text of ['1', '2', '3']) await client.say(send(text), kept.sndId, sender.own)
    const one = await client.message(kept)
    const two = kept.open(await ack(client, kept, one.msgId))

    relay = await restarted(relay, dataDir)
    client = await aClient(relay)
    expect(await subscribe(client, gone)).toEqual(authError)
    expect(await client.say(send('x'), off.sndId)).toEqual(authError)
    expect(await client.say(send('x'), kept.sndId)).toEqual(authError)
    expect(await client.say(send('4'), kept.sndId, sender.own)).toEqual(ok)
    expect(await subscribe(client, kept)).toEqual(sok)
    expect(client.events[0]?.response.type === 'MSG' && client.events[0].response.msgId).toEqual(two.msgId)
    expect(await allWaiting(client, kept)).toEqual(['2', '3', '4'])
  })

  test('the marker and the closed state survive a restart', async () => {
    const dataDir = aFolder()
    let relay = await aRelay({ dataDir, limits: { quota: 2 } })
    let client = await aClient(relay)
    const queue = await aQueue(client, { subscribe: false })
    for (const text of ['1', '2', '3']) await client.say(send(text), queue.sndId)
    relay = await restarted(relay, dataDir)
    client = await aClient(relay)
    expect(await client.say(send('4'), queue.sndId)).toEqual(quotaError)
    await subscribe(client, queue)
    expect(await allWaiting(client, queue)).toEqual(['1', '2', 'quota'])
    expect(await client.say(send('5'), queue.sndId)).toEqual(ok)
  })

  test('certificates and queues are for their owner alone, and the address stays', async () => {
    const dataDir = aFolder()
    const relay = await aRelay({ dataDir })
    expect(relay.port).toBeGreaterThan(0)
    const names = [
      'identity/ca.crt',
      'identity/ca.key',
      'identity/server.crt',
      'identity/server.key',
      'relay.db',
    ]
    for (const name of names) expect(statSync(join(dataDir, name)).mode & 0o777, name).toBe(0o600)
    await restarted(relay, dataDir)
  })

  test('a folder whose certificates went missing is refused, and nothing new is made', async () => {
    const dataDir = aFolder()
    const relay = await aRelay({ dataDir })
    await relay.stop()
    renameSync(join(dataDir, 'identity'), join(dataDir, 'elsewhere'))
    await expect(aRelay({ dataDir })).rejects.toThrow(RelayError)
    expect(existsSync(join(dataDir, 'identity'))).toBe(false)
    renameSync(join(dataDir, 'elsewhere'), join(dataDir, 'identity'))
    await restarted(relay, dataDir)
  })

  test('queues written by a newer version are refused untouched', async () => {
    const dataDir = aFolder()
    await (await aRelay({ dataDir })).stop()
    const db = new Database(join(dataDir, 'relay.db'))
    db.exec("INSERT INTO migration (version, name, applied_at) VALUES (9990, 'of the future', 0)")
    db.close()
    await expect(aRelay({ dataDir })).rejects.toMatchObject({ code: 'relay.newer' })
  })

  test('what was deleted or acknowledged is not left in the files', async () => {
    const dataDir = aFolder()
    const relay = await aRelay({ dataDir })
    const client = await aClient(relay)
    const queue = await aQueue(client)
    const secret = `canary ${Buffer.from(systemRandom.bytes(16)).toString('hex')}`
    await client.say(send(secret), queue.sndId)
    await ack(client, queue, (await client.message(queue)).msgId)
    await relay.stop()
    const { readFileSync, readdirSync } = await import('node:fs')
    const files = readdirSync(dataDir).filter((name) => name.startsWith('relay.db'))
    expect(files).toEqual(['relay.db'])
    for (const name of files) expect(readFileSync(join(dataDir, name)).includes(secret), name).toBe(false)
  })
})

describe('smp.md 10, expiry and blocking', () => {
  test('messages older than their time are dropped on start, others kept', async () => {
    const dataDir = aFolder()
    const clock = movableClock()
    const limits = { messageTtl: 60_000 }
    const relay = await aRelay({ dataDir, clock, limits })
    const client = await aClient(relay)
    const queue = await aQueue(client, { subscribe: false })
    await client.say(send('old'), queue.sndId)
    clock.advance(61_000)
    await client.say(send('young'), queue.sndId)
    const full = await aQueue(client, { subscribe: false })
    await client.say(send('old too'), full.sndId)
    clock.advance(30_000)
    await relay.stop()
    const next = await aRelay({ dataDir, clock, limits })
    const later = await aClient(next)
    await subscribe(later, queue)
    expect(await allWaiting(later, queue)).toEqual(['young'])
    await subscribe(later, full)
    expect(await allWaiting(later, full)).toEqual(['old too'])
  })

  test('a SEND drops what is too old, and without that an old message still comes', async () => {
    for (const expireOnSend of [true, false]) {
      const clock = movableClock()
      const relay = await aRelay({ clock, limits: { messageTtl: 1_000, expireOnSend } })
      const client = await aClient(relay)
      const queue = await aQueue(client, { subscribe: false })
      await client.say(send('old'), queue.sndId)
      clock.advance(2_000)
      await client.say(send('young'), queue.sndId)
      await subscribe(client, queue)
      expect(await allWaiting(client, queue)).toEqual(expireOnSend ? ['young'] : ['old', 'young'])
    }
  })

  test('the round of expiry empties queues that nobody sends to', async () => {
    const clock = movableClock()
    const relay = await aRelay({ clock, limits: { messageTtl: 1_000, expiryInterval: 50 } })
    const client = await aClient(relay)
    const queue = await aQueue(client, { subscribe: false })
    for (let i = 0; i < 3; i++) await client.say(send(`${i}`), queue.sndId)
    clock.advance(2_000)
    for (;;) {
      const answer = await client.say(GET, queue.rcvId, queue.key.own)
      if (answer.type === 'OK') break
    }
    expect(relay.stats().expired).toBe(3)
  })

  test('queues that nobody asked for in their time are deleted, those in use and their messages are not', async () => {
    const day = 24 * 3_600_000
    const clock = movableClock()
    const dataDir = aFolder()
    const limits = { queueTtl: 10 * day, expiryInterval: 50, messageTtl: 1_000 * day }
    const relay = await aRelay({ dataDir, clock, limits })
    const client = await aClient(relay)
    const held = await aQueue(client)
    const left = await aQueue(client, { subscribe: false })
    const asked = await aQueue(client, { subscribe: false })
    await client.say(send('x'), left.sndId)
    await client.say(send('y'), asked.sndId)
    clock.advance(6 * day)
    expect(await client.say(GET, asked.rcvId, asked.key.own)).toMatchObject({ type: 'MSG' })
    clock.advance(6 * day)
    await vi.waitFor(() => expect(relay.stats()).toMatchObject({ queues: 2, queuesExpired: 1 }), 20_000)
    expect(await client.say(GET, left.rcvId, left.key.own)).toEqual(authError)
    expect(await client.say(send('x'), left.sndId)).toEqual(authError)
    expect(await client.say(send('z'), held.sndId)).toEqual(ok)
    await relay.stop()
    // Nobody is subscribed any more: the start finds what is too old.
    clock.advance(5 * day)
    const next = await aRelay({ dataDir, clock, limits })
    expect(next.stats()).toMatchObject({ queues: 1, queuesExpired: 1 })
    expect(await subscribe(await aClient(next), held)).toEqual(sok)
  })

  test('notifiers, link data and recipient keys survive a restart; NSUB and SUB work with old keys', async () => {
    const dataDir = aFolder()
    let relay = await aRelay({ dataDir })
    let client = await aClient(relay)
    const linkId = systemRandom.bytes(24)
    const corrId = systemRandom.bytes(24)
    const data = { fixed: systemRandom.bytes(60), user: systemRandom.bytes(90) }
    const sndId = sha3_384(corrId).subarray(0, 24)
    const queue = await aQueue(client, { corrId, request: { mode: 'C', link: { linkId, sndId, ...data } } })
    const ntf = aKey()
    const rcvNtfDhKey = generateX25519(systemRandom).publicKey
    const nkey = { type: 'NKEY', ntfKey: ntf.public, rcvNtfDhKey } as const
    const nid = await client.say(nkey, queue.rcvId, queue.key.own)
    if (nid.type !== 'NID') throw new Error(nid.type)
    const second = aKey('ed448')
    const keys = { type: 'RKEY', rcvAuthKeys: [queue.key.public, second.public] } as const
    await client.say(keys, queue.rcvId, queue.key.own)
    relay = await restarted(relay, dataDir)
    client = await aClient(relay)
    expect(await client.say({ type: 'NSUB' }, nid.ntfId, ntf.own)).toEqual(sok)
    expect(await client.say({ type: 'LGET' }, linkId)).toEqual({ type: 'LNK', sndId, ...data })
    expect(await client.say({ type: 'SUB' }, queue.rcvId, second.own)).toEqual(sok)
    expect(await client.say(send('x', true), queue.sndId)).toEqual(ok)
    await client.until(() => client.events.length === 2)
    expect(client.events.map(({ response }) => response.type).toSorted()).toEqual(['MSG', 'NMSG'])
  })

  test('a blocked queue says so to everybody, in the words of their version', async () => {
    const dataDir = aFolder()
    const first = await aRelay({ dataDir })
    const client = await aClient(first)
    const queue = await aQueue(client)
    await first.stop()
    const db = new Database(join(dataDir, 'relay.db'))
    db.exec("UPDATE queue SET status = 'blocked', blocked_reason = 'content', blocked_ttl = 3600")
    db.close()
    const relay = await aRelay({ dataDir })
    const blocked = (ttl: number | null) => ({
      type: 'ERR',
      error: { type: 'BLOCKED', reason: 'content', notice: ttl === null ? null : { ttl } },
    })
    const young = await aClient(relay, 18)
    expect(await subscribe(young, queue)).toEqual(blocked(3600))
    expect(await young.say(send('x'), queue.sndId)).toEqual(blocked(3600))
    const sender = aKey()
    expect(await young.say({ type: 'SKEY', sndKey: sender.public }, queue.sndId, sender.own)).toEqual(
      blocked(3600),
    )
    expect(await subscribe(await aClient(relay, 17), queue)).toEqual(blocked(null))
    expect(await subscribe(await aClient(relay, 11), queue)).toEqual(authError)
    expect(await young.say(DEL, queue.rcvId, queue.key.own)).toEqual(ok)
  })
})
