import { describe, expect, test } from 'vitest'
import { EMPTY, utf8 } from '#core/base'
import { systemRandom } from '#core/crypto'
import type { Command, Response } from '#core/protocol'
import {
  type TestQueue,
  KEY_KINDS,
  aKey,
  aQueue,
  askForQueue,
  authError,
  cmdError,
  deleted,
  end,
  largeError,
  noMessage,
  ok,
  quotaError,
  sok,
} from './client.ts'
import { aClient, aRelay } from './setup.ts'
import { DEL, GET, OFF, SUB, ack, bodyOf, send } from './words.ts'

describe('smp.md 10, creation and securing with KEY', () => {
  test.each(KEY_KINDS)(
    'a fresh queue delivers, is acknowledged, secured and refuses others (%s)',
    async (kind) => {
      const relay = await aRelay()
      const alice = await aClient(relay)
      const bob = await aClient(relay)
      const corrId = systemRandom.bytes(24)
      const { answer } = await askForQueue(alice, { kind, corrId })
      expect(answer.response.type).toBe('IDS')
      expect(answer.entityId).toHaveLength(0)

      const queue = await aQueue(alice, { kind })
      expect(await bob.say(send('hello'), queue.sndId)).toEqual(ok)
      const hello = await alice.message(queue)
      expect(bodyOf(hello)).toBe('hello')
      expect(hello.cipher).toHaveLength(16_122)
      expect(await ack(alice, queue, hello.msgId)).toEqual(ok)
      expect(await ack(alice, queue, hello.msgId)).toEqual(noMessage)

      const sender = aKey(kind)
      expect(await bob.say(send('signed'), queue.sndId, sender.own)).toEqual(authError)
      const secure: Command = { type: 'KEY', sndKey: sender.public }
      expect(await alice.say(secure, queue.rcvId, aKey(kind).own)).toEqual(authError)
      expect(await alice.say(secure, queue.sndId, queue.key.own)).toEqual(authError)
      expect(await alice.say(secure, queue.rcvId, queue.key.own)).toEqual(ok)
      expect(await alice.say(secure, queue.rcvId, queue.key.own)).toEqual(ok)
      const other: Command = { type: 'KEY', sndKey: aKey(kind).public }
      expect(await alice.say(other, queue.rcvId, queue.key.own)).toEqual(authError)

      expect(await bob.say(send('secured'), queue.sndId, sender.own)).toEqual(ok)
      expect(bodyOf(await alice.message(queue))).toBe('secured')
      expect(await bob.say(send('unsigned'), queue.sndId)).toEqual(authError)
      expect(await bob.say(send('forged'), queue.sndId, aKey(kind).own)).toEqual(authError)
    },
  )

  test('the largest message is delivered intact, one byte more is refused', async () => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const queue = await aQueue(alice)
    const largest = systemRandom.bytes(16_048)
    expect(await alice.say(send(largest), queue.sndId)).toEqual(ok)
    const message = await alice.message(queue)
    expect(message.type === 'message' && Buffer.from(message.body).equals(largest)).toBe(true)
    expect(await alice.say(send(systemRandom.bytes(16_049)), queue.sndId)).toEqual(largeError)
  })
})

