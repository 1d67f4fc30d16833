import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { EMPTY, fromUtf8, silentLog, systemClock, toHex, utf8 } from '#core/base'
import type { RelayPool } from '#core/client'
import { generateEd25519, generateX25519, systemRandom, x25519 } from '#core/crypto'
import {
  type RelayAddress,
  openMessageBody,
  parseRelayAddress,
  formatRelayAddress,
  passwordBytes,
} from '#core/protocol'
import { createRelay } from '#core/relay'
import { aPool, aScriptedRelay, addressOf, afterTest, anIdentity, obliging } from './stage.ts'

const patience = { timeout: 20_000 }

function aFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'duplex-client-'))
  afterTest(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

async function aRelay(dataDir = aFolder(), password: string | null = null) {
  const common = { clock: systemClock, random: systemRandom, log: silentLog }
  const relay = await createRelay({ dataDir, host: '127.0.0.1', port: 0, password, ...common })
  afterTest(() => relay.stop())
  return relay
}

async function newQueue(pool: RelayPool, address: RelayAddress) {
  const auth = generateEd25519(systemRandom)
  const dh = generateX25519(systemRandom)
  const key = { algorithm: 'ed25519', privateKey: auth.privateKey } as const
  const ids = await pool.request(address, {
    entityId: EMPTY,
    key,
    command: {
      type: 'NEW',
      rcvAuthKey: { algorithm: 'ed25519', raw: auth.publicKey },
      rcvDhKey: dh.publicKey,
      password: passwordBytes(address),
      subscribe: true,
      request: { mode: 'M', link: null },
      notifier: null,
    },
  })
  if (ids.type !== 'IDS') throw new Error('NEW was answered by something else')
  const queue = { rcvId: ids.rcvId.slice(), key }
  pool.subscribed(address, queue)
  return { ...queue, sndId: ids.sndId.slice(), secret: x25519(dh.privateKey, ids.srvDhKey) }
}

test('messages go through a real relay in order, and its restart loses none', async () => {
  const dataDir = aFolder()
  const first = await aRelay(dataDir)
  const { address } = first
  const [sender, recipient] = [aPool(), aPool()]
  const queue = await newQueue(recipient, address)
  const texts: string[] = []
  const known = new Set<string>()
  recipient.onMessage(({ msgId, body }) => {
    const message = openMessageBody(queue.secret, msgId, body)
    if (!known.has(toHex(msgId)) && message.type === 'message') texts.push(fromUtf8(message.body))
    known.add(toHex(msgId))
    recipient.acknowledge(address, queue, msgId).catch(() => {})
  })
  const say = (text: string): Promise<unknown> => {
    const command = { type: 'SEND', notify: false, body: utf8(text) } as const
    return sender.request(address, { entityId: queue.sndId, command, key: null })
  }
  for (const text of ['one', 'two', 'three']) await say(text)
  await vi.waitFor(() => expect(texts).toEqual(['one', 'two', 'three']), patience)
  await first.stop()
  await vi.waitFor(() => expect(recipient.status(address).state).toBe('offline'), patience)
  const second = await aRelay(dataDir)
  expect(second.address.port).toBe(address.port)
  await vi.waitFor(() => expect(recipient.status(address).state).toBe('online'), patience)
  await say('four')
  await vi.waitFor(() => expect(texts).toEqual(['one', 'two', 'three', 'four']), patience)
})

test('a second subscriber takes the queue over, and the first one leaves it in peace', async () => {
  const { address } = await aRelay()
  const [first, second] = [aPool(), aPool()]
  const queue = await newQueue(first, address)
  const events: string[] = []
  first.onQueueEvent(({ type }) => events.push(`first ${type}`))
  second.onQueueEvent(({ type }) => events.push(`second ${type}`))
  second.subscribe(address, [queue])
  await vi.waitFor(() => expect(events.toSorted()).toEqual(['first end', 'second subscribed']), patience)
})

test('the test of a relay names its steps, and leaves nothing behind', async () => {
  const relay = await aRelay(undefined, 'secret')
  const result = await aPool().test(relay.address)
  expect(result.ok).toBe(true)
  expect(result.roundTripMs).toBeGreaterThanOrEqual(0)
  expect(result.steps.map(({ step, ok }) => `${step} ${ok}`)).toEqual([
    'reach true',
    'certificate true',
    'handshake true',
    'create true',
    'use true',
    'delete true',
  ])
  await vi.waitFor(() => expect(relay.stats()).toMatchObject({ connections: 0, queues: 0 }), patience)
})

test('the test of a relay says which step failed, and why', async () => {
  const pool = aPool()
  const relay = await aRelay(undefined, 'secret')
  const failed = async (address: RelayAddress): Promise<unknown> => {
    const { ok, error, steps } = await pool.test(address)
    return [ok, steps.at(-1)?.step, error, steps.at(-1)?.error === error]
  }
  const without = { ...relay.address, password: null }
  expect(await failed(without)).toEqual([false, 'create', 'relay.auth', true])
  expect(await failed({ ...without, password: 'guess' })).toEqual([false, 'create', 'relay.auth', true])
  const other = { ...relay.address, keyHash: anIdentity().fingerprint }
  expect(await failed(other)).toEqual([false, 'certificate', 'relay.identity', true])
  const old = await aScriptedRelay(obliging, { versions: { min: 19, max: 20 } })
  expect(await failed(old.address)).toEqual([false, 'handshake', 'relay.version', true])
  await old.stop()
  expect(await failed(old.address)).toEqual([false, 'reach', 'relay.unreachable', true])
  const nonsense = await aScriptedRelay(obliging)
  expect(await failed(nonsense.address)).toEqual([false, 'create', 'relay.protocol', true])
})

test('the test of a relay can be given up', async () => {
  const relay = await aScriptedRelay(() => null)
  const reason = new Error('enough')
  const stop = new AbortController()
  const testing = aPool().test(relay.address, { signal: stop.signal })
  await vi.waitFor(() => expect(relay.asked).toHaveLength(1), patience)
  stop.abort(reason)
  await expect(testing).rejects.toBe(reason)
})

test('an address survives being written down, and its password stays at home', async () => {
  const relay = await aRelay(undefined, 'secret')
  const text = formatRelayAddress(relay.address, { password: true })
  expect(parseRelayAddress(text)).toEqual(relay.address)
  expect(formatRelayAddress(relay.address, { password: false })).not.toContain('secret')
  expect(await aPool().test(parseRelayAddress(text))).toMatchObject({ ok: true })
  expect(addressOf(relay.port, relay.address.keyHash).port).toBe(relay.address.port)
})
