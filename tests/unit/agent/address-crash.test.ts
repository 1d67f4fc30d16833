import { beforeAll, describe, expect, test } from 'vitest'
import { cryptoReady } from '#core/crypto'
import { isAppError } from '#core/base'
import { numbered, type Party, until } from './party.ts'
import { makeWorld, type World } from './setup.ts'

const MESSAGES = 2
/** A party that has not died by then had fewer commits: the matrix is complete. */
const MOST_COMMITS = 200

beforeAll(() => cryptoReady())

/** Alice has an address, Bob asks at it. Every step may be done again. */
async function pursue({ alice, bob }: World): Promise<void> {
  const link = await attempt(alice, () => alice.openAddress())
  if (link === undefined) return
  await attempt(bob, () => bob.ask(link))
  await attempt(alice, () => alice.acceptAll())
  for (const one of [alice, bob]) await attempt(one, () => void one.sendUpTo(MESSAGES))
}

async function attempt<T>(one: Party, action: () => Promise<T> | T): Promise<T | undefined> {
  try {
    return one.dead ? undefined : await action()
  } catch (error) {
    // Of whichever relay: of ours, the word of the relay is the cause.
    const cause = isAppError(error, 'agent.own-relay') ? error.cause : error
    if (!one.dead && !isAppError(cause, 'relay.unreachable')) throw error
    return undefined
  }
}

const isSettled = ({ alice, bob }: World): boolean =>
  !alice.dead &&
  !bob.dead &&
  alice.details('receipt').length === MESSAGES &&
  bob.details('receipt').length === MESSAGES &&
  alice.pending + bob.pending === 0

async function settle(world: World, onTurn: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  await until(async () => {
    await onTurn()
    await pursue(world)
    await new Promise((resolve) => setTimeout(resolve, 1))
    return isSettled(world)
  })
}

function expectWhole(world: World, where: string): void {
  const { alice, bob } = world
  for (const [one, peer] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    const here = `${where}, at ${one.name}`
    expect(one.details('message'), here).toEqual(numbered(peer.name, MESSAGES))
    expect(one.details('connected'), here).toHaveLength(1)
    expect(one.details('ready'), here).toHaveLength(1)
    const wrong = ['integrity', 'undecryptable', 'failed', 'send-failed'].flatMap((kind) => one.details(kind))
    expect(wrong, here).toEqual([])
  }
  expect(alice.requests, where).toHaveLength(1)
  expect(bob.details('confirmation'), where).toHaveLength(1)
}

/** Returns whether the victim died on the way. */
async function runWithCrash(victimName: 'alice' | 'bob', dieAfter: number): Promise<boolean> {
  await using world = makeWorld()
  const victim = world[victimName]
  let died = false
  world[victimName === 'alice' ? 'bob' : 'alice'].start()
  try {
    victim.start(dieAfter)
  } catch {
    died = true
    victim.start()
  }
  await settle(world, async () => {
    if (!victim.dead) return
    died = true
    await victim.kill()
    victim.start()
  })
  expectWhole(world, `${victimName} killed after commit ${dieAfter}`)
  return died
}

describe('a process killed after any commit', () => {
  for (const [victim, role] of [
    ['alice', 'the owner of the address'],
    ['bob', 'who asks at it'],
  ] as const) {
    test(`${role}: one request, one connection, every message once`, { timeout: 240_000 }, async () => {
      let dieAfter = 1
      while (await runWithCrash(victim, dieAfter)) dieAfter += 1
      expect(dieAfter).toBeGreaterThan(15)
      expect(dieAfter).toBeLessThan(MOST_COMMITS)
    })
  }
})

describe('a relay that does not answer', () => {
  for (const fate of ['lost', 'unanswered'] as const) {
    test(
      `any one command ${fate}: asked and accepted again, connected once`,
      { timeout: 240_000 },
      async () => {
        for (let victim = 0, isHit = true; isHit; victim += 1) {
          await using world = makeWorld()
          let count = 0
          isHit = false
          world.network.onRequest = () => {
            if (count++ !== victim) return undefined
            isHit = true
            return fate
          }
          world.alice.start()
          world.bob.start()
          await settle(world)
          expectWhole(world, `command ${victim} ${fate}`)
        }
      },
    )
  }
})
