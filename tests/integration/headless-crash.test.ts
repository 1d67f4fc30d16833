import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Contact } from '#core/contract'
import {
  allDelivered,
  connectPeople,
  numbered,
  type Person,
  person,
  receivedTexts,
  restart,
} from '../tools/people.ts'
import { CallFailed, endAll, type RunningRelay, startRelay } from '../tools/programs.ts'

const EACH_WAY = 100
const KILLS = 9

/** A small generator, so that a failing run can be repeated: `SEED=n`. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

describe('programs that are killed at random moments', () => {
  let relay: RunningRelay
  let ann: Person
  let bob: Person
  let annsBob: Contact
  let bobsAnn: Contact

  beforeAll(async () => {
    relay = await startRelay()
    ;[ann, bob] = await Promise.all([person('Ann', [relay.address]), person('Bob', [relay.address])])
    const connected = await connectPeople(ann, bob)
    annsBob = connected.creatorsContact
    bobsAnn = connected.joinersContact
  })
  afterAll(endAll)

  it('lose nothing, repeat nothing and keep the order of 200 messages', { timeout: 300_000 }, async () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
    console.log(`seed ${seed}`)
    const random = seeded(seed)
    const work = Promise.all([
      sendSurely(ann, annsBob, numbered('ann', EACH_WAY)),
      sendSurely(bob, bobsAnn, numbered('bob', EACH_WAY)),
    ])
    for (let i = 0; i < KILLS; i++) {
      await pause(random() * 600)
      if (i % 3 === 0) {
        await relay.program.kill()
        await pause(random() * 300)
        relay = await startRelay({ dataDir: relay.dataDir, port: relay.port })
      } else await restart(i % 3 === 1 ? ann : bob, 'kill')
    }
    await work
    await allDelivered(ann, annsBob.contactId, EACH_WAY, 90_000)
    await allDelivered(bob, bobsAnn.contactId, EACH_WAY, 90_000)
    expect(await receivedTexts(bob, bobsAnn.contactId)).toEqual(numbered('ann', EACH_WAY))
    expect(await receivedTexts(ann, annsBob.contactId)).toEqual(numbered('bob', EACH_WAY))
  })
})

/** Random moments are the point here; everything else waits for a condition. */
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** As a careful script does: a call whose answer was lost is made again under the same `once`. */
async function sendSurely(who: Person, contact: Contact, texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    for (let sent = false; !sent;) {
      try {
        await who.core.call('message.send', { contactId: contact.contactId, text, once: text })
        sent = true
      } catch (error) {
        if (error instanceof CallFailed) throw error
        await pause(50) // the process is gone; a new one is on its way
      }
    }
    await pause(20)
  }
}
