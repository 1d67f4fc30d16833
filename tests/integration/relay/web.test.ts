import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { systemRandom } from '#core/crypto'
import { aKey, aQueue, ok, sok } from './client.ts'
import { aClient, aRelay, afterTest } from './setup.ts'
import { openWeb, rawSocketOf, webClient } from './web-client.ts'
import { PING, ack, bodyOf, send, subscribe } from './words.ts'

const challenge = (): Uint8Array => systemRandom.bytes(32)

/** The first line of what HTTP answers to a request, or '' when the connection is cut. */
async function answerTo(url: string, head: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  socket.on('error', () => {})
  socket.write(head)
  await once(socket, 'close')
  return text.split('\r\n')[0]!
}

function upgradeOf(target: string): string {
  const lines = [
    `GET ${target} HTTP/1.1`,
    'Host: relay',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Extensions: permessage-deflate',
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

describe('smp.md 11, the WebSocket form', () => {
  test.each(['ws', 'wss'] as const)(
    'over %s a client creates, subscribes, sends and receives',
    async (scheme) => {
      const relay = await aRelay({ wsPort: 0, wssPort: 0 })
      const url = relay.web[scheme]!
      expect(url).toMatch(new RegExp(`^${scheme}://127\\.0\\.0\\.1:\\d+$`))
      const alice = await webClient(url, relay.address)
      const bob = await webClient(url, relay.address)
      const queue = await aQueue(alice, { kind: 'x25519' })
      const sender = aKey('x25519')
      expect(await bob.say({ type: 'SKEY', sndKey: sender.public }, queue.sndId, sender.own)).toEqual(ok)
      expect(await bob.say(send(systemRandom.bytes(16_048)), queue.sndId, sender.own)).toEqual(ok)
      const message = await alice.message(queue)
      expect(await ack(alice, queue, message.msgId)).toEqual(ok)
      // One relay, two doors: TLS and WebSocket share every queue.
      const carol = await aClient(relay)
      expect(await subscribe(carol, queue)).toEqual(sok)
      expect((await alice.event()).response).toEqual({ type: 'END' })
      expect(await bob.say(send('hello'), queue.sndId, sender.own)).toEqual(ok)
      expect(bodyOf(await carol.message(queue))).toBe('hello')
    },
  )

  test('no door is open that was not asked for', async () => {
    const relay = await aRelay()
    expect(relay.web).toEqual({ ws: null, wss: null })
  })

  test('a client that looks for another relay is closed', async () => {
    const relay = await aRelay({ wsPort: 0 })
    const lost = await webClient(relay.web.ws!, relay.address, systemRandom.bytes(32))
    await lost.untilClosed()
  })

  test('a missing, short, long or repeated challenge is 400, anything but an upgrade 426', async () => {
    const url = (await aRelay({ wsPort: 0 })).web.ws!
    const good = Buffer.from(challenge()).toString('base64url')
    for (const target of [
      '/',
      `/?challenge=${good.slice(1)}`,
      `/?challenge=${good}A`,
      `/?challenge=${good}&challenge=${good}`,
      `/?challenge=${good.slice(1)}%2B`,
    ])
      expect(await answerTo(url, upgradeOf(target)), target).toBe('HTTP/1.1 400 Bad Request')
    expect(await answerTo(url, 'GET / HTTP/1.1\r\nHost: relay\r\n\r\n')).toBe('HTTP/1.1 426 Upgrade Required')
  })

  test('compression is refused, the hello comes after the upgrade and not with it', async () => {
    const relay = await aRelay({ wsPort: 0 })
    const { web, blocks } = await openWeb(relay.web.ws!, challenge())
    expect(web.extensions).toBe('')
    expect(web.protocol).toBe('')
    const first = await new Promise<Uint8Array>((resolve) => {
      blocks.onBlock(resolve)
      blocks.resume()
    })
    expect(first.length).toBe(16_384)
  })

  test('text, short and long messages end their connection and no other', async () => {
    const relay = await aRelay({ wsPort: 0 })
    const beside = await webClient(relay.web.ws!, relay.address)
    for (const message of ['text', new Uint8Array(16_383), new Uint8Array(16_385), new Uint8Array(0)]) {
      const { web } = await openWeb(relay.web.ws!, challenge())
      web.on('error', () => {})
      web.resume()
      web.send(message)
      await once(web, 'close')
    }
    expect(await beside.say(PING)).toEqual({ type: 'PONG' })
  })

  test('before the upgrade: long heads, slow heads and silence are cut', async () => {
    const relay = await aRelay({ wsPort: 0, limits: { upgradeTimeout: 200 } })
    const url = relay.web.ws!
    const long = `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`
    expect(await answerTo(url, long)).toBe('')
    expect(await answerTo(url, 'GET / HTTP/1.1\r\nHost:')).not.toMatch(/ (101|200) /)
    expect(await answerTo(url, '')).not.toMatch(/ (101|200) /)
    expect(await (await webClient(url, relay.address)).say(PING)).toEqual({ type: 'PONG' })
    await vi.waitFor(() => expect(relay.stats().connections).toBe(1), { timeout: 20_000 })
  })

  test.each(['ws', 'wss'] as const)(
    'a message over %s that does not end is cut in its time; whoever has finished his may be silent',
    async (scheme) => {
      const limits = { blockTimeout: 300, blockInterval: 50 }
      const relay = await aRelay({ wsPort: 0, wssPort: 0, limits })
      const url = relay.web[scheme]!
      const silent = await webClient(url, relay.address)
      expect(await silent.say(PING)).toEqual({ type: 'PONG' })
      const slow = await webClient(url, relay.address)
      expect(await slow.say(PING)).toEqual({ type: 'PONG' })
      const socket = rawSocketOf(slow)
      // The head of a masked binary frame of one block, and a byte now and then.
      socket.write(Uint8Array.of(0x82, 0xfe, 0x40, 0x00, 1, 2, 3, 4))
      const dribble = setInterval(() => socket.write(Uint8Array.of(1)), 20)
      afterTest(() => clearInterval(dribble))
      await slow.untilClosed()
      expect(await silent.say(PING)).toEqual({ type: 'PONG' })
      expect(relay.stats().connections).toBe(1)
    },
  )

  test('a client that goes leaves nothing behind', async () => {
    const relay = await aRelay({ wssPort: 0 })
    const client = await webClient(relay.web.wss!, relay.address)
    await aQueue(client)
    expect(relay.stats()).toMatchObject({ connections: 1, subscriptions: 1 })
    client.close()
    const gone = (): void => expect(relay.stats()).toMatchObject({ connections: 0, subscriptions: 0 })
    await vi.waitFor(gone, { timeout: 20_000, interval: 20 })
  })
})
