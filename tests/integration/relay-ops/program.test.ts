import Database from 'better-sqlite3'
import type { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { parseRelayAddress } from '#core/protocol'
import { aQueue, ok } from '../relay/client.ts'
import { type StartedProgram, spawnRelay } from '../relay/program.ts'
import { aClient, aFolder } from '../relay/setup.ts'
import { PING, bodyOf, send, subscribe } from '../relay/words.ts'

interface Ready {
  readonly address: string
  readonly web?: string
  readonly metrics?: string
}

async function ready(started: StartedProgram): Promise<Ready> {
  await expect
    .poll(() => started.stdout().includes('\n') || started.child.exitCode !== null, { timeout: 60_000 })
    .toBe(true)
  const [line = ''] = started.stdout().split('\n')
  if (line === '') throw new Error(`it ended: ${started.stderr()}`)
  return (JSON.parse(line) as { data: Ready }).data
}

async function startedRelay(args: readonly string[]) {
  const program = spawnRelay(args)
  const data = await ready(program)
  return { ...program, ...data, relay: { address: parseRelayAddress(data.address) } }
}

async function command(...args: string[]) {
  const program = spawnRelay(args)
  return { code: await program.ended, stdout: program.stdout(), stderr: program.stderr() }
}

const pemOf = (dataDir: string): string => readFileSync(join(dataDir, 'identity', 'server.crt'), 'utf8')

async function shownBy(port: string): Promise<X509Certificate> {
  const socket = connect({ port: Number(port), ALPNProtocols: ['smp/1'], rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const certificate = socket.getPeerX509Certificate()!
  socket.destroy()
  return certificate
}

describe('settings', () => {
  test('a config file settles everything, and a flag wins over it', async () => {
    const folder = aFolder()
    const config = join(folder, 'relay.json')
    const limits = { quota: 3, queues: 2 }
    writeFileSync(config, JSON.stringify({ data: 'r', password: 'fromfile', metricsPort: 0, limits }))
    const started = await startedRelay(['--config', config, '--password', 'sesame'])
    expect(started.relay.address.password).toBe('sesame')
    expect(existsSync(join(folder, 'r', 'relay.db'))).toBe(true)
    expect(started.metrics).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/)
    const client = await aClient(started.relay)
    const password = new TextEncoder().encode('sesame')
    await aQueue(client, { password })
    await aQueue(client, { password })
    await expect(aQueue(client, { password })).rejects.toThrow()
  })

  test('the address carries the names that people reach it by', async () => {
    const name = 'smp.example.org,abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion'
    const started = await startedRelay(['--data', aFolder(), '--name', name])
    expect(started.relay.address.hosts).toEqual(name.split(','))
    const refused = await command('--data', aFolder(), '--name', 'not a name')
    expect(refused.code).toBe(64)
  })

  test('what is unknown or wrong in it is refused by name, and no value of it is repeated', async () => {
    const config = join(aFolder(), 'relay.json')
    const wrong: [unknown, RegExp][] = [
      [{ data: 'r', metricPort: 1 }, /unknown key "metricPort"/],
      [{ data: 'r', limits: { quotas: 1 } }, /unknown limit "quotas"/],
      [{ data: 'r', limits: { quota: 0 } }, /"quota" takes a whole number/],
      [{ data: 'r', limits: { expireOnSend: 1 } }, /"expireOnSend" takes true or false/],
      [{ data: 'r', webPort: 70_000 }, /--web-port takes a number/],
      ['{ "password": "sesame" ', /not JSON/],
    ]
    for (const [content, words] of wrong) {
      writeFileSync(config, typeof content === 'string' ? content : JSON.stringify(content))
      const { code, stderr, stdout } = await command('--config', config)
      expect(code).toBe(64)
      expect(stderr).toMatch(words)
      expect(stderr + stdout).not.toContain('sesame')
    }
  })
})

describe('identity', () => {
  test('the first start, and only that, says how to take the CA key offline; without it the relay runs', async () => {
    const dataDir = aFolder()
    const first = await startedRelay(['--data', dataDir])
    expect(first.stderr()).toMatch(/identity\/ca\.key/)
    first.child.kill('SIGTERM')
    expect(await first.ended).toBe(0)
    renameSync(join(dataDir, 'identity', 'ca.key'), join(aFolder(), 'ca.key'))
    const second = await startedRelay(['--data', dataDir])
    expect(second.stderr()).not.toMatch(/ca\.key/)
    expect(second.address).toBe(first.address)
  })

  test('rotate makes a new certificate under the same address, and the running relay takes it up at once', async () => {
    const dataDir = aFolder()
    const started = await startedRelay(['--data', dataDir])
    const before = await aClient(started.relay)
    const old = pemOf(dataDir)
    const rotated = await command('rotate', '--data', dataDir)
    expect(rotated.code).toBe(0)
    expect(JSON.parse(rotated.stdout)).toEqual({ event: 'relay.rotated', data: { running: true } })
    expect(pemOf(dataDir)).not.toBe(old)
    expect(await before.say(PING)).toEqual({ type: 'PONG' })
    expect((await shownBy(started.relay.address.port)).toString()).toBe(pemOf(dataDir))
    expect(await (await aClient(started.relay)).say(PING)).toEqual({ type: 'PONG' })
    started.child.kill('SIGTERM')
    expect(await started.ended).toBe(0)
    const again = await startedRelay(['--data', dataDir])
    expect(again.address).toBe(started.address)
    expect(await (await aClient(again.relay)).say(PING)).toEqual({ type: 'PONG' })
  })

  test('rotate without the CA key says so, and takes it from elsewhere', async () => {
    const dataDir = aFolder()
    const started = await startedRelay(['--data', dataDir])
    started.child.kill('SIGTERM')
    await started.ended
    const key = join(aFolder(), 'ca.key')
    renameSync(join(dataDir, 'identity', 'ca.key'), key)
    const refused = await command('rotate', '--data', dataDir)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/--ca-key/)
    const old = pemOf(dataDir)
    expect((await command('rotate', '--data', dataDir, '--ca-key', key)).code).toBe(0)
    expect(pemOf(dataDir)).not.toBe(old)
    const stranger = join(dataDir, 'identity', 'server.key')
    expect((await command('rotate', '--data', dataDir, '--ca-key', stranger)).stderr).toMatch(/not the key/)
  })

  test('a change of certificate that a crash cut in two is brought to its end at the next start', async () => {
    const dataDir = aFolder()
    const started = await startedRelay(['--data', dataDir])
    started.child.kill('SIGTERM')
    await started.ended
    const old = pemOf(dataDir)
    await command('rotate', '--data', dataDir)
    const fresh = pemOf(dataDir)
    const identity = join(dataDir, 'identity')
    renameSync(join(identity, 'server.crt'), join(identity, 'server.crt.new'))
    writeFileSync(join(identity, 'server.crt'), old)
    const again = await startedRelay(['--data', dataDir])
    expect(await (await aClient(again.relay)).say(PING)).toEqual({ type: 'PONG' })
    expect(pemOf(dataDir)).toBe(fresh)
  })

  test('SIGHUP takes up what is in the folder and ends nothing', async () => {
    const started = await startedRelay(['--data', aFolder()])
    const client = await aClient(started.relay)
    started.child.kill('SIGHUP')
    await expect.poll(started.stderr).toContain('relay.certificate-renewed')
    expect(await client.say(PING)).toEqual({ type: 'PONG' })
  })
})

describe('backup', () => {
  test('a copy made beside the running relay, under load, opens whole and holds what was answered before', async () => {
    const dataDir = aFolder()
    const started = await startedRelay(['--data', dataDir])
    const client = await aClient(started.relay)
    const queue = await aQueue(client, { subscribe: false })
    expect(await client.say(send('before'), queue.sndId)).toEqual(ok)
    const others = await Promise.all(Array.from({ length: 8 }, () => aQueue(client, { subscribe: false })))
    let running = true
    const load = Promise.all(
      others.map(async ({ sndId }) => {
        for (let n = 0; running && n < 100; n++) await client.say(send(new Uint8Array(8_000)), sndId)
      }),
    )
    const file = join(aFolder(), 'copy.db')
    const made = await command('backup', file, '--data', dataDir)
    running = false
    await load
    expect(made.code, made.stderr).toBe(0)
    expect(JSON.parse(made.stdout)).toMatchObject({ event: 'relay.backup', data: { running: true } })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const copy = new Database(file)
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok')
    copy.close()
    // The queue and its message live in the copy: a relay that starts from it has both.
    started.child.kill('SIGTERM')
    await started.ended
    renameSync(file, join(dataDir, 'relay.db'))
    const restored = await startedRelay(['--data', dataDir])
    const reader = await aClient(restored.relay)
    const answer = await subscribe(reader, queue)
    expect(bodyOf(answer.type === 'MSG' ? queue.open(answer) : await reader.message(queue))).toBe('before')
  })

  test('of a relay that does not run, over an older copy, and never over the database itself', async () => {
    const dataDir = aFolder()
    const started = await startedRelay(['--data', dataDir])
    const own = await command('backup', join(dataDir, 'relay.db'), '--data', dataDir)
    expect(own.code).toBe(1)
    expect(own.stderr).toMatch(/a file of its own/)
    started.child.kill('SIGTERM')
    await started.ended
    const file = join(aFolder(), 'copy.db')
    writeFileSync(file, 'older')
    const made = await command('backup', file, '--data', dataDir)
    expect(JSON.parse(made.stdout)).toMatchObject({ data: { running: false } })
    expect(readFileSync(file).subarray(0, 6).toString()).toBe('SQLite')
    expect(existsSync(`${file}.part`)).toBe(false)
  })

  test('the door for that is for its owner alone', async () => {
    const dataDir = aFolder()
    await startedRelay(['--data', dataDir])
    const socket = statSync(join(dataDir, 'control.sock'))
    expect(socket.isSocket()).toBe(true)
    expect(socket.mode & 0o777).toBe(0o600)
  })
})

describe('block and unblock', () => {
  test('close a queue by the id that its link has, tell its subscriber, and open it again', async () => {
    const dataDir = aFolder()
    const started = await startedRelay(['--data', dataDir])
    const client = await aClient(started.relay)
    const queue = await aQueue(client)
    // An id may begin with a hyphen, which is no flag.
    const id = `--queue=${Buffer.from(queue.sndId).toString('base64url')}`
    const blocked = await command('block', id, '--reason', 'spam', '--ttl', '3600', '--data', dataDir)
    expect(blocked.code, blocked.stderr).toBe(0)
    expect(JSON.parse(blocked.stdout)).toEqual({ event: 'relay.blocked', data: { reason: 'spam' } })
    const error = { type: 'BLOCKED', reason: 'spam', notice: { ttl: 3_600 } }
    expect((await client.event()).response).toEqual({ type: 'ERR', error })
    expect(await client.say(send('x'), queue.sndId)).toEqual({ type: 'ERR', error })
    expect((await command('unblock', id, '--data', dataDir)).code).toBe(0)
    expect(await client.say(send('x'), queue.sndId)).toEqual(ok)
  })

  test('say what is wrong: no such queue, no running relay, a reason that is none', async () => {
    const dataDir = aFolder()
    const id = `--queue=${'A'.repeat(32)}`
    const block = (...more: string[]) => command('block', id, '--data', dataDir, ...more)
    expect(await block('--reason', 'spam')).toMatchObject({ code: 1 })
    expect(await block('--reason', 'dislike')).toMatchObject({ code: 64 })
    await startedRelay(['--data', dataDir])
    const unknown = await block('--reason', 'spam')
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringMatching(/no such queue/)])
    expect(await command('backup', 'x', '--ttl', '1', '--data', dataDir)).toMatchObject({ code: 64 })
  })
})

