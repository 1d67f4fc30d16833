import { describe, expect, test } from 'vitest'
import { generateX25519, systemRandom, x25519 } from '#core/crypto'
import { type Command, type Response, openNotificationMeta } from '#core/protocol'
import {
  type TestClient,
  type TestKey,
  type TestQueue,
  aKey,
  aQueue,
  authError,
  deleted,
  end,
  ok,
  sok,
} from './client.ts'
import { aClient, aRelay } from './setup.ts'
import { ack, send } from './words.ts'

const NSUB: Command = { type: 'NSUB' }
const NDEL: Command = { type: 'NDEL' }

interface Notifier {
  readonly id: Uint8Array
  readonly key: TestKey
  readonly secret: Uint8Array
}

async function appoint(client: TestClient, queue: TestQueue): Promise<Notifier> {
  const key = aKey()
  const dh = generateX25519(systemRandom)
  const command: Command = { type: 'NKEY', ntfKey: key.public, rcvNtfDhKey: dh.publicKey }
  const response = await client.say(command, queue.rcvId, queue.key.own)
  if (response.type !== 'NID') throw new Error('no NID')
  return { id: response.ntfId, key, secret: x25519(dh.privateKey, response.srvNtfDhKey) }
}

function opened(notifier: Notifier, response: Response) {
  if (response.type !== 'NMSG') throw new Error(`no NMSG but ${response.type}`)
  expect(response.meta).toHaveLength(144)
  return openNotificationMeta(notifier.secret, response.nonce, response.meta)
}

describe('smp.md 10, notifications', () => {
  test('the notifier hears of flagged messages only, and by their ids', async () => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const listener = await aClient(relay)
    const queue = await aQueue(alice)
    const first = await appoint(alice, queue)
    const notifier = await appoint(alice, queue)
    expect(notifier.id).not.toEqual(first.id)
    expect(await listener.say(NSUB, first.id, first.key.own)).toEqual(authError)
    expect(await listener.say(NSUB, notifier.id, first.key.own)).toEqual(authError)
    expect(await listener.say(NSUB, notifier.id, notifier.key.own)).toEqual(sok)
    expect(await alice.say(send('quiet'), queue.sndId)).toEqual(ok)
    expect(await alice.say(send('loud', true), queue.sndId)).toEqual(ok)
    const quiet = await alice.message(queue)
    const loud = queue.open(await ack(alice, queue, quiet.msgId))
    const event = await listener.event()
    expect(event.entityId).toEqual(notifier.id)
    expect(opened(notifier, event.response).msgId).toEqual(loud.msgId)
    expect(await listener.settled()).toEqual([])
  })

  test('another NSUB takes over; NDEL and a new NKEY dismiss', async () => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const one = await aClient(relay)
    const two = await aClient(relay)
    const queue = await aQueue(alice)
    const notifier = await appoint(alice, queue)
    await one.say(NSUB, notifier.id, notifier.key.own)
    expect(await two.say(NSUB, notifier.id, notifier.key.own)).toEqual(sok)
    const ended = await one.event()
    expect([ended.response, ended.entityId]).toEqual([end, notifier.id])
    expect(await alice.say(NDEL, queue.rcvId, queue.key.own)).toEqual(ok)
    expect(await alice.say(NDEL, queue.rcvId, queue.key.own)).toEqual(ok)
    const gone = await two.event()
    expect([gone.response, gone.entityId]).toEqual([deleted, notifier.id])
    await alice.say(send('unheard', true), queue.sndId)
    expect(await two.settled()).toEqual([])

    const next = await appoint(alice, queue)
    expect(await two.say(NSUB, next.id, next.key.own)).toEqual(sok)
    await alice.say(send('heard', true), queue.sndId)
    opened(next, (await two.event()).response)
    await appoint(alice, queue)
    const dismissed = await two.event()
    expect([dismissed.response, dismissed.entityId]).toEqual([deleted, next.id])
  })

  test('notifications wait for their notifier', async () => {
    const relay = await aRelay({ limits: { noticesPerQueue: 2 } })
    const alice = await aClient(relay)
    const queue = await aQueue(alice)
    const notifier = await appoint(alice, queue)
    for (const text of ['1', '2', '3']) await alice.say(send(text, true), queue.sndId)
    const listener = await aClient(relay)
    expect(await listener.say(NSUB, notifier.id, notifier.key.own)).toEqual(sok)
    opened(notifier, (await listener.event()).response)
    opened(notifier, (await listener.event()).response)
    expect(await listener.settled()).toEqual([])
  })

  test('NEW can bring a notifier along', async () => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const key = aKey('x25519')
    const dh = generateX25519(systemRandom)
    const queue = await aQueue(alice, { notifier: { ntfKey: key.public, rcvNtfDhKey: dh.publicKey } })
    const ids = queue.ids.notifier!
    const notifier = { id: ids.ntfId, key, secret: x25519(dh.privateKey, ids.srvNtfDhKey) }
    expect(await alice.say(NSUB, notifier.id, key.own)).toEqual(sok)
    await alice.say(send('loud', true), queue.sndId)
    await alice.until(() => alice.events.length === 2)
    const nmsg = alice.events.find((event) => event.response.type === 'NMSG')!
    opened(notifier, nmsg.response)
  })
})
