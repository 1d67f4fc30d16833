import { beforeAll, describe, expect, test } from 'vitest'
import { cryptoReady } from '#core/crypto'
import { relayKey } from '#core/protocol'
import { attempt, numbered, revive, until } from './party.ts'
import { makeWorld, type World } from './setup.ts'

const MESSAGES = 3
/** A party that has not died by then had fewer commits: the matrix is complete. */
const MOST_COMMITS = 200

beforeAll(() => cryptoReady())

/** What the two people want, whatever happens to their programs. Every step may be done again. */
async function pursue(world: World): Promise<void> {
  const { alice, bob } = world
  const link = await attempt(alice, () => alice.invite())
  if (link === undefined) return
  await attempt(bob, () => bob.join(link))
  for (const one of [alice, bob]) await attempt(one, () => void one.sendUpTo(MESSAGES))
}

const isSettled = ({ alice, bob }: World): boolean =>
  !alice.dead &&
  !bob.dead &&
  alice.details('receipt').length === MESSAGES &&
  bob.details('receipt').length === MESSAGES &&
  alice.pending + bob.pending === 0

/** Returns whether the victim died on the way. */
async function run(
  victimName: 'alice' | 'bob',
  dieAfter: number,
  prepare?: (world: World) => void,
): Promise<boolean> {
  await using world = makeWorld()
  prepare?.(world)
  const victim = world[victimName]
  let died = false
  const other = victimName === 'alice' ? world.bob : world.alice
  other.start()
  try {
    victim.start(dieAfter)
  } catch {
    died = true
    victim.start()
  }
  await until(async () => {
    died ||= victim.dead
    await revive(victim)
    await pursue(world)
    await new Promise((resolve) => setTimeout(resolve, 1))
    return isSettled(world)
  })
  for (const [one, peer] of [
    [world.alice, world.bob],
    [world.bob, world.alice],
  ] as const) {
    const where = `${victimName} killed after commit ${dieAfter}, at ${one.name}`
    expect(one.details('message'), where).toEqual(numbered(peer.name, MESSAGES))
    expect(one.details('connected'), where).toHaveLength(1)
    expect(one.details('ready'), where).toHaveLength(1)
    expect(one.details('sent'), where).toHaveLength(MESSAGES)
    const wrong = ['integrity', 'undecryptable', 'failed', 'send-failed'].flatMap((kind) => one.details(kind))
    expect(wrong, where).toEqual([])
  }
  return died
}

describe('a process killed after any commit', () => {
  for (const victim of ['alice', 'bob'] as const) {
    test(
      `${victim} comes back, connects and has every message once and in order`,
      { timeout: 300_000 },
      async () => {
        let dieAfter = 1
        while (await run(victim, dieAfter)) dieAfter += 1
        expect(dieAfter).toBeGreaterThan(15)
        expect(dieAfter).toBeLessThan(MOST_COMMITS)
      },
    )
  }

  for (const victim of ['alice', 'bob'] as const) {
    test(
      `${victim} also where neither queue can be secured by its sender`,
      { timeout: 300_000 },
      async () => {
        const modeless = ({ network, relayA, relayB }: World): void => {
          for (const relay of [relayA, relayB]) network.modeless.add(relayKey(relay))
        }
        let dieAfter = 1
        while (await run(victim, dieAfter, modeless)) dieAfter += 1
        expect(dieAfter).toBeGreaterThan(15)
      },
    )
  }
})