test('--storage memory leaves no queue behind, and the same address', async () => {
  const dataDir = aFolder()
  const args = ['--data', dataDir, '--storage', 'memory']
  const first = await startedRelay(args)
  await aQueue(await aClient(first.relay))
  expect(existsSync(join(dataDir, 'relay.db'))).toBe(false)
  const none = await command('backup', join(aFolder(), 'copy.db'), '--data', dataDir)
  expect(none.code).toBe(1)
  first.child.kill('SIGTERM')
  await first.ended
  const second = await startedRelay(args)
  expect(second.relay.address.keyHash).toEqual(first.relay.address.keyHash)
})

describe('figures', () => {
  test('they count what happened, on the loopback only, and name no queue and nobody', async () => {
    const started = await startedRelay(['--data', aFolder(), '--metrics-port', '0'])
    const client = await aClient(started.relay)
    const queue = await aQueue(client)
    expect(await client.say(send('hello'), queue.sndId)).toEqual(ok)
    await client.message(queue)
    await client.say(PING, new Uint8Array(24))
    const text = await (await fetch(started.metrics!)).text()
    const value = (name: string): number => Number(text.match(new RegExp(`^${name} (.+)$`, 'm'))?.[1])
    expect(value('duplex_relay_connections')).toBe(1)
    expect(value('duplex_relay_queues')).toBe(1)
    expect(value('duplex_relay_handshakes_total')).toBe(1)
    expect(value('duplex_relay_messages_received_total')).toBe(1)
    expect(value('duplex_relay_messages_delivered_total')).toBe(1)
    expect(value('duplex_relay_commands_total{type="SEND"}')).toBe(1)
    expect(value('duplex_relay_received_bytes_total')).toBeGreaterThan(16_384)
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(1e6)
    expect(text).toMatch(/duplex_relay_errors_total\{kind="\w+"\} \d+/)
    const ids = [queue.rcvId, queue.sndId].flatMap((id) => [
      Buffer.from(id).toString('hex'),
      Buffer.from(id).toString('base64url'),
    ])
    for (const id of [...ids, '127.0.0.1']) expect(text).not.toContain(id)
    for (const line of text.trim().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="\w[\w.-]*"\})? [\d.e+-]+)$/)
  })

  test('nothing but the figures is there', async () => {
    const started = await startedRelay(['--data', aFolder(), '--metrics-port', '0'])
    expect((await fetch(started.metrics!.replace('/metrics', '/'))).status).toBe(404)
    expect((await fetch(started.metrics!, { method: 'POST' })).status).toBe(405)
  })
})

describe('flows.md 10: the page for links', () => {
  test('it is served for the four kinds of link, with a policy that lets nothing else in', async () => {
    const started = await startedRelay([
      '--data',
      aFolder(),
      '--web-port',
      '0',
      '--download',
      'https://example.org/get',
    ])
    for (const path of ['/i', '/a', '/invitation', '/contact', '/contact/']) {
      const page = await fetch(`${started.web}${path}`)
      expect(page.status).toBe(200)
      expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'sha256-/)
      expect(page.headers.get('content-security-policy')).not.toContain('unsafe')
      expect(page.headers.get('referrer-policy')).toBe('no-referrer')
      expect(page.headers.get('set-cookie')).toBeNull()
      expect(await page.text()).toContain('href="https://example.org/get"')
    }
    expect((await fetch(`${started.web}/`)).status).toBe(404)
    expect((await fetch(`${started.web}/i/../../relay.db`)).status).toBe(404)
    started.child.kill('SIGTERM')
    expect(await started.ended).toBe(0)
  })
})
