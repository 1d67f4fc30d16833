import { beforeAll, describe, expect, test } from 'vitest'
import { isAppError } from '#core/base'
import { cryptoReady } from '#core/crypto'
import { attempt, numbered, type Party, revive, until } from './party.ts'
import { makeWorld, type World } from './setup.ts'

const MESSAGES = 2

beforeAll(() => cryptoReady())

/** Whoever else has the link tries it as soon as the first has asked for its data, and gets nothing. */
async function intrude(carol: Party, link: string): Promise<void> {
  try {
    await carol.look(link)
  } catch (error) {
    if (isAppError(error, 'agent.link-used')) return
    throw error
  }
  throw new Error('somebody else got in')
}

const isSettled = ({ alice, bob }: World): boolean =>
  !alice.dead &&
  !bob.dead &&
  alice.details('receipt').length === MESSAGES &&
  bob.details('receipt').length === MESSAGES &&
  alice.pending + bob.pending === 0

/** Returns whether the victim died on the way. */
async function run(victimName: 'alice' | 'bob', dieAfter: number): Promise<boolean> {
  await using world = makeWorld()
  const { alice, bob, network } = world
  const carol = world.party('carol', world.relayB)
  const victim = world[victimName]
  let died = false
  carol.start()
  ;(victim === alice ? bob : alice).start()
  try {
    victim.start(dieAfter)
  } catch {
    died = true
    victim.start()
  }
  const asked = (): number => network.log.filter(({ from, type }) => from === 'bob' && type === 'LKEY').length
  let intruded = 0
  let link: string | undefined
  await until(async () => {
    died ||= victim.dead
    await revive(victim)
    link ??= await attempt(alice, () => alice.inviteShort())
    if (link !== undefined) {
      const text = link
      await attempt(bob, () => bob.joinShort(text))
      if (asked() > intruded) {
        intruded = asked()
        await intrude(carol, text)
      }
    }
    for (const one of [alice, bob]) await attempt(one, () => void one.sendUpTo(MESSAGES))
    return isSettled(world)
  })
  const where = `${victimName} killed after commit ${dieAfter}`
  expect(intruded, where).toBeGreaterThan(0)
  await intrude(carol, link!)
  for (const [one, peer] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    expect(one.details('message'), where).toEqual(numbered(peer.name, MESSAGES))
    expect(one.details('connected'), where).toHaveLength(1)
    const wrong = ['integrity', 'undecryptable', 'failed', 'send-failed'].flatMap((kind) => one.details(kind))
    expect(wrong, where).toEqual([])
  }
  expect(carol.events(), where).toEqual([])
  return died
}

describe('PLN-6: a process killed after any commit between opening a link and talking', () => {
  for (const victim of ['alice', 'bob'] as const) {
    test(
      `${victim} comes back; the link works for who opened it first, and for nobody else`,
      { timeout: 300_000 },
      async () => {
        let dieAfter = 1
        while (await run(victim, dieAfter)) dieAfter += 1
        expect(dieAfter).toBeGreaterThan(12)
        expect(dieAfter).toBeLessThan(200)
      },
    )
  }
})
