import { expect } from 'vitest'
import { sha3_384, systemRandom } from '#core/crypto'
import type { Response } from '#core/protocol'
import type { RelayLimits } from '#core/relay'
import {
  type TestClient,
  type TestQueue,
  aKey,
  authError,
  ok,
  quotaError,
  sok,
} from '../integration/relay/client.ts'
import { movableClock } from '../integration/relay/setup.ts'
import { DEL, GET, OFF, ack, bodyOf, send, subscribe } from '../integration/relay/words.ts'
import { appoint } from './smp-notifications.ts'
import type { Lines, Stage } from './smp-server.ts'

const LGET = { type: 'LGET' } as const

export function lastingLines(lines: Lines): void {
  persistence(lines)
  expiry(lines)
  blocking(lines)
}

async function waiting(client: TestClient, queue: TestQueue): Promise<string[]> {
  const bodies: string[] = []
  for (;;) {
    const response = await client.say(GET, queue.rcvId, queue.key.own)
    if (response.type === 'OK') return bodies
    const message = queue.open(response)
    bodies.push(bodyOf(message))
    expect(await ack(client, queue, message.msgId)).toEqual(ok)
  }
}

async function anAddress(stage: Stage, client: TestClient) {
  const corrId = systemRandom.bytes(24)
  const data = { fixed: systemRandom.bytes(200), user: systemRandom.bytes(500) }
  const link = { linkId: systemRandom.bytes(24), sndId: sha3_384(corrId).subarray(0, 24), ...data }
  const queue = await stage.queue(client, { corrId, request: { mode: 'C', link } })
  return { queue, linkId: link.linkId, answer: { type: 'LNK', sndId: queue.sndId, ...data } }
}

function persistence({ ourLine }: Lines): void {
  ourLine(
    'restart: queues, keys, notifier and link survive, what was deleted does not come back',
    {},
    async (stage) => {
      let client = await stage.client()
      const [kept, gone] = [await stage.queue(client), await stage.queue(client)]
      const address = await anAddress(stage, client)
      const notifier = await appoint(client, kept)
      const sender = aKey('ed448')
      await client.say({ type: 'SKEY', sndKey: sender.public }, kept.sndId, sender.own)
      await client.say(DEL, gone.rcvId, gone.key.own)
      await stage.restart()
      client = await stage.client()
      expect(await client.say({ type: 'NSUB' }, notifier.id, notifier.key)).toEqual(sok)
      expect(await subscribe(client, kept)).toEqual(sok)
      expect(await client.say(send('x'), kept.sndId)).toEqual(authError)
      expect(await client.say(send('x'), kept.sndId, sender.own)).toEqual(ok)
      expect(await client.say(LGET, address.linkId)).toEqual(address.answer)
      expect(await subscribe(client, gone)).toEqual(authError)
      expect(await client.say(send('x'), gone.sndId)).toEqual(authError)
    },
  )

  ourLine('with storage off all is gone after a restart', { storage: 'memory' }, async (stage) => {
    let client = await stage.client()
    const queue = await stage.queue(client)
    const address = await anAddress(stage, client)
    const { keyHash } = stage.server.address
    expect(await client.say(send('x'), queue.sndId)).toEqual(ok)
    expect(bodyOf(await client.message(queue))).toBe('x')
    await stage.restart()
    expect(stage.server.address.keyHash).toEqual(keyHash)
    client = await stage.client()
    expect(await subscribe(client, queue)).toEqual(authError)
    expect(await client.say(send('x'), queue.sndId)).toEqual(authError)
    expect(await client.say(LGET, address.linkId)).toEqual(authError)
  })

  ourLine(
    'restart: waiting messages in order, the marker, the full state, the id of the head',
    { limits: { quota: 3 } },
    async (stage) => {
      let client = await stage.client()
      const queue = await stage.queue(client)
      for (const text of ['1', '2', '3']) expect(await client.say(send(text), queue.sndId)).toEqual(ok)
      expect(await client.say(send('4'), queue.sndId)).toEqual(quotaError)
      const one = await client.message(queue)
      const two = queue.open(await ack(client, queue, one.msgId))
      await stage.restart()
      client = await stage.client()
      expect(await client.say(send('5'), queue.sndId)).toEqual(quotaError)
      const head = queue.open(await client.say(GET, queue.rcvId, queue.key.own))
      expect([head.msgId, head.cipher]).toEqual([two.msgId, two.cipher])
      expect(await waiting(client, queue)).toEqual(['2', '3', 'quota'])
      expect(await client.say(send('5'), queue.sndId)).toEqual(ok)
    },
  )
}