describe('smp.md 10, securing by the sender', () => {
  test.each(KEY_KINDS)('SKEY secures a messaging queue once (%s)', async (kind) => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const queue = await aQueue(alice)
    const sender = aKey(kind)
    const secure: Command = { type: 'SKEY', sndKey: sender.public }
    expect(await alice.say(secure, queue.sndId, aKey(kind).own)).toEqual(authError)
    expect(await alice.say(secure, queue.rcvId, sender.own)).toEqual(authError)
    expect(await alice.say(secure, queue.sndId, sender.own)).toEqual(ok)
    expect(await alice.say(secure, queue.sndId, sender.own)).toEqual(ok)
    const other = aKey(kind)
    expect(await alice.say({ type: 'SKEY', sndKey: other.public }, queue.sndId, other.own)).toEqual(authError)
    expect(await alice.say(send('signed'), queue.sndId, sender.own)).toEqual(ok)
    expect(await alice.say(send('unsigned'), queue.sndId)).toEqual(authError)
  })

  test('SKEY is refused on a contact queue', async () => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const queue = await aQueue(alice, { request: { mode: 'C', link: null } })
    const sender = aKey()
    expect(await alice.say({ type: 'SKEY', sndKey: sender.public }, queue.sndId, sender.own)).toEqual(
      authError,
    )
  })

  test('RKEY replaces the recipient keys of a contact queue, and of no other', async () => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const queue = await aQueue(alice, { request: { mode: 'C', link: null } })
    const second = aKey('x25519')
    const replace = (...keys: (typeof second)[]): Command => ({
      type: 'RKEY',
      rcvAuthKeys: keys.map((key) => key.public),
    })
    expect(await alice.say(replace(queue.key, second), queue.rcvId, queue.key.own)).toEqual(ok)
    expect(await alice.say(SUB, queue.rcvId, queue.key.own)).toEqual(sok)
    expect(await alice.say(SUB, queue.rcvId, second.own)).toEqual(sok)
    expect(await alice.say(replace(second), queue.rcvId, queue.key.own)).toEqual(ok)
    expect(await alice.say(SUB, queue.rcvId, queue.key.own)).toEqual(authError)
    expect(await alice.say(replace(second, queue.key), queue.rcvId, second.own)).toEqual(ok)
    expect(await alice.say(SUB, queue.rcvId, queue.key.own)).toEqual(sok)
    expect(await alice.say(replace(queue.key), queue.rcvId, second.own)).toEqual(ok)
    expect(await alice.say(SUB, queue.rcvId, second.own)).toEqual(authError)
    const messaging = await aQueue(alice)
    expect(await alice.say(replace(second), messaging.rcvId, messaging.key.own)).toEqual(authError)
  })
})

describe('smp.md 10, suspend and delete', () => {
  test('a suspended queue takes nothing but gives what it has; a deleted one is unknown', async () => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const bob = await aClient(relay)
    const queue = await aQueue(alice)
    const sender = aKey()
    await alice.say({ type: 'KEY', sndKey: sender.public }, queue.rcvId, queue.key.own)
    expect(await bob.say(send('1'), queue.sndId, sender.own)).toEqual(ok)
    expect(await bob.say(send('2'), queue.sndId, sender.own)).toEqual(ok)
    const first = await alice.message(queue)
    expect(await alice.settled()).toEqual([])

    expect(await alice.say(OFF, queue.rcvId, aKey().own)).toEqual(authError)
    expect(await alice.say(OFF, queue.sndId, queue.key.own)).toEqual(authError)
    expect(await alice.say(OFF, queue.rcvId, queue.key.own)).toEqual(ok)
    expect(await bob.say(send('3'), queue.sndId, sender.own)).toEqual(authError)
    expect(await bob.say(send('3'), queue.sndId)).toEqual(authError)
    expect(await alice.say(OFF, queue.rcvId, queue.key.own)).toEqual(ok)
    expect(await alice.say(SUB, queue.rcvId, queue.key.own)).toEqual(sok)
    const again = await alice.message(queue)
    expect(again.msgId).toEqual(first.msgId)
    expect(again.cipher).toEqual(first.cipher)

    expect(await alice.say(DEL, queue.rcvId, aKey().own)).toEqual(authError)
    expect(await alice.say(DEL, queue.sndId, queue.key.own)).toEqual(authError)
    expect(await alice.say(DEL, queue.rcvId, queue.key.own)).toEqual(ok)
    expect(await bob.say(send('4'), queue.sndId, sender.own)).toEqual(authError)
    expect(await ack(alice, queue, first.msgId)).toEqual(authError)
    for (const command of [OFF, SUB, DEL])
      expect(await alice.say(command, queue.rcvId, queue.key.own)).toEqual(authError)
  })

  test('many queues under one key, an empty corrId, and subscriptions that follow the person', async () => {
    const relay = await aRelay()
    const first = await aClient(relay)
    const key = aKey()
    const queues: TestQueue[] = []
    for (let i = 0; i < 50; i++) queues.push(await aQueue(first, { key, corrId: EMPTY }))
    first.close()
    await first.untilClosed()
    for (const connection of [await aClient(relay), await aClient(relay)]) {
      const answers = await connection.askAll(
        queues.map(({ rcvId }) => ({ command: SUB, entity: rcvId, key: key.own })),
      )
      expect(answers.map((answer) => answer.response)).toEqual(queues.map(() => sok))
    }
    expect(relay.stats().subscriptions).toBe(50)
  })
})

