import { expect } from 'vitest'
import { EMPTY, equalBytes } from '#core/base'
import { systemRandom } from '#core/crypto'
import {
  KEY_KINDS,
  aKey,
  askForQueue,
  authError,
  largeError,
  noMessage,
  ok,
  sok,
} from '../integration/relay/client.ts'
import { DEL, OFF, SUB, ack, bodyOf, send, subscribe } from '../integration/relay/words.ts'
import type { Lines } from './smp-server.ts'

const CONTACT = { mode: 'C', link: null } as const
const key = aKey()

export function queueLines({ line, ourLine }: Lines): void {
  line(
    'NEW: IDS with an empty entity under the corrId of the question; the creator is subscribed',
    async (stage) => {
      const client = await stage.client()
      const corrId = systemRandom.bytes(24)
      const { password } = stage.server.address
      const given = password === null ? null : new TextEncoder().encode(password)
      const { answer } = await askForQueue(client, { corrId, password: given })
      expect(answer.response.type).toBe('IDS')
      expect([answer.corrId, answer.entityId]).toEqual([corrId, EMPTY])
      const queue = await stage.queue(client)
      expect(await client.say(send('hello'), queue.sndId)).toEqual(ok)
      const event = await client.event()
      expect([event.corrId, event.entityId]).toEqual([EMPTY, queue.rcvId])
      const message = queue.open(event.response)
      expect([bodyOf(message), message.cipher.length]).toEqual(['hello', 16_122])
    },
  )

  line('ACK of the only message is OK, the same ACK again NO_MSG', async (stage) => {
    const client = await stage.client()
    const queue = await stage.queue(client)
    await client.say(send('x'), queue.sndId)
    const { msgId } = await client.message(queue)
    expect(await ack(client, queue, msgId)).toEqual(ok)
    expect(await ack(client, queue, msgId)).toEqual(noMessage)
  })

  line('a signed SEND to an unsecured queue is AUTH', async (stage) => {
    const client = await stage.client()
    const queue = await stage.queue(client)
    expect(await client.say(send('x'), queue.sndId, key.own)).toEqual(authError)
  })

  for (const kind of KEY_KINDS)
    line(`KEY and the commands of its queue under keys of kind ${kind}`, async (stage) => {
      const client = await stage.client()
      const queue = await stage.queue(client, { kind })
      const sender = aKey(kind)
      const secure = { type: 'KEY', sndKey: sender.public } as const
      expect(await client.say(secure, queue.rcvId, sender.own)).toEqual(authError)
      expect(await client.say(secure, queue.sndId, queue.key.own)).toEqual(authError)
      expect(await client.say(secure, queue.rcvId, queue.key.own)).toEqual(ok)
      expect(await client.say(secure, queue.rcvId, queue.key.own)).toEqual(ok)
      const other = { type: 'KEY', sndKey: aKey(kind).public } as const
      expect(await client.say(other, queue.rcvId, queue.key.own)).toEqual(authError)
      expect(await client.say(send('x'), queue.sndId, sender.own)).toEqual(ok)
      expect(bodyOf(await client.message(queue))).toBe('x')
      expect(await client.say(send('x'), queue.sndId)).toEqual(authError)
    })

  line('the largest body is delivered intact, one byte more is LARGE_MSG', async (stage) => {
    const client = await stage.client()
    const queue = await stage.queue(client)
    const body = systemRandom.bytes(16_048)
    expect(await client.say(send(body), queue.sndId)).toEqual(ok)
    const message = await client.message(queue)
    expect(message.type === 'message' && equalBytes(message.body, body)).toBe(true)
    expect(await client.say(send(systemRandom.bytes(16_049)), queue.sndId)).toEqual(largeError)
  })

  line('SKEY: the first key of the sender wins, on messaging queues only', async (stage) => {
    const client = await stage.client()
    const queue = await stage.queue(client)
    const secure = { type: 'SKEY', sndKey: key.public } as const
    expect(await client.say(secure, queue.sndId, aKey().own)).toEqual(authError)
    expect(await client.say(secure, queue.rcvId, key.own)).toEqual(authError)
    expect(await client.say(secure, queue.sndId, key.own)).toEqual(ok)
    expect(await client.say(secure, queue.sndId, key.own)).toEqual(ok)
    const other = aKey()
    const late = { type: 'SKEY', sndKey: other.public } as const
    expect(await client.say(late, queue.sndId, other.own)).toEqual(authError)
    expect(await client.say(send('x'), queue.sndId)).toEqual(authError)
    expect(await client.say(send('x'), queue.sndId, key.own)).toEqual(ok)
    const contact = await stage.queue(client, { request: CONTACT })
    expect(await client.say(secure, contact.sndId, key.own)).toEqual(authError)
  })

  line('RKEY: keys of a contact queue are added, taken away and may remove themselves', async (stage) => {
    const client = await stage.client()
    const queue = await stage.queue(client, { request: CONTACT })
    const second = aKey('x25519')
    const say = (keys: readonly (typeof second)[], by: typeof second) =>
      client.say({ type: 'RKEY', rcvAuthKeys: keys.map((each) => each.public) }, queue.rcvId, by.own)
    expect(await say([queue.key, second], queue.key)).toEqual(ok)
    expect(await client.say(SUB, queue.rcvId, second.own)).toEqual(sok)
    expect(await client.say(SUB, queue.rcvId, queue.key.own)).toEqual(sok)
    expect(await say([second], queue.key)).toEqual(ok)
    expect(await client.say(SUB, queue.rcvId, queue.key.own)).toEqual(authError)
    expect(await say([second, queue.key], second)).toEqual(ok)
    expect(await client.say(SUB, queue.rcvId, queue.key.own)).toEqual(sok)
  })

  line('OFF: nothing more comes in, what is there still goes out', async (stage) => {
    const client = await stage.client()
    const queue = await stage.queue(client)
    for (const text of ['1', '2']) await client.say(send(text), queue.sndId)
    const first = await client.message(queue)
    expect(await client.say(OFF, queue.rcvId, key.own)).toEqual(authError)
    expect(await client.say(OFF, queue.sndId, queue.key.own)).toEqual(authError)
    expect(await client.say(OFF, queue.rcvId, queue.key.own)).toEqual(ok)
    expect(await client.say(send('x'), queue.sndId)).toEqual(authError)
    expect(await client.say(send('x'), queue.sndId, key.own)).toEqual(authError)
    expect(await client.say(OFF, queue.rcvId, queue.key.own)).toEqual(ok)
    expect(await subscribe(client, queue)).toEqual(sok)
    const again = await client.message(queue)
    expect([again.msgId, again.cipher]).toEqual([first.msgId, first.cipher])
  })

  line('DEL: afterwards every command on it is AUTH', async (stage) => {
    const client = await stage.client()
    const queue = await stage.queue(client)
    await client.say(send('x'), queue.sndId)
    const { msgId } = await client.message(queue)
    expect(await client.say(DEL, queue.rcvId, key.own)).toEqual(authError)
    expect(await client.say(DEL, queue.sndId, queue.key.own)).toEqual(authError)
    expect(await client.say(DEL, queue.rcvId, queue.key.own)).toEqual(ok)
    expect(await client.say(send('x'), queue.sndId)).toEqual(authError)
    expect(await ack(client, queue, msgId)).toEqual(authError)
    expect(await client.say(OFF, queue.rcvId, queue.key.own)).toEqual(authError)
    expect(await subscribe(client, queue)).toEqual(authError)
  })

  line(
    'fifty queues of one key, an empty corrId, subscriptions from a second and a third connection',
    async (stage) => {
      const first = await stage.client()
      const queues = []
      for (let i = 0; i < 50; i++) queues.push(await stage.queue(first, { key, corrId: EMPTY }))
      first.close()
      await first.untilClosed()
      for (let round = 0; round < 2; round++) {
        const next = await stage.client()
        const asks = queues.map(({ rcvId }) => ({ command: SUB, entity: rcvId, key: key.own }))
        const answers = await next.askAll(asks)
        expect(answers.map(({ response }) => response)).toEqual(queues.map(() => sok))
      }
    },
  )

  ourLine(
    'NEW with a wrong password or none is AUTH with an empty entity',
    { password: 'sesame' },
    async (stage) => {
      const client = await stage.client()
      for (const password of [null, new TextEncoder().encode('sesam')]) {
        const { answer } = await askForQueue(client, { password })
        expect([answer.response, answer.entityId]).toEqual([authError, EMPTY])
      }
      await stage.queue(client)
    },
  )

  ourLine(
    'with creation disabled NEW is AUTH with an empty entity, whatever the password',
    { password: 'sesame', limits: { newQueues: false } },
    async (stage) => {
      const client = await stage.client()
      for (const password of [null, new TextEncoder().encode('sesame')]) {
        const { answer } = await askForQueue(client, { password })
        expect([answer.response, answer.entityId]).toEqual([authError, EMPTY])
      }
    },
  )

  ourLine('without a configured password any is accepted', {}, async (stage) => {
    await stage.queue(await stage.client(), { password: new TextEncoder().encode('whatever') })
  })

  line('duplex: two queues carry a conversation both ways over two connections', async (stage) => {
    const [alice, bob] = [await stage.client(), await stage.client()]
    const [toAlice, toBob] = [await stage.queue(alice), await stage.queue(bob)]
    for (const text of ['hi', 'how are you']) {
      expect(await bob.say(send(text), toAlice.sndId)).toEqual(ok)
      const heard = await alice.message(toAlice)
      expect(bodyOf(heard)).toBe(text)
      expect(await ack(alice, toAlice, heard.msgId)).toEqual(ok)
      expect(await alice.say(send(`${text} too`), toBob.sndId)).toEqual(ok)
      const answer = await bob.message(toBob)
      expect(bodyOf(answer)).toBe(`${text} too`)
      expect(await ack(bob, toBob, answer.msgId)).toEqual(ok)
    }
  })
}
