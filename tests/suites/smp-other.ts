import { once } from 'node:events'
import { connect } from 'node:tls'
import { expect } from 'vitest'
import { deadline, systemClock } from '#core/base'
import { generateX25519, systemRandom } from '#core/crypto'
import { pad, unpad } from '#core/encoding'
import {
  BLOCK_SIZE,
  type ClientHello,
  type Response,
  decodeServiceResponse,
  effectivePort,
  encodeClientHello,
  maxBodySize,
  preferredHost,
} from '#core/protocol'
import { dialTls, nextBlock } from '#core/transport'
import {
  type Ask,
  type TestClient,
  authError,
  deleted,
  end,
  largeError,
  ok,
  sok,
} from '../integration/relay/client.ts'
import { DEL, PING, SUB, ack, send, subscribe } from '../integration/relay/words.ts'
import { appoint } from './smp-notifications.ts'
import type { Lines, Server, Stage } from './smp-server.ts'

const VERSIONS = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]

export function otherLines(lines: Lines): void {
  transport(lines)
  batches(lines)
}

/* ---- transport */

async function closesAfter(
  server: Server,
  change: { version?: number; keyHash?: Uint8Array; service?: ClientHello['service'] },
): Promise<Uint8Array[]> {
  using limit = deadline(systemClock, 20_000, undefined)
  const { blocks } = await dialTls(server.address, { signal: limit.signal, clock: systemClock })
  await nextBlock(blocks, limit.signal)
  const { keyHash } = server.address
  const key = generateX25519(systemRandom).publicKey
  const hello = { version: 18, keyHash, key, proxyServer: false, service: null, ...change }
  const closed = new Promise<void>((resolve) => blocks.onClose(() => resolve()))
  await blocks.send(pad(encodeClientHello(hello), BLOCK_SIZE))
  const said: Uint8Array[] = []
  blocks.onBlock((block) => void said.push(block))
  blocks.resume()
  await closed
  return said
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
    const wrong = [{ keyHash: systemRandom.bytes(32) }, { version: 0xfff0 }, { version: 5 }]
    for (const change of wrong) expect(await closesAfter(stage.server, change)).toEqual([])
  })

  ourLine('without ALPN: closed', {}, async ({ server }) => {
    const { address } = server
    const options = { host: preferredHost(address), port: Number(effectivePort(address)) }
    const socket = connect({ ...options, ciphers: 'TLS_CHACHA20_POLY1305_SHA256', rejectUnauthorized: false })
    socket.on('error', () => {})
    socket.resume()
    await once(socket, 'close')
  })

  ourLine('a service in the hello is answered by BAD_SERVICE and closed', {}, async ({ server }) => {
    const service = { role: 'M', chain: [systemRandom.bytes(99)], signedKey: systemRandom.bytes(99) } as const
    const [answer, ...more] = await closesAfter(server, { service })
    expect(decodeServiceResponse(unpad(answer!))).toEqual({ ok: false, error: 'HANDSHAKE BAD_SERVICE' })
    expect(more).toEqual([])
  })

  line('QUE tells the recipient, and nobody else, what is in its queue', async (stage) => {
    const client = await stage.client()
    const queue = await stage.queue(client)
    const info = async () => {
      const response = await client.say({ type: 'QUE' }, queue.rcvId, queue.key.own)
      return response.type === 'INFO' ? response.info : response
    }
    expect(await info()).toMatchObject({ secured: false, notifier: false, size: 0, message: null })
    for (const text of ['1', '2']) await client.say(send(text), queue.sndId)
    const { msgId } = await client.message(queue)
    expect(await info()).toMatchObject({
      subscription: { kind: 'subThread', delivered: msgId },
      size: 2,
      message: { msgId, type: 'message' },
    })
    expect(await client.say({ type: 'QUE' }, queue.sndId, queue.key.own)).toEqual(authError)
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

/** Of one block, so that what comes of them can share one as well. */
async function sameBlock(client: TestClient, asks: readonly Ask[], type: Response['type']): Promise<void> {
  const answers = await client.askAll(asks)
  expect(answers.every(({ response }) => response.type === type)).toBe(true)
}

function batches({ line, ourLine }: Lines): void {
  ourLine('135 ENDs of one takeover come in one block', {}, async (stage) => {
    const [first, second] = [await stage.client(), await stage.client()]
    const asks: Ask[] = []
    for (let i = 0; i < 135; i++) {
      const { rcvId, key } = await stage.queue(first)
      asks.push({ command: SUB, entity: rcvId, key: key.own })
    }
    const before = first.blocks.length
    await sameBlock(second, asks, 'SOK')
    await first.until(() => first.events.length === 135)
    expect(first.events.every(({ response }) => response.type === 'END')).toBe(true)
    expect(first.blocks.slice(before)).toEqual([135])
  })

  ourLine('80 NMSGs fit one block, the next waits for another', {}, async (stage) => {
    const [client, listener] = [await stage.client(), await stage.client()]
    const queue = await stage.queue(client, { subscribe: false })
    const notifier = await appoint(client, queue)
    await listener.say({ type: 'NSUB' }, notifier.id, notifier.key)
    const before = listener.blocks.length
    const ask = { command: send('x', true), entity: queue.sndId }
    await sameBlock(
      client,
      Array.from({ length: 81 }, () => ask),
      'OK',
    )
    await listener.until(() => listener.events.length === 81)
    expect(listener.events.every(({ response }) => response.type === 'NMSG')).toBe(true)
    expect(listener.blocks.slice(before)).toEqual([80, 1])
  })

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
