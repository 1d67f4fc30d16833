import { silentLog, systemClock } from '#core/base'
import { createRelayPool } from '#core/client'
import { cryptoReady, systemRandom } from '#core/crypto'
import { openRow } from '../../e2e/steps.ts'
import { expect, test, type World } from '../../e2e/world.ts'
import { connectPeople, person, type Person as Headless } from '../../tools/people.ts'
import { endAll, startHeadless } from '../../tools/programs.ts'
import { ask } from '../requests.ts'
import { keysLine, watchThread } from './thread.ts'

/* REQ-7: what somebody who types in an open chat feels of 200 requests that arrive meanwhile. */

const REQUESTS = 200
const LINE = 'typed while they come '
/** Lines without any request, before. */
const QUIET_LINES = 15

test.afterAll(endAll)

for (const kind of ['browser', 'electron'] as const)
  test(`typing in ${kind}`, async ({ world }) => {
    const { dataDir, fullLink, invitation } = await known(world, 'Alice')
    const alice = await world.person('Alice', kind)
    expect(alice.dataDir).toBe(dataDir)
    await openRow(alice, 'Bob')
    const { page } = alice
    const read = await watchThread(page)
    const composer = page.getByTestId('composer')
    const type = async (): Promise<void> => {
      await composer.pressSequentially(LINE, { delay: 20 })
      await composer.press('Enter')
    }
    for (let line = 0; line < QUIET_LINES; line += 1) await type()
    console.log(keysLine(`${kind}, nobody asks`, await read()))

    await cryptoReady()
    const pool = createRelayPool({ clock: systemClock, random: systemRandom, log: silentLog })
    const started = performance.now()
    let coming = true
    const flood = ask(pool, fullLink, invitation, { from: 0, count: REQUESTS })
    const shown = flood
      .then(() =>
        expect(page.getByTestId('chat-list').locator('[data-kind="requests"]')).toContainText(
          `Requests (${REQUESTS})`,
          { timeout: 120_000 },
        ),
      )
      .finally(() => (coming = false))
    while (coming) await type()
    await shown
    const seconds = ((performance.now() - started) / 1_000).toFixed(1)
    console.log(keysLine(`${kind}, ${REQUESTS} in ${seconds} s`, await read()))
    await pool.close()
  })

/** A data folder with a contact and an address, as its window finds it. */
async function known(world: World, name: string) {
  const dataDir = `${world.folder}/${name}`
  const relays = [world.relay.address]
  const core = await startHeadless(dataDir, relays)
  await core.call('profile.create', { displayName: name })
  await core.call('app.setOnboarding', { step: 'done' })
  const owner: Headless = { name, dataDir, relays, core }
  const bob = await person('Bob', relays)
  await connectPeople(owner, bob)
  const { fullLink } = await core.call('address.create', {})
  const invitation = (await bob.core.call('invitation.create', {})).fullLink
  await core.stop()
  return { dataDir, fullLink, invitation }
}
