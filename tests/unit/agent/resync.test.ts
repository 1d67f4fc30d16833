import { beforeAll, describe, expect, test } from 'vitest'
import { cryptoReady } from '#core/crypto'
import { relayKey } from '#core/protocol'
import { sql } from '#core/store'
import { type Party, until } from './party.ts'
import { connect, makeWorld, type World } from './setup.ts'

beforeAll(() => cryptoReady())

const codeOf = (one: Party): string | null => one.store.read((db) => one.agent.securityCode(db, one.connId!))
const resync = (one: Party): void => one.store.write((tx) => one.agent.resync(tx, one.connId!))
const ratchetOf = (one: Party): Uint8Array =>
  one.store.read((db) => db.get<{ state: Uint8Array }>(sql`SELECT state FROM agent_ratchet`))!.state
const rekeyed = (...all: Party[]): Promise<void> =>
  until(() => all.every((one) => one.details('rekeyed').length > 0))

/** Each says something that the other gets, and its receipt comes. */
async function talk(alice: Party, bob: Party, text: string): Promise<void> {
  const before = [alice, bob].map((one) => one.details('receipt').length)
  alice.say(alice.connId!, `${text} from alice`)
  bob.say(bob.connId!, `${text} from bob`)
  await until(() => bob.details('message').includes(`${text} from alice`))
  await until(() => alice.details('message').includes(`${text} from bob`))
  await until(() => [alice, bob].every((one, at) => one.details('receipt').length > before[at]!))
}

async function pair(world: World): Promise<[Party, Party]> {
  const { alice, bob } = world
  alice.start()
  bob.start()
  await connect(alice, bob)
  await talk(alice, bob, 'first')
  return [alice, bob]
}

describe('new keys for a connection', () => {
  for (const starter of ['alice', 'bob'] as const) {
    test(`VER-6: asked for by ${starter}, both have another code, the same one, and go on talking`, async () => {
      await using world = makeWorld()
      const [alice, bob] = await pair(world)
      const before = codeOf(alice)
      expect(codeOf(bob)).toBe(before)
      resync(world[starter])
      const { connId } = world[starter]
      expect(world[starter].store.read((db) => world[starter].agent.canSend(db, connId!))).toBe(false)
      await rekeyed(alice, bob)
      expect(codeOf(alice)).not.toBe(before)
      expect(codeOf(bob)).toBe(codeOf(alice))
      await talk(alice, bob, 'after')
      for (const one of [alice, bob]) {
        expect(one.details('rekeyed')).toHaveLength(1)
        for (const kind of ['undecryptable', 'integrity', 'send-failed'])
          expect(one.details(kind)).toEqual([])
      }
    })
  }

  test('asked for by both at once, they agree all the same', async () => {
    for (let round = 0; round < 4; round += 1) {
      await using world = makeWorld()
      const [alice, bob] = await pair(world)
      for (const one of [alice, bob]) resync(one)
      await rekeyed(alice, bob)
      expect(codeOf(bob)).toBe(codeOf(alice))
      await talk(alice, bob, 'after')
    }
  })

  test('mend a ratchet that was put back by an old copy of the data', async () => {
    await using world = makeWorld()
    const [alice, bob] = await pair(world)
    const old = ratchetOf(bob)
    await talk(alice, bob, 'second')
    await talk(alice, bob, 'third')
    bob.store.write((tx) => tx.run(sql`UPDATE agent_ratchet SET state = ${old}`))
    alice.say(alice.connId!, 'lost')
    await until(() => bob.details('undecryptable').length > 0)
    resync(bob)
    await rekeyed(alice, bob)
    await talk(alice, bob, 'mended')
  })

  test('what was queued before goes out first, under its old keys', async () => {
    await using world = makeWorld()
    const [alice, bob] = await pair(world)
    world.network.offline.add(relayKey(world.relayB))
    for (const text of ['one', 'two', 'three']) alice.say(alice.connId!, text)
    resync(alice)
    world.network.offline.delete(relayKey(world.relayB))
    world.network.poolOf('alice')?.online(world.relayB)
    world.network.poolOf('bob')?.online(world.relayB)
    await rekeyed(alice, bob)
    expect(bob.details('message').slice(-3)).toEqual(['one', 'two', 'three'])
    expect(bob.details('undecryptable')).toEqual([])
    await talk(alice, bob, 'after')
  })

  for (const victim of ['alice', 'bob'] as const) {
    test(`also where ${victim} is killed after any commit on the way`, { timeout: 120_000 }, async () => {
      let dieAfter = 1
      for (let died = true; died; dieAfter += 1) {
        await using world = makeWorld()
        const [alice, bob] = await pair(world)
        const one = world[victim]
        await one.kill()
        died = false
        try {
          one.start(dieAfter)
          resync(alice)
        } catch (error) {
          if (!one.dead) throw error
        }
        await until(async () => {
          if (one.dead) {
            died = true
            await one.kill()
            one.start()
          }
          // Whoever asked and died before that was stored asks again.
          const { canSend } = alice.agent
          const isIdle = alice.store.read((db) => canSend(db, alice.connId!))
          try {
            if (alice.details('rekeyed').length === 0 && isIdle) resync(alice)
          } catch (error) {
            if (!alice.dead) throw error
          }
          return alice.details('rekeyed').length > 0 && bob.details('rekeyed').length > 0 && !one.dead
        })
        await one.kill()
        one.start()
        expect(codeOf(bob), `after commit ${dieAfter}`).toBe(codeOf(alice))
        await talk(alice, bob, 'after')
        expect(dieAfter).toBeLessThan(40)
      }
      expect(dieAfter).toBeGreaterThan(3)
    })
  }
})
