import { beforeAll, describe, expect, test } from 'vitest'
import { cryptoReady } from '#core/crypto'
import { relayKey } from '#core/protocol'
import { until } from './party.ts'
import { makeWorld } from './setup.ts'

beforeAll(() => cryptoReady())

const DAY = 86_400_000

describe('a handshake that a relay keeps waiting', () => {
  test('takes the relay of ours that was chosen by hand, and the queue is there', async () => {
    await using world = makeWorld()
    const { alice, bob, network, relayB } = world
    alice.start()
    bob.start()
    network.offline.add(relayKey(relayB))
    await bob.join(await alice.invite())
    const info = () => bob.store.read((db) => bob.agent.connectionInfo(db, bob.connId!))
    await until(() => info()?.waiting !== null)
    expect(info()?.waiting).toMatchObject({ own: expect.stringContaining('b.example.org') as unknown })
    const other = { ...relayB, hosts: ['c.example.org'] }
    expect(bob.store.write((tx) => bob.agent.retry(tx, bob.connId!, other))).toBe(true)
    await until(() => alice.details('connected').length === 1 && bob.details('connected').length === 1)
    expect(info()?.ownRelay?.hosts).toEqual(['c.example.org'])
  })

  test.each(['of the peer', 'of ours'])(
    'goes on with its keys when the relay %s is back after a week',
    async (whose) => {
      await using world = makeWorld()
      const { alice, bob, network, relayA, relayB } = world
      alice.start()
      bob.start()
      const link = await alice.invite()
      // Ours is asked first after the claim, the peer's gets the confirmation.
      const away = whose === 'of ours' ? relayB : relayA
      let held = true
      network.onRequest = ({ from, relay, type }) =>
        held && from === 'bob' && relay === relayKey(away) && type !== 'SKEY' ? 'lost' : undefined
      await bob.join(link)
      const info = () => bob.store.read((db) => bob.agent.connectionInfo(db, bob.connId!))
      await until(() => info()?.waiting !== null)
      world.skip(7 * DAY)
      bob.agent.retryNow()
      const asked = network.log.length
      await until(() => network.log.length > asked + 2)
      expect(info()).toMatchObject({ error: null, waiting: { code: 'relay.unreachable' } })
      held = false
      bob.agent.retryNow()
      await until(() => alice.details('connected').length === 1 && bob.details('connected').length === 1)
    },
  )
})
