import { once } from 'node:events'
import { connect } from 'node:tls'
import { expect } from 'vitest'
import { deadline, systemClock } from '#core/base'
import { generateX25519, systemRandom, x25519 } from '#core/crypto'
import { pad } from '#core/encoding'
import {
  BLOCK_SIZE,
  type Command,
  effectivePort,
  encodeClientHello,
  maxBodySize,
  openNotificationMeta,
  preferredHost,
} from '#core/protocol'
import { dialTls, nextBlock } from '#core/transport'
import {
  type TestClient,
  type TestQueue,
  aKey,
  authError,
  deleted,
  end,
  largeError,
  ok,
  quotaError,
  sok,
} from '../integration/relay/client.ts'
import { DEL, GET, PING, SUB, ack, bodyOf, send, subscribe } from '../integration/relay/words.ts'
import type { Lines, Server, Stage } from './smp-server.ts'

const VERSIONS = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]

export function otherLines(lines: Lines): void {
  persistence(lines)
  notifications(lines)
  transport(lines)
  batches(lines)
}

async function appoint(client: TestClient, queue: TestQueue) {
  const key = aKey()
  const dh = generateX25519(systemRandom)
  const command: Command = { type: 'NKEY', ntfKey: key.public, rcvNtfDhKey: dh.publicKey }
  const response = await client.say(command, queue.rcvId, queue.key.own)
  if (response.type !== 'NID') throw new Error(`no NID but ${response.type}`)
  return { id: response.ntfId, key: key.own, secret: x25519(dh.privateKey, response.srvNtfDhKey) }
}

/* ---- persistence, expiry */

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

function persistence({ ourLine }: Lines): void {
  ourLine(
    'restart: queues, keys, notifier and link survive, what was deleted does not come back',
    {},
    async (stage) => {
      let client = await stage.client()
      const [kept, gone] = [await stage.queue(client), await stage.queue(client)]
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
      expect(await subscribe(client, gone)).toEqual(authError)
      expect(await client.say(send('x'), gone.sndId)).toEqual(authError)
    },
  )

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

  ourLine(
    'expiry: what is older than its time is dropped on start',
    { limits: { messageTtl: 1, expireOnSend: false } },
    async (stage) => {
      let client = await stage.client()
      const queue = await stage.queue(client, { subscribe: false })
      for (const text of ['1', '2']) await client.say(send(text), queue.sndId)
      await stage.restart()
      client = await stage.client()
      expect(await waiting(client, queue)).toEqual([])
      // Nothing looks at the age of a message between start, SEND and the round.
      await client.say(send('3'), queue.sndId)
      expect(await waiting(client, queue)).toEqual(['3'])
    },
  )
}

/* ---- notifications */

function notifications({ line }: Lines): void {
  line('NKEY twice gives different ids; NSUB is answered by SOK', async (stage) => {
    const client = await stage.client()
    const queue = await stage.queue(client)
    const [first, second] = [await appoint(client, queue), await appoint(client, queue)]
    expect(first.id).not.toEqual(second.id)
    expect(await client.say({ type: 'NSUB' }, second.id, second.key)).toEqual(sok)
    expect(await client.say({ type: 'NSUB' }, first.id, first.key)).toEqual(authError)
  })

  line('SEND with the flag: MSG to the recipient and NMSG of the same id to the notifier', async (stage) => {
    const [client, other] = [await stage.client(), await stage.client()]
    const queue = await stage.queue(client)
    const notifier = await appoint(client, queue)
    await other.say({ type: 'NSUB' }, notifier.id, notifier.key)
    expect(await client.say(send('x', true), queue.sndId)).toEqual(ok)
    const message = await client.message(queue)
    const { entityId, response } = await other.event()
    if (response.type !== 'NMSG') throw new Error(response.type)
    expect([entityId, response.meta.length]).toEqual([notifier.id, 144])
    const meta = openNotificationMeta(notifier.secret, response.nonce, response.meta)
    expect(meta.msgId).toEqual(message.msgId)
  })

  line(
    'NSUB elsewhere is END here; NDEL is DELD to the notifier; NKEY with new keys begins again',
    async (stage) => {
      const [client, one, two] = [await stage.client(), await stage.client(), await stage.client()]
      const queue = await stage.queue(client)
      const notifier = await appoint(client, queue)
      const nsub = { type: 'NSUB' } as const
      expect(await one.say(nsub, notifier.id, notifier.key)).toEqual(sok)
      expect(await two.say(nsub, notifier.id, notifier.key)).toEqual(sok)
      expect((await one.event()).response).toEqual(end)
      for (let i = 0; i < 2; i++)
        expect(await client.say({ type: 'NDEL' }, queue.rcvId, queue.key.own)).toEqual(ok)
      const event = await two.event()
      expect([event.entityId, event.response]).toEqual([notifier.id, deleted])
      expect(await two.say(nsub, notifier.id, notifier.key)).toEqual(authError)
      const again = await appoint(client, queue)
      expect(await two.say(nsub, again.id, again.key)).toEqual(sok)
      await client.say(send('x', true), queue.sndId)
      expect((await two.event()).response.type).toBe('NMSG')
    },
  )
}

/* ---- transport */

