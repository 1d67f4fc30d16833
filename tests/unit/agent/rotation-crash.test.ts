import { beforeAll, describe, expect, test } from 'vitest'
import { cryptoReady } from '#core/crypto'
import { relayKey } from '#core/protocol'
import { sql, type SndQueue } from '#core/store'
import { nextStep } from '../../../core/agent/steps.ts'
import { attempt, numbered, revive, until } from './party.ts'
import { back, hasMoved, newQueue, rows, scene, wrong, type Scene } from './rotation-tools.ts'

beforeAll(() => cryptoReady())

const MESSAGES = 8
/** Whoever has not died by then had fewer commits: the matrix is complete. */
const MOST_COMMITS = 60

/** Returns whether alice died on the way. */
async function run(dieAfter: number): Promise<boolean> {
  await using here = await scene()
  const { alice, peer, relayC } = here
  await alice.kill()
  let died = false
  try {
    alice.start(dieAfter)
  } catch {
    died = true
    await alice.kill()
    alice.start()
  }
  await attempt(alice, () => void alice.sendUpTo(4))
  await peer.text('bob 1')
  await peer.rotate('new', relayC)
  await peer.text('bob 2')
  /** As often as it takes, by whoever lives. */
  const insist = (test: () => boolean): Promise<void> =>
    until(async () => {
      died ||= alice.dead
      await revive(alice)
      await new Promise((resolve) => setTimeout(resolve, 1))
      return (await attempt(alice, test)) === true && !alice.dead
    })
  let count = 4
  await insist(() => {
    count = Math.min(count + 1, MESSAGES)
    return alice.sendUpTo(count) && count === MESSAGES && hasMoved(alice, relayC) && alice.pending === 0
  })
  await peer.text('bob 3')
  await insist(() => alice.details('message').length === 3 && alice.pending === 0)
  await until(() => peer.texts.length === MESSAGES - 3 && peer.at('new').includes('QTEST'))
  const where = `killed after commit ${dieAfter}`
  expect(alice.details('message'), where).toEqual(numbered('bob', 3))
  expect(peer.texts, where).toEqual(numbered('alice', MESSAGES).slice(3))
  expect(peer.isWhole, where).toBe(true)
  expect(alice.details('sent'), where).toHaveLength(MESSAGES)
  expect(wrong(alice), where).toEqual([])
  return died
}

describe('while its peer moves a queue, a process', () => {
  test('killed after any commit goes on where it was', { timeout: 300_000 }, async () => {
    let dieAfter = 1
    while (await run(dieAfter)) dieAfter += 1
    expect(dieAfter).toBeGreaterThan(12)
    expect(dieAfter).toBeLessThan(MOST_COMMITS)
  })
})

/** The peer may be written to at a relay that does not answer yet. */
async function untested(): Promise<Scene> {
  const here = await scene()
  const { alice, peer, relayC, world } = here
  peer.answersKey = false
  await peer.rotate('new', relayC)
  await until(() => peer.at('old').includes('QKEY') && alice.pending === 0)
  world.network.offline.add(relayKey(relayC))
  await peer.use('new')
  await until(() => newQueue(alice) === 'secured')
  return here
}

describe.each([true, false])(
  'new keys while a queue moves, the peer receiving first: %s,',
  (receivesFirst) => {
    test('come first, and then the move goes on', async () => {
      await using here = await untested()
      const { alice, peer, relayC } = here
      peer.receivesFirst = receivesFirst
      expect(alice.pending).toBe(1)
      alice.store.write((tx) => alice.agent.resync(tx, alice.connId!))
      await until(() => alice.details('rekeyed').length === 1)
      await until(() => alice.sendUpTo(5))
      await until(() => peer.texts.length === 2)
      back(here, relayC)
      await until(() => hasMoved(alice, relayC) && peer.at('new').includes('QTEST'))
      await until(() => alice.sendUpTo(7))
      await until(() => peer.texts.length === 4)
      expect(peer.texts).toEqual(numbered('alice', 7).slice(3))
      expect(peer.unreadable).toBe(0)
      expect(wrong(alice)).toEqual([])
    })

    test('that are still asked for let the move wait', async () => {
      await using here = await scene()
      const { alice, peer, relayC } = here
      peer.answersKey = false
      peer.answersNewKeys = false
      peer.receivesFirst = receivesFirst
      await peer.rotate('new', relayC)
      await until(() => peer.at('old').includes('QKEY'))
      alice.store.write((tx) => alice.agent.resync(tx, alice.connId!))
      await until(() => alice.pending === 0)
      await peer.use('new')
      await until(() => newQueue(alice) === 'secured')
      expect(alice.pending).toBe(0)
      await peer.agree()
      await until(() => hasMoved(alice, relayC) && peer.at('new').length > 0)
      // Whatever comes there first makes the move; a QTEST comes after it only where EREADY was alice's answer to one.
      expect(peer.at('new')[0]).toBe('EREADY')
      await until(() => alice.sendUpTo(5))
      await until(() => peer.texts.length === 2)
      expect(peer.unreadable).toBe(0)
      expect(wrong(alice)).toEqual([])
    })
  },
)

describe('what is to be sent while a queue moves', () => {
  test('goes to the new queue first, and after some failures to the old one first', async () => {
    await using here = await untested()
    const { alice, world } = here
    world.network.offline.add(relayKey(world.relayB))
    const step = (newQueueFails: boolean): string[] => {
      const found = alice.store.read((db) =>
        nextStep(db, alice.connId!, { now: world.clock.now(), acking: new Set(), newQueueFails }),
      )
      if (found?.type !== 'deliver') return [found?.type ?? 'nothing']
      const name = (queue: SndQueue | null): string =>
        queue === null ? 'none' : queue.replaces === null ? 'old' : 'new'
      return [found.message.type, name(found.queue), name(found.other)]
    }
    expect(step(false)).toEqual(['continue', 'new', 'none'])
    await until(() => alice.sendUpTo(4))
    expect(step(false)).toEqual(['continue', 'new', 'none'])
    expect(step(true)).toEqual(['message', 'old', 'new'])
    // The QTEST gave up its place for good.
    alice.store.write((tx) => tx.run(sql`DELETE FROM agent_sent WHERE type = 'continue'`))
    expect(step(false)).toEqual(['message', 'new', 'old'])
    expect(step(true)).toEqual(['message', 'old', 'new'])
  })
})

describe('a connection that is deleted while a queue moves', () => {
  test('takes both queues with it', async () => {
    await using here = await untested()
    const { alice } = here
    alice.store.write((tx) => alice.agent.deleteConnection(tx, alice.connId!, { waitDelivery: false }))
    expect([rows(alice), alice.pending]).toEqual([0, 0])
  })

  test('delivers first what it still has', async () => {
    await using here = await untested()
    const { alice, peer, world, relayC } = here
    world.network.offline.add(relayKey(world.relayB))
    await until(() => alice.sendUpTo(5))
    alice.store.write((tx) => alice.agent.deleteConnection(tx, alice.connId!, { waitDelivery: true }))
    expect(rows(alice)).toBe(2)
    back(here, relayC)
    await until(() => rows(alice) === 0)
    await until(() => peer.texts.length === 2)
    expect(alice.pending).toBe(0)
  })
})