function expiry({ ourLine }: Lines): void {
  /** With a message in the queue that is older than its time; nothing takes it away but what `limits` say. */
  const agedLine = (
    what: string,
    limits: Partial<RelayLimits>,
    check: (stage: Stage, client: TestClient, queue: TestQueue) => Promise<void>,
  ): void => {
    const clock = movableClock()
    const all = { messageTtl: 1_000, expireOnSend: false, ...limits }
    ourLine(what, { clock, limits: all }, async (stage) => {
      const client = await stage.client()
      const queue = await stage.queue(client, { subscribe: false })
      expect(await client.say(send('old'), queue.sndId)).toEqual(ok)
      clock.advance(2_000)
      await check(stage, client, queue)
    })
  }

  agedLine(
    'messages older than their time are dropped on start, others kept',
    {},
    async (stage, client, queue) => {
      expect(await client.say(send('young'), queue.sndId)).toEqual(ok)
      const other = await stage.queue(client, { subscribe: false })
      expect(await client.say(send('young'), other.sndId)).toEqual(ok)
      await stage.restart()
      const later = await stage.client()
      expect(await waiting(later, queue)).toEqual(['young'])
      expect(await waiting(later, other)).toEqual(['young'])
    },
  )

  agedLine(
    'expiry on SEND: the old message is dropped, only the new one delivered',
    { expireOnSend: true },
    async (_stage, client, queue) => {
      await client.say(send('new'), queue.sndId)
      expect(await waiting(client, queue)).toEqual(['new'])
    },
  )

  agedLine(
    'expiry by rounds: SUB on the emptied queue is SOK and nothing else',
    { expiryInterval: 20 },
    async (stage, client, queue) => {
      // GET looks without taking anything away.
      const empty = async (): Promise<boolean> =>
        (await client.say(GET, queue.rcvId, queue.key.own)).type === 'OK'
      await expect.poll(empty, { timeout: 20_000 }).toBe(true)
      const reader = await stage.client()
      expect(await subscribe(reader, queue)).toEqual(sok)
      expect(await reader.settled()).toEqual([])
    },
  )

  agedLine('with neither an old message still comes', {}, async (_stage, client, queue) => {
    await client.say(send('new'), queue.sndId)
    expect(await waiting(client, queue)).toEqual(['old', 'new'])
  })
}

function blocked(ttl: number | null): Response {
  const notice = ttl === null ? null : { ttl }
  return { type: 'ERR', error: { type: 'BLOCKED', reason: 'content', notice } }
}

function blocking({ ourLine }: Lines): void {
  ourLine(
    'blocking: the subscriber hears of it, SKEY and others are BLOCKED, unblocking restores the queue',
    {},
    async (stage) => {
      const client = await stage.client()
      const queue = await stage.queue(client)
      expect(await client.say(send('before'), queue.sndId)).toEqual(ok)
      const { msgId } = await client.message(queue)
      stage.server.setBlocked(queue.sndId, { reason: 'content', notice: null })
      const event = await client.event()
      expect([event.corrId.length, event.entityId, event.response]).toEqual([0, queue.rcvId, blocked(null)])
      const key = aKey()
      const secure = { type: 'SKEY', sndKey: key.public } as const
      expect(await client.say(secure, queue.sndId, key.own)).toEqual(blocked(null))
      expect(await client.say(send('x'), queue.sndId)).toEqual(blocked(null))
      expect(await subscribe(client, queue)).toEqual(blocked(null))
      expect(await ack(client, queue, msgId)).toEqual(blocked(null))
      stage.server.setBlocked(queue.sndId, null)
      expect(await client.say(secure, queue.sndId, key.own)).toEqual(ok)
      expect(await ack(client, queue, msgId)).toEqual(ok)
      expect(await client.say(send('after'), queue.sndId, key.own)).toEqual(ok)
      expect(bodyOf(await client.message(queue))).toBe('after')
    },
  )

  ourLine(
    'blocking in the words of each version; OFF and DEL still work, and it survives a restart',
    {},
    async (stage) => {
      const client = await stage.client()
      const { queue, linkId, answer } = await anAddress(stage, client)
      stage.server.setBlocked(linkId, { reason: 'content', notice: { ttl: 3_600 } })
      await stage.restart()
      const words: Record<number, Response> = {
        8: authError,
        11: authError,
        12: blocked(null),
        17: blocked(null),
      }
      for (const [version, word] of Object.entries({ ...words, 18: blocked(3_600) })) {
        const each = await stage.client(Number(version))
        expect(await each.say(send('x'), queue.sndId), version).toEqual(word)
      }
      const later = await stage.client()
      expect(await later.say(LGET, linkId)).toEqual(blocked(3_600))
      stage.server.setBlocked(linkId, null)
      expect(await later.say(LGET, linkId)).toEqual(answer)
      stage.server.setBlocked(linkId, { reason: 'content', notice: null })
      expect(await later.say(OFF, queue.rcvId, queue.key.own)).toEqual(ok)
      // What its recipient has suspended an operator cannot open again.
      expect(() => stage.server.setBlocked(linkId, null)).toThrow('suspended')
      expect(() => stage.server.setBlocked(systemRandom.bytes(24), null)).toThrow('no such queue')
      expect(await later.say(DEL, queue.rcvId, queue.key.own)).toEqual(ok)
    },
  )
}
