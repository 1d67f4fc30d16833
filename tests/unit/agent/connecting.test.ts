import { beforeAll, describe, expect, test } from 'vitest'
import { cryptoReady } from '#core/crypto'
import { relayKey } from '#core/protocol'
import { numbered, until } from './party.ts'
import { connect, makeWorld } from './setup.ts'

beforeAll(() => cryptoReady())

describe('the fast handshake', () => {
  test('connects both sides once, in the order of the specification', async () => {
    await using world = makeWorld()
    const { alice, bob, network } = world
    alice.start()
    bob.start()
    await connect(alice, bob)
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
    await using world = makeWorld()
    const { alice, bob } = world
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
      await using world = makeWorld()
      const { alice, bob, network, relayA, relayB } = world
      if (modeless.includes('a')) network.modeless.add(relayKey(relayA))
      if (modeless.includes('b')) network.modeless.add(relayKey(relayB))
      alice.start()
      bob.start()
      await connect(alice, bob)
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