describe('smp.md 10, who may create queues', () => {
  test('a configured password is needed; without one any is accepted', async () => {
    const closed = await aClient(await aRelay({ password: 'sesame' }))
    for (const password of [null, utf8('Sesame'), utf8('sesame ')]) {
      const { answer } = await askForQueue(closed, { password })
      expect(answer.response).toEqual(authError)
      expect(answer.entityId).toHaveLength(0)
    }
    await aQueue(closed, { password: utf8('sesame') })
    const open = await aClient(await aRelay())
    await aQueue(open, { password: utf8('whatever') })
  })

  test('a queue that asks for no subscription gets none', async () => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const queue = await aQueue(alice, { subscribe: false })
    expect(await alice.say(send('waits'), queue.sndId)).toEqual(ok)
    expect(await alice.settled()).toEqual([])
    expect(await alice.say(SUB, queue.rcvId, queue.key.own)).toEqual(sok)
    expect(bodyOf(await alice.message(queue))).toBe('waits')
  })
})

describe('smp.md 10, duplex and takeover', () => {
  test('two queues carry a conversation both ways', async () => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const bob = await aClient(relay)
    const toAlice = await aQueue(alice)
    const toBob = await aQueue(bob)
    for (const text of ['one', 'two', 'three']) {
      expect(await bob.say(send(text), toAlice.sndId)).toEqual(ok)
      const received = await alice.message(toAlice)
      expect(bodyOf(received)).toBe(text)
      expect(await ack(alice, toAlice, received.msgId)).toEqual(ok)
      expect(await alice.say(send(`re: ${text}`), toBob.sndId)).toEqual(ok)
      const reply = await bob.message(toBob)
      expect(bodyOf(reply)).toBe(`re: ${text}`)
      expect(await ack(bob, toBob, reply.msgId)).toEqual(ok)
    }
  })

  test('the second subscriber takes over, the first gets END and nothing more', async () => {
    const relay = await aRelay()
    const first = await aClient(relay)
    const second = await aClient(relay)
    const sender = await aClient(relay)
    const queue = await aQueue(first)
    await sender.say(send('1'), queue.sndId)
    await sender.say(send('2'), queue.sndId)
    const one = await first.message(queue)
    const two = queue.open(await ack(first, queue, one.msgId))
    expect(bodyOf(two)).toBe('2')

    expect(await second.say(SUB, queue.rcvId, queue.key.own)).toEqual(sok)
    const twoAgain = await second.message(queue)
    expect(twoAgain.cipher).toEqual(two.cipher)
    const ending = await first.event()
    expect(ending.response).toEqual(end)
    expect(ending.entityId).toEqual(queue.rcvId)
    expect(await ack(second, queue, twoAgain.msgId)).toEqual(ok)

    await sender.say(send('3'), queue.sndId)
    const three = await second.message(queue)
    expect(await ack(first, queue, three.msgId)).toEqual(noMessage)
    expect(await ack(second, queue, three.msgId)).toEqual(ok)

    expect(await first.say(DEL, queue.rcvId, queue.key.own)).toEqual(ok)
    expect((await second.event()).response).toEqual(deleted)
    expect(await first.settled()).toEqual([])
  })

  test('what was not acknowledged comes again with the same id and the same bytes', async () => {
    const relay = await aRelay()
    const first = await aClient(relay)
    const queue = await aQueue(first)
    await first.say(send('kept'), queue.sndId)
    const before = await first.message(queue)
    first.close()
    const second = await aClient(relay)
    expect(await second.say(SUB, queue.rcvId, queue.key.own)).toEqual(sok)
    expect(await second.message(queue)).toEqual(before)
  })
})