async function closesAfter(
  server: Server,
  change: { version?: number; keyHash?: Uint8Array },
): Promise<void> {
  using limit = deadline(systemClock, 20_000, undefined)
  const { blocks } = await dialTls(server.address, { signal: limit.signal, clock: systemClock })
  await nextBlock(blocks, limit.signal)
  const { keyHash } = server.address
  const key = generateX25519(systemRandom).publicKey
  const hello = { version: 18, keyHash, key, proxyServer: false, service: null, ...change }
  const closed = new Promise<void>((resolve) => blocks.onClose(() => resolve()))
  await blocks.send(pad(encodeClientHello(hello), BLOCK_SIZE))
  blocks.resume()
  await closed
}

async function inVersion(stage: Stage, version: number): Promise<void> {
  const [alice, bob] = [await stage.client(version), await stage.client(version)]
  const queue = await stage.queue(alice)
  expect(queue.ids.mode).toBe(version >= 9 ? 'M' : null)
  expect(await bob.say(send(systemRandom.bytes(maxBodySize(version))), queue.sndId)).toEqual(ok)
  const message = await alice.message(queue)
  expect(message.cipher).toHaveLength(16_122)
  expect(await ack(alice, queue, message.msgId)).toEqual(ok)
  if (version >= 11) {
    const larger = send(systemRandom.bytes(maxBodySize(version) + 1))
    expect(await bob.say(larger, queue.sndId)).toEqual(largeError)
  }
  expect(await subscribe(bob, queue)).toEqual(version >= 16 ? sok : ok)
  expect((await alice.event()).response).toEqual(end)
  expect(await alice.say(DEL, queue.rcvId, queue.key.own)).toEqual(ok)
  expect((await bob.event()).response).toEqual(version >= 10 ? deleted : end)
}

function transport({ line, ourLine }: Lines): void {
  for (const version of VERSIONS)
    line(`version ${version}: a conversation in the form of that version`, (stage) =>
      inVersion(stage, version),
    )

  line('session id, chain and signed key: checked by every client of this suite', async (stage) => {
    expect(await (await stage.client()).say(PING)).toEqual({ type: 'PONG' })
  })

  line('a wrong key hash, and versions that were not offered, are closed', async (stage) => {
    await closesAfter(stage.server, { keyHash: systemRandom.bytes(32) })
    await closesAfter(stage.server, { version: 0xfff0 })
    await closesAfter(stage.server, { version: 5 })
  })

  ourLine('without ALPN: closed', {}, async ({ server }) => {
    const { address } = server
    const options = { host: preferredHost(address), port: Number(effectivePort(address)) }
    const socket = connect({ ...options, ciphers: 'TLS_CHACHA20_POLY1305_SHA256', rejectUnauthorized: false })
    socket.on('error', () => {})
    socket.resume()
    await once(socket, 'close')
  })

  ourLine('PRXY is refused by BASIC_AUTH, PFWD by NO_SESSION', {}, async (stage) => {
    const client = await stage.client()
    const proxied = (type: 'BASIC_AUTH' | 'NO_SESSION') => ({
      type: 'ERR',
      error: { type: 'PROXY', error: { type } },
    })
    const relay = { ...stage.server.address, password: null }
    expect(await client.say({ type: 'PRXY', relay, password: null })).toEqual(proxied('BASIC_AUTH'))
    const commandKey = generateX25519(systemRandom).publicKey
    const forward = { type: 'PFWD', version: 17, commandKey, encrypted: systemRandom.bytes(40) } as const
    expect(await client.say(forward, systemRandom.bytes(32))).toEqual(proxied('NO_SESSION'))
  })

  line('who does not read holds up nobody else', async (stage) => {
    const [slow, quick, sender] = [await stage.client(), await stage.client(), await stage.client()]
    const queues = [await stage.queue(slow), await stage.queue(quick)]
    slow.session.blocks.pause()
    for (let i = 0; i < 20; i++)
      for (const queue of queues)
        expect(await sender.say(send(systemRandom.bytes(10_000)), queue.sndId)).toEqual(ok)
    let message = await quick.message(queues[1]!)
    for (let i = 1; i < 20; i++) message = queues[1]!.open(await ack(quick, queues[1]!, message.msgId))
    expect(await ack(quick, queues[1]!, message.msgId)).toEqual(ok)
  })
}

/* ---- batches */

function batches({ line }: Lines): void {
  line('135 signed SUBs fit one block and are all answered', async (stage) => {
    const client = await stage.client()
    const queue = await stage.queue(client)
    const ask = { command: SUB, entity: queue.rcvId, key: queue.key.own }
    const answers = await client.askAll(Array.from({ length: 135 }, () => ask))
    expect(answers.every(({ response }) => response.type === 'SOK')).toBe(true)
  })

  line('255 commands of one block are all answered, the failed ones too', async (stage) => {
    const client = await stage.client()
    const asks = Array.from({ length: 255 }, (_, i) => ({
      command: i % 5 === 0 ? new TextEncoder().encode('X') : PING,
    }))
    const answers = await client.askAll(asks)
    expect(answers.map(({ response }) => response.type)).toEqual(
      asks.map((_, i) => (i % 5 === 0 ? 'ERR' : 'PONG')),
    )
  })
}
