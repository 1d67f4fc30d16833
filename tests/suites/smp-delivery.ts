import { expect } from 'vitest'
import type { Response } from '#core/protocol'
import { systemRandom } from '#core/crypto'
import {
  type TestClient,
  type TestQueue,
  cmdError,
  deleted,
  end,
  noMessage,
  ok,
  quotaError,
  sok,
} from '../integration/relay/client.ts'
import { DEL, GET, SUB, ack, bodyOf, send, subscribe } from '../integration/relay/words.ts'
import type { Lines, Stage } from './smp-server.ts'

const get = (client: TestClient, queue: TestQueue): Promise<Response> =>
  client.say(GET, queue.rcvId, queue.key.own)

async function withMessages(stage: Stage, ...texts: string[]) {
  const client = await stage.client()
  const queue = await stage.queue(client)
  for (const text of texts) expect(await client.say(send(text), queue.sndId)).toEqual(ok)
  return { client, queue }
}

export function deliveryLines({ line, ourLine }: Lines): void {
  line(
    'takeover: SUB elsewhere delivers the unacknowledged message there and ends it here',
    async (stage) => {
      const { client: first, queue } = await withMessages(stage, '1', '2')
      const one = await first.message(queue)
      const two = queue.open(await ack(first, queue, one.msgId))
      expect(bodyOf(two)).toBe('2')
      const second = await stage.client()
      expect(await subscribe(second, queue)).toEqual(sok)
      const again = await second.message(queue)
      expect([again.msgId, again.cipher]).toEqual([two.msgId, two.cipher])
      expect(await ack(second, queue, again.msgId)).toEqual(ok)
      const event = await first.event()
      expect([event.entityId, event.response]).toEqual([queue.rcvId, end])
    },
  )

  line(
    'takeover: the next SEND goes to the second alone, and DEL by the first is DELD there',
    async (stage) => {
      const { client: first, queue } = await withMessages(stage)
      const second = await stage.client()
      await subscribe(second, queue)
      expect((await first.event()).response).toEqual(end)
      await first.say(send('3'), queue.sndId)
      const three = await second.message(queue)
      expect(await ack(first, queue, three.msgId)).toEqual(noMessage)
      expect(await ack(second, queue, three.msgId)).toEqual(ok)
      expect(await first.say(DEL, queue.rcvId, queue.key.own)).toEqual(ok)
      const event = await second.event()
      expect([event.entityId, event.response]).toEqual([queue.rcvId, deleted])
      expect(await first.settled()).toEqual([])
    },
  )

  line('reconnecting: the head comes again with the same id and the same bytes', async (stage) => {
    const { client: first, queue } = await withMessages(stage, '1')
    const one = await first.message(queue)
    first.close()
    await first.untilClosed()
    const second = await stage.client()
    expect(await subscribe(second, queue)).toEqual(sok)
    const again = await second.message(queue)
    expect([again.msgId, again.cipher]).toEqual([one.msgId, one.cipher])
  })

  line('GET: MSG under the corrId, ACK is OK, GET on empty is OK', async (stage) => {
    const client = await stage.client()
    const queue = await stage.queue(client, { subscribe: false })
    await client.say(send('x'), queue.sndId)
    const message = queue.open(await get(client, queue))
    expect(bodyOf(message)).toBe('x')
    expect(await ack(client, queue, message.msgId)).toEqual(ok)
    expect(await get(client, queue)).toEqual(ok)
  })

  line('GET beside SUB on another connection: both see all, neither takes from the other', async (stage) => {
    const { client: subscriber, queue } = await withMessages(stage, '1', '2', '3', '4')
    const getter = await stage.client()
    const pushed = await subscriber.message(queue)
    const got = queue.open(await get(getter, queue))
    expect([got.msgId, got.cipher]).toEqual([pushed.msgId, pushed.cipher])
    expect(await get(subscriber, queue)).toEqual(cmdError('PROHIBITED'))
    expect(await subscribe(getter, queue)).toEqual(cmdError('PROHIBITED'))
    const two = queue.open(await ack(subscriber, queue, pushed.msgId))
    expect(bodyOf(two)).toBe('2')
    expect(await ack(getter, queue, systemRandom.bytes(24))).toEqual(noMessage)
    expect(await ack(getter, queue, got.msgId)).toEqual(ok)
    const gotTwo = queue.open(await get(getter, queue))
    expect(gotTwo.msgId).toEqual(two.msgId)
    expect(await ack(getter, queue, gotTwo.msgId)).toEqual(ok)
    expect(bodyOf(queue.open(await get(getter, queue)))).toBe('3')
    const three = queue.open(await ack(subscriber, queue, two.msgId))
    expect(bodyOf(three)).toBe('3')
    const four = queue.open(await ack(subscriber, queue, three.msgId))
    expect(bodyOf(four)).toBe('4')
    expect(await ack(subscriber, queue, four.msgId)).toEqual(ok)
    expect(await get(getter, queue)).toEqual(ok)
  })

  ourLine(
    'quota: a marker tells the recipient, and all must be acknowledged',
    { limits: { quota: 2 } },
    async (stage) => {
      const { client, queue } = await withMessages(stage, '1', '2')
      const sent = () => client.say(send('more'), queue.sndId)
      expect(await sent()).toEqual(quotaError)
      const one = await client.message(queue)
      const two = queue.open(await ack(client, queue, one.msgId))
      expect(await sent()).toEqual(quotaError)
      const marker = queue.open(await ack(client, queue, two.msgId))
      expect(marker.type).toBe('quota')
      expect(marker.cipher.length).toBe(16_122)
      expect(await sent()).toEqual(quotaError)
      expect(await ack(client, queue, marker.msgId)).toEqual(ok)
      expect(await sent()).toEqual(ok)
      expect(bodyOf(await client.message(queue))).toBe('more')
    },
  )

  line(
    'two senders at once, fifty rounds: one is pushed, the ACK brings the other, never stuck',
    async (stage) => {
      const { client: owner, queue } = await withMessages(stage)
      const senders = [await stage.client(), await stage.client()]
      for (let round = 0; round < 50; round++) {
        const texts = senders.map((_, i) => `${round}.${i}`)
        const answers = await Promise.all(senders.map((each, i) => each.say(send(texts[i]!), queue.sndId)))
        expect(answers).toEqual([ok, ok])
        const first = await owner.message(queue)
        const second = queue.open(await ack(owner, queue, first.msgId))
        expect([bodyOf(first), bodyOf(second)].toSorted()).toEqual(texts)
        expect(await ack(owner, queue, second.msgId)).toEqual(ok)
      }
    },
  )

  line('several SUBs of one block: all answered, each queue delivers its head', async (stage) => {
    const writer = await stage.client()
    const queues = []
    for (let i = 0; i < 5; i++) {
      const queue = await stage.queue(writer, { subscribe: false })
      await writer.say(send(`${i}`), queue.sndId)
      queues.push(queue)
    }
    const reader = await stage.client()
    const asks = queues.map(({ rcvId, key }) => ({ command: SUB, entity: rcvId, key: key.own }))
    const answers = await reader.askAll(asks)
    expect(answers.map(({ response }) => response)).toEqual(queues.map(() => sok))
    await reader.until(() => reader.events.length === queues.length)
    expect(reader.events.every(({ response }) => response.type === 'MSG')).toBe(true)
  })
}