describe('smp.md 10, GET', () => {
  test('GET fetches one message, its ACK brings no other', async () => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const queue = await aQueue(alice, { subscribe: false })
    await alice.say(send('1'), queue.sndId)
    await alice.say(send('2'), queue.sndId)
    const one = queue.open(await alice.say(GET, queue.rcvId, queue.key.own))
    expect(bodyOf(one)).toBe('1')
    expect(await ack(alice, queue, one.msgId)).toEqual(ok)
    const two = queue.open(await alice.say(GET, queue.rcvId, queue.key.own))
    expect(await ack(alice, queue, two.msgId)).toEqual(ok)
    expect(await alice.say(GET, queue.rcvId, queue.key.own)).toEqual(ok)
  })

  test('GET beside SUB sees the same messages and takes nothing away', async () => {
    const relay = await aRelay()
    const subscriber = await aClient(relay)
    const getter = await aClient(relay)
    const queue = await aQueue(subscriber)
    const get = (): Promise<Response> => getter.say(GET, queue.rcvId, queue.key.own)
    for (const text of ['1', '2', '3', '4']) await getter.say(send(text), queue.sndId)
    const one = await subscriber.message(queue)
    const oneToo = queue.open(await get())
    expect(oneToo.cipher).toEqual(one.cipher)
    expect(await subscriber.say(GET, queue.rcvId, queue.key.own)).toEqual(cmdError('PROHIBITED'))
    expect(await getter.say(SUB, queue.rcvId, queue.key.own)).toEqual(cmdError('PROHIBITED'))

    const two = queue.open(await ack(subscriber, queue, one.msgId))
    expect(bodyOf(two)).toBe('2')
    expect(await ack(getter, queue, systemRandom.bytes(24))).toEqual(noMessage)
    expect(await ack(getter, queue, one.msgId)).toEqual(ok)

    const twoToo = queue.open(await get())
    expect(twoToo.cipher).toEqual(two.cipher)
    expect(await ack(getter, queue, two.msgId)).toEqual(ok)
    expect(bodyOf(queue.open(await get()))).toBe('3')
    const three = queue.open(await ack(subscriber, queue, two.msgId))
    expect(bodyOf(three)).toBe('3')
    const four = queue.open(await ack(subscriber, queue, three.msgId))
    expect(bodyOf(four)).toBe('4')
    expect(await ack(subscriber, queue, four.msgId)).toEqual(ok)
    expect(await get()).toEqual(ok)
  })
})

describe('smp.md 10, quota', () => {
  test('a full queue says so to its recipient by a marker, and opens when all is acknowledged', async () => {
    const relay = await aRelay({ limits: { quota: 2 } })
    const alice = await aClient(relay)
    const bob = await aClient(relay)
    const queue = await aQueue(alice)
    const sent = (text: string): Promise<Response> => bob.say(send(text), queue.sndId)
    expect(await sent('1')).toEqual(ok)
    expect(await sent('2')).toEqual(ok)
    expect(await sent('3')).toEqual(quotaError)
    const one = await alice.message(queue)
    const two = queue.open(await ack(alice, queue, one.msgId))
    expect(await sent('3')).toEqual(quotaError)
    const marker = queue.open(await ack(alice, queue, two.msgId))
    expect(marker.type).toBe('quota')
    expect(marker.cipher).toHaveLength(16_122)
    expect(await sent('3')).toEqual(quotaError)
    expect(await ack(alice, queue, marker.msgId)).toEqual(ok)
    expect(await sent('3')).toEqual(ok)
    expect(bodyOf(await alice.message(queue))).toBe('3')
  })

  test('two senders at once lose nothing and get nothing stuck', async () => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const senders = [await aClient(relay), await aClient(relay)]
    const queue = await aQueue(alice)
    for (let round = 0; round < 50; round++) {
      const answers = senders.map((sender, i) => sender.say(send(`${round}.${i}`), queue.sndId))
      const first = await alice.message(queue)
      expect(await Promise.all(answers)).toEqual([ok, ok])
      const second = queue.open(await ack(alice, queue, first.msgId))
      expect(await ack(alice, queue, second.msgId)).toEqual(ok)
      expect([bodyOf(first), bodyOf(second)].toSorted()).toEqual([`${round}.0`, `${round}.1`])
    }
  })
})
