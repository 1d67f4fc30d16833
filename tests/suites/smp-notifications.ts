import { expect } from 'vitest'
import { generateX25519, systemRandom, x25519 } from '#core/crypto'
import { type Command, openNotificationMeta } from '#core/protocol'
import {
  type TestClient,
  type TestQueue,
  aKey,
  authError,
  deleted,
  end,
  ok,
  sok,
} from '../integration/relay/client.ts'
import { send } from '../integration/relay/words.ts'
import type { Lines } from './smp-server.ts'

const NSUB = { type: 'NSUB' } as const

export async function appoint(client: TestClient, queue: TestQueue) {
  const key = aKey()
  const dh = generateX25519(systemRandom)
  const command: Command = { type: 'NKEY', ntfKey: key.public, rcvNtfDhKey: dh.publicKey }
  const response = await client.say(command, queue.rcvId, queue.key.own)
  if (response.type !== 'NID') throw new Error(`no NID but ${response.type}`)
  return { id: response.ntfId, key: key.own, secret: x25519(dh.privateKey, response.srvNtfDhKey) }
}

export function notificationLines({ line }: Lines): void {
  line('NKEY twice gives different ids; NSUB is answered by SOK', async (stage) => {
    const client = await stage.client()
    const queue = await stage.queue(client)
    const [first, second] = [await appoint(client, queue), await appoint(client, queue)]
    expect(first.id).not.toEqual(second.id)
    expect(await client.say(NSUB, second.id, second.key)).toEqual(sok)
    expect(await client.say(NSUB, first.id, first.key)).toEqual(authError)
  })

  line('NSUB with the signature of a service outside of its session is ERR SERVICE', async (stage) => {
    const client = await stage.client()
    const { id, key } = await appoint(client, await stage.queue(client))
    const ask = { command: NSUB, entity: id, key, serviceSignature: systemRandom.bytes(64) }
    expect((await client.ask(ask)).response).toEqual({ type: 'ERR', error: { type: 'SERVICE' } })
    expect(await client.say(NSUB, id, key)).toEqual(sok)
  })

  line('SEND with the flag: MSG to the recipient and NMSG of the same id to the notifier', async (stage) => {
    const [client, other] = [await stage.client(), await stage.client()]
    const queue = await stage.queue(client)
    const notifier = await appoint(client, queue)
    await other.say(NSUB, notifier.id, notifier.key)
    expect(await client.say(send('x', true), queue.sndId)).toEqual(ok)
    const message = await client.message(queue)
    const { entityId, response } = await other.event()
    if (response.type !== 'NMSG') throw new Error(response.type)
    expect([entityId, response.meta.length]).toEqual([notifier.id, 144])
    const meta = openNotificationMeta(notifier.secret, response.nonce, response.meta)
    expect(meta.msgId).toEqual(message.msgId)
  })

  line(
    'NSUB elsewhere is END here; NDEL is DELD to the notifier and no more NMSG; NKEY with new keys begins again',
    async (stage) => {
      const [client, one, two] = [await stage.client(), await stage.client(), await stage.client()]
      const queue = await stage.queue(client)
      const notifier = await appoint(client, queue)
      expect(await one.say(NSUB, notifier.id, notifier.key)).toEqual(sok)
      expect(await two.say(NSUB, notifier.id, notifier.key)).toEqual(sok)
      const ended = await one.event()
      expect([ended.entityId, ended.response]).toEqual([notifier.id, end])
      for (let i = 0; i < 2; i++)
        expect(await client.say({ type: 'NDEL' }, queue.rcvId, queue.key.own)).toEqual(ok)
      const event = await two.event()
      expect([event.entityId, event.response]).toEqual([notifier.id, deleted])
      expect(await client.say(send('unheard', true), queue.sndId)).toEqual(ok)
      expect(await two.settled()).toEqual([])
      expect(await two.say(NSUB, notifier.id, notifier.key)).toEqual(authError)
      const again = await appoint(client, queue)
      expect(await two.say(NSUB, again.id, again.key)).toEqual(sok)
      await client.say(send('x', true), queue.sndId)
      expect((await two.event()).response.type).toBe('NMSG')
      expect(await one.settled()).toEqual([])
    },
  )
}
