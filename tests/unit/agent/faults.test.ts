import { beforeAll, describe, expect, test } from 'vitest'
import { cryptoReady } from '#core/crypto'
import { relayKey } from '#core/protocol'
import { numbered, type Party, until } from './party.ts'
import { connect, makeWorld, type World } from './setup.ts'

const MESSAGES = 2

beforeAll(() => cryptoReady())

const wrong = (one: Party): string[] =>
  ['integrity', 'undecryptable', 'failed', 'send-failed'].flatMap((kind) => one.details(kind))

/** As a person would: tries again what was refused. */
async function insist(world: World): Promise<void> {
  const { alice, bob } = world
  await until(async () => {
    const link = await alice.invite().catch(() => null)
    if (link !== null) await bob.join(link).catch(() => {})
    return alice.sendUpTo(MESSAGES) && bob.sendUpTo(MESSAGES)
  })
  await until(
    () => alice.details('receipt').length === MESSAGES && bob.details('receipt').length === MESSAGES,
  )
  await until(() => alice.pending + bob.pending === 0)
}

function expectWhole({ alice, bob }: World, where: string): void {
  expect(bob.details('message'), where).toEqual(numbered('alice', MESSAGES))
  expect(alice.details('message'), where).toEqual(numbered('bob', MESSAGES))
  for (const one of [alice, bob]) {
    expect(wrong(one), where).toEqual([])
    expect(one.details('connected'), where).toHaveLength(1)
  }
}

describe('a request that goes wrong', () => {
  for (const fate of ['lost', 'unanswered'] as const) {
    test(
      `any one of them ${fate}: tried again, connected, every message once`,
      { timeout: 240_000 },
      async () => {
        let victim = 0
        for (let isHit = true; isHit; victim += 1) {
          await using world = makeWorld()
          const { alice, bob, network } = world
          let count = 0
          isHit = false
          network.onRequest = () => {
            if (count++ !== victim) return undefined
            isHit = true
            return fate
          }
          alice.start()
          bob.start()
          await insist(world)
          expectWhole(world, `request ${victim} ${fate}`)
        }
        expect(victim).toBeGreaterThan(15)
      },
    )
  }

  test(
    'a relay that goes away before any request comes back, and the rest follows by itself',
    { timeout: 240_000 },
    async () => {
      let victim = 0
      for (let isHit = true; isHit; victim += 1) {
        await using world = makeWorld()
        const { alice, bob, network, relayA, relayB } = world
        let count = 0
        isHit = false
        network.onRequest = ({ relay }) => {
          if (network.offline.has(relay)) return 'lost'
          if (count++ !== victim) return undefined
          isHit = true
          network.offline.add(relay)
          setTimeout(() => {
            network.offline.delete(relay)
            const address = relay === relayKey(relayA) ? relayA : relayB
            for (const one of [alice, bob]) network.poolOf(one.name)?.online(address)
          }, 5)
          return 'lost'
        }
        alice.start()
        bob.start()
        await insist(world)
        expectWhole(world, `away at request ${victim}`)
      }
      expect(victim).toBeGreaterThan(15)
    },
  )

  test('what waits says why, and says when it waits no more', async () => {
    await using world = makeWorld()
    const { alice, bob, network, relayB } = world
    alice.start()
    bob.start()
    await connect(alice, bob)
    network.offline.add(relayKey(relayB))
    alice.sendUpTo(1)
    await until(() => alice.details('delayed').length === 1)
    const info = alice.store.read((db) => alice.agent.connectionInfo(db, alice.connId!))!
    expect(info.waiting).toMatchObject({ for: 'relay', code: 'relay.unreachable' })
    expect(info.pending).toBe(1)
    network.offline.delete(relayKey(relayB))
    await until(() => alice.details('sent').length === 1)
    expect(alice.details('delayed')).toEqual(['relay.unreachable', 'no'])
  })

  test(
    'after two days a message that no relay took fails, and the next ones go out',
    { timeout: 30_000 },
    async () => {
      await using world = makeWorld()
      const { alice, bob, network, relayB } = world
      alice.start()
      bob.start()
      await connect(alice, bob)
      network.offline.add(relayKey(relayB))
      alice.sendUpTo(1)
      await until(() => alice.details('delayed').length === 1)
      world.skip(2 * 24 * 3600 * 1000)
      await until(() => alice.details('send-failed').length === 1)
      expect(alice.details('send-failed')).toEqual(['2 relay.unreachable'])
      network.offline.delete(relayKey(relayB))
      network.poolOf('bob')?.online(relayB)
      alice.sendUpTo(2)
      await until(() => bob.details('message').length === 1)
      expect(bob.details('message')).toEqual(['alice 2'])
      expect(bob.details('integrity')).toEqual(['skipped'])
    },
  )
})

describe('a full queue', () => {
  test('holds the sender back until it is drained, then everything arrives in order', async () => {
    await using world = makeWorld()
    const { alice, bob, network } = world
    network.quota = 4
    alice.start()
    bob.start()
    await connect(alice, bob)
    await until(() => alice.pending + bob.pending === 0)
    await bob.stop()
    await until(() => alice.sendUpTo(12))
    await until(() => alice.details('delayed').includes('relay.quota'))
    expect(alice.details('sent')).toHaveLength(4)
    const info = alice.store.read((db) => alice.agent.connectionInfo(db, alice.connId!))!
    expect(info.waiting?.for).toBe('peer')
    bob.start()
    await until(() => alice.details('receipt').length === 12)
    expect(bob.details('message')).toEqual(numbered('alice', 12))
    expect(wrong(bob)).toEqual([])
  })
})
