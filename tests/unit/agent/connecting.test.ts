import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '#core/base'
import { cryptoReady, randomBytes } from '#core/crypto'
import { relayKey, type RelayAddress } from '#core/protocol'
import { MemoryNetwork } from './memory-network.ts'
import { numbered, Party, until } from './party.ts'

const address = (host: string): RelayAddress => ({
  hosts: [host],
  port: '',
  keyHash: randomBytes(32),
  password: null,
})

let folder: string
let network: MemoryNetwork
let relayA: RelayAddress
let relayB: RelayAddress
let alice: Party
let bob: Party

beforeAll(() => cryptoReady())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'duplex-agent-'))
  network = new MemoryNetwork(systemClock)
  relayA = address('a.example.org')
  relayB = address('b.example.org')
  alice = party('alice', relayA)
  bob = party('bob', relayB)
})
afterEach(async () => {
  for (const one of [alice, bob]) await one.kill().catch(() => {})
  rmSync(folder, { recursive: true, force: true })
})

function party(name: string, relay: RelayAddress): Party {
  const path = join(folder, `${name}.db`)
  return new Party({ name, relay, path, clock: systemClock, pool: () => network.pool(name) })
}

describe('the fast handshake', () => {
  test('connects both sides once, in the order of the specification', async () => {
    alice.start()
    bob.start()
    await bob.join(await alice.invite())
    await until(() => alice.details('connected').length + bob.details('connected').length === 2)
    expect(alice.events().map(({ kind }) => kind)).toEqual(['confirmation', 'ready', 'connected'])
    expect(alice.details('confirmation')).toEqual(['info of bob'])
    expect(bob.details('info')).toEqual(['info of alice'])
    expect(bob.details('ready')).toHaveLength(1)
    expect(network.log.map(({ from, type }) => `${from} ${type}`).slice(0, 4)).toEqual([
      'alice NEW',
      'bob SKEY',
      'bob NEW',
      'bob SEND',
    ])
  })

  test('carries messages both ways, in order, with receipts and an unbroken hash chain', async () => {
    alice.start()
    bob.start()
    await bob.join(await alice.invite())
    await until(() => alice.sendUpTo(20) && bob.sendUpTo(20))
    await until(() => alice.details('receipt').length + bob.details('receipt').length === 40)
    expect(bob.details('message')).toEqual(numbered('alice', 20))
    expect(alice.details('message')).toEqual(numbered('bob', 20))
    expect([...alice.details('integrity'), ...bob.details('integrity')]).toEqual([])
    expect(alice.details('receipt')[0]).toBe('2 true')
  })
})

describe('the slow handshake', () => {
  for (const [title, modeless] of [
    ['the invitation queue', 'a'],
    ['the reply queue', 'b'],
    ['neither queue', 'ab'],
  ] as const) {
    test(`connects and talks when ${title} can${modeless === 'ab' ? '' : 'not'} be secured by its sender`, async () => {
      if (modeless.includes('a')) network.modeless.add(relayKey(relayA))
      if (modeless.includes('b')) network.modeless.add(relayKey(relayB))
      alice.start()
      bob.start()
      await bob.join(await alice.invite())
      await until(() => alice.sendUpTo(5) && bob.sendUpTo(5))
      await until(() => alice.details('receipt').length + bob.details('receipt').length === 10)
      expect(bob.details('message')).toEqual(numbered('alice', 5))
      expect(alice.details('message')).toEqual(numbered('bob', 5))
      for (const one of [alice, bob]) {
        expect(one.details('connected')).toHaveLength(1)
        expect(one.details('ready')).toHaveLength(1)
        expect([
          ...one.details('integrity'),
          ...one.details('undecryptable'),
          ...one.details('failed'),
        ]).toEqual([])
      }
    })
  }
})
