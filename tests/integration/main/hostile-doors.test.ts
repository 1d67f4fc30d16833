import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { endAll, Program, tempDir } from '../../tools/programs.ts'

afterEach(endAll)

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const upgrade = (target: string, more: readonly string[] = [], key = KEY): string =>
  [
    `GET ${target} HTTP/1.1`,
    'Host: HOST',
    'Origin: http://HOST',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${key}`,
    ...more,
    '\r\n',
  ].join('\r\n')
const get = (target: string, method = 'GET'): string => `${method} ${target} HTTP/1.1\r\nHost: HOST\r\n\r\n`

/** What anybody can send to a port. */
const bytes: readonly string[] = [
  ...[
    '//',
    '///',
    '*',
    'http://',
    'http://[',
    'http://[::1',
    '/\\',
    '//[',
    '/%',
    '/%zz',
    '/\u00ff',
    '?',
    '/a b',
  ].flatMap((target) => [get(target), upgrade(target), upgrade(`${target}?token=x&challenge=x`)]),
  upgrade('http://HOST/contract'),
  upgrade('/contract', [], ''),
  upgrade('/contract', [], 'short'),
  upgrade('/contract', [], 'a'.repeat(4_000)),
  upgrade('/contract', ['Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=999']),
  upgrade('/contract', ['Sec-WebSocket-Extensions: ;;;=,']),
  upgrade('/contract', ['Sec-WebSocket-Protocol: ,,, ,']),
  upgrade('/contract', ['Upgrade: h2c', 'Connection: Upgrade, HTTP2-Settings']),
  upgrade('/contract').replace('Version: 13', 'Version: 99'),
  upgrade('/contract').replace('GET', 'POST'),
  `${upgrade('/contract')}\u0081\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff`,
  ...['CONNECT', 'TRACE', 'OPTIONS', 'HEAD', 'PUT', 'PRI', 'BREW'].flatMap((method) => [
    get('/', method),
    get('example.org:443', method),
    get('*', method),
  ]),
  'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  `GET / HTTP/1.1\r\nHost: HOST\r\n${'X: y\r\n'.repeat(5_000)}\r\n`,
  `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: HOST\r\n\r\n`,
  'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  'GET / HTTP/1.1\r\n\r\n',
  'GET / HTTP/9.9\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: HOST\r\nContent-Length: -1\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nffffffffffffffff\r\n',
  'POST / HTTP/1.1\r\nHost: HOST\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\nhalf',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  '\0'.repeat(1_000),
  '\n\n\n\n',
  'GET',
]

interface Port {
  name: string
  port: number
  tls: boolean
}

function open({ port, tls }: Port): Socket {
  const socket = tls
    ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] })
    : connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  return socket
}

const bytesFor = (text: string, { port }: Port): Buffer =>
  Buffer.from(text.replaceAll('HOST', `127.0.0.1:${port}`), 'latin1')

/** Sends it and resets the connection as soon as it is out; or waits for the other side to answer or close. */
function send(port: Port, text: string, end: 'reset' | 'heard'): Promise<void> {
  return new Promise((resolve) => {
    const socket = open(port)
    socket.once('close', () => resolve())
    // What waits for more, as it may, is not waited for.
    socket.setTimeout(200, () => socket.destroy())
    socket.once(port.tls ? 'secureConnect' : 'connect', () => {
      socket.write(bytesFor(text, port), () => {
        if (end === 'reset' && !port.tls) socket.resetAndDestroy()
        else if (end === 'reset') socket.destroy()
      })
    })
    socket.on('data', () => socket.destroy())
  })
}

async function storm(port: Port): Promise<void> {
  const sent: Promise<void>[] = []
  for (const text of bytes) for (const end of ['reset', 'heard'] as const) sent.push(send(port, text, end))
  await Promise.all(sent)
}

/** Many that begin to speak and go no further, all open at a time. */
async function crowd(port: Port, count: number): Promise<Socket[]> {
  const sockets: Socket[] = []
  for (let at = 0; at < count; at += 250) {
    const some = Array.from({ length: Math.min(250, count - at) }, () => open(port))
    sockets.push(...some)
    await Promise.all(
      some.map(
        (socket) =>
          new Promise<void>((resolve) => {
            socket
              .once('connect', () => socket.write('GET / HT', () => resolve()))
              .once('close', () => resolve())
          }),
      ),
    )
  }
  return sockets
}

function status(port: number, path: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers: { host }, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}

describe('no page, peer or byte ends one of our programs', () => {
  test('the browser host: a page elsewhere calls new WebSocket("ws://127.0.0.1:PORT//")', async () => {
    const { program, port, url } = await browserHost()
    for (const path of ['//', '///x', '/\\', '//contract?token=x'])
      await new Promise<void>((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port.port}${path}`, { origin: 'https://example.org' })
        socket.on('error', () => resolve()).on('open', () => resolve())
      })
    expect(await status(port.port, '/', `127.0.0.1:${port.port}`)).toBe(200)
    await canConnect(url)
    expect(await program.stop()).toBe(0)
  })

  test('the browser host outlives whatever is sent to it, and the person still comes in', async () => {
    const { program, port, url } = await browserHost()
    await storm(port)
    await canConnect(url)
    const key = new URL(url).hash.slice('#token='.length)
    expect(await knock(port.port, key)).toBe('403')
    expect(await program.stop()).toBe(0)
    expect(program.log).not.toMatch(/\bat .*\.ts:\d+/)
  })

  test('the browser host outlives 10,000 connections that say nothing whole', async () => {
    const { program, port, url } = await browserHost()
    const sockets = await crowd(port, 10_000)
    for (const socket of sockets) socket.destroy()
    await expect
      .poll(() => status(port.port, '/', `127.0.0.1:${port.port}`).catch(() => 0), { timeout: 60_000 })
      .toBe(200)
    await canConnect(url)
    expect(await program.stop()).toBe(0)
  })

  test('every door of the relay outlives it, too', async () => {
    const args = ['--web-port', '0', '--ws-port', '0', '--wss-port', '0', '--metrics-port', '0']
    const program = new Program('main/relay.ts', ['--data', tempDir(), ...args], { VITEST: '' })
    const data = (await program.waitForLine('relay.ready', () => true)) as Record<string, string>
    const ports = ['web', 'ws', 'wss', 'metrics'].map((name) => ({
      name,
      port: Number(new URL(data[name]!).port),
      tls: name === 'wss',
    }))
    const own = Number(/:(\d+)$/.exec(data['address']!)![1])
    for (const port of [...ports, { name: 'address', port: own, tls: false }]) await storm(port)
    for (const socket of await crowd(ports[0]!, 2_000)) socket.destroy()
    const metrics = ports.find(({ name }) => name === 'metrics')!
    await expect
      .poll(() => status(metrics.port, '/metrics', `127.0.0.1:${metrics.port}`).catch(() => 0))
      .toBe(200)
    const web = ports.find(({ name }) => name === 'web')!
    await expect.poll(() => status(web.port, '/i', 'smp.example.org').catch(() => 0)).toBe(200)
    expect(await program.stop()).toBe(0)
    expect(program.log).not.toMatch(/\bat .*\.ts:\d+/)
  })

  test('figures are for callers by a name of this computer, whatever name was pointed at it', async () => {
    const program = new Program('main/relay.ts', ['--data', tempDir(), '--metrics-port', '0'])
    const data = (await program.waitForLine('relay.ready', () => true)) as { metrics: string }
    const port = Number(new URL(data.metrics).port)
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, '127.0.0.1', '[::1]:9090'])
      expect(await status(port, '/metrics', host)).toBe(200)
    for (const host of [
      'example.org',
      `attacker.example:${port}`,
      `127.0.0.1.example.org:${port}`,
      'localhost.x',
    ])
      expect(await status(port, '/metrics', host)).toBe(421)
  })
})

async function browserHost(): Promise<{ program: Program; port: Port; url: string }> {
  const args = ['--browser', '--no-open', '--data', tempDir()]
  const program = new Program('main/start.ts', args, { VITEST: '' })
  const { url } = (await program.waitForLine('host.ready', () => true)) as { url: string }
  return { program, port: { name: 'host', port: Number(new URL(url).port), tls: false }, url }
}

/** The address opens the door, once. */
async function canConnect(url: string): Promise<void> {
  const { port, hash } = new URL(url)
  expect(await knock(Number(port), hash.slice('#token='.length))).toBe('open')
}

function knock(port: number, key: string): Promise<string> {
  return new Promise((resolve) => {
    const own = `127.0.0.1:${port}`
    const socket = new WebSocket(`ws://${own}/contract?token=${key}`, { origin: `http://${own}` })
    socket.on('open', () => {
      socket.close()
      resolve('open')
    })
    socket.on('unexpected-response', (_request, response) => resolve(String(response.statusCode)))
    socket.on('error', () => resolve('error'))
  })
}
