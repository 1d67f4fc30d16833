import { spawn } from 'node:child_process'
import { rootSwitches, type HostKind, type Person } from './person.ts'
import { root } from './programs.ts'
import { alert, expectConnected, firstRun, invite, rows } from './steps.ts'
import { startHeadless } from '../tools/programs.ts'
import { expect, test } from './world.ts'

/* Links that the system hands over: flows.md 10. Electron is started again as a file manager or browser would start it. */

const dialog = (person: Person) => person.page.getByTestId('connect-dialog')

/** A second start with a link; answers the code that it ends with. */
async function startAgain(person: Person, link: string): Promise<number | null> {
  const second = spawn(
    process.env['DUPLEX_ELECTRON'] ?? '',
    [...rootSwitches(), root, '--data', person.dataDir, link],
    { stdio: 'ignore' },
  )
  return new Promise((resolve) => second.once('exit', resolve))
}

/** Says as whom, where nobody has asked before, and connects. */
async function decide(person: Person): Promise<void> {
  const nobody = dialog(person).getByRole('button', { name: 'Choose as whom' })
  if (await nobody.isVisible()) {
    await expect(nobody).toBeDisabled()
    await dialog(person).getByRole('radio').first().click()
  }
  await dialog(person)
    .getByRole('button', { name: /^Connect as/ })
    .click()
}

/** Decides, and lets the seconds pass in which it could be taken back. */
async function connectFromOutside(person: Person): Promise<void> {
  await decide(person)
  await expect(person.page.getByTestId('connect-held')).toBeVisible()
  await expect(person.page.getByTestId('composer')).toBeVisible()
}

for (const kind of ['browser', 'electron'] satisfies HostKind[])
  test(`ONB-6 in ${kind}: an app that a link started runs the onboarding, then continues with that link`, async ({
    world,
  }) => {
    const alice = await world.person('Alice')
    await firstRun(alice)
    const link = await invite(alice, 'Robert')
    const bob = await world.person('Bob', kind, [
      '--relay',
      world.relay.address,
      link.replace('simplex:', 'duplex:'),
    ])
    await expect(bob.page.getByTestId('held-link')).toBeVisible()
    expect(await bob.page.content()).not.toContain('/invitation')
    await firstRun(bob)
    await expect(dialog(bob)).toBeVisible()
    await expect(bob.page.getByTestId('connect-text')).toHaveValue(link)
    await connectFromOutside(bob)
    await expectConnected(alice, bob)
  })

test('DSK-1, CON-9: a second start gives its link to the first window and raises it; Undo sends nothing', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob', 'electron')
  await firstRun(alice)
  await firstRun(bob)
  const link = await invite(alice, 'Robert')
  await bob.minimize()
  expect(await startAgain(bob, link)).toBe(0)
  await expect(dialog(bob)).toBeVisible()
  expect(await bob.isMinimized()).toBe(false)
  await decide(bob)
  await bob.page.getByTestId('connect-held').getByRole('button', { name: 'Undo' }).click()
  await dialog(bob).getByRole('button', { name: 'Cancel' }).click()
  await expect(rows(bob)).toHaveCount(0)
  await expect(rows(alice, 'pending')).toHaveAttribute('data-state', 'shared')

  // What is no link says so, as text.
  expect(await startAgain(bob, 'duplex:/nonsense?<b>')).toBe(0)
  await expect(alert(bob, 'I')).toBeVisible()
  await bob.page.keyboard.press('Escape')

  expect(await startAgain(bob, link)).toBe(0)
  await connectFromOutside(bob)
  await expectConnected(alice, bob)
})

test('LND-6: of several links the newest is continued, with a notice, after the onboarding and later', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  await firstRun(alice)
  const links = [await invite(alice, 'One'), await invite(alice, 'Two'), await invite(alice, 'Three')]
  const bob = await world.person('Bob', 'electron', ['--relay', world.relay.address, links[0] ?? ''])
  const notice = bob.page.getByText('A newer link took the place').first()
  await expect(bob.page.getByTestId('held-link')).toBeVisible()
  expect(await startAgain(bob, links[1] ?? '')).toBe(0)
  await firstRun(bob)
  await expect(bob.page.getByTestId('connect-text')).toHaveValue(links[1] ?? '')
  await expect(notice).toBeVisible()
  expect(await startAgain(bob, links[2] ?? '')).toBe(0)
  await expect(bob.page.getByTestId('connect-text')).toHaveValue(links[2] ?? '')
  await expect(dialog(bob)).toHaveCount(1)
  await expect(rows(bob)).toHaveCount(0)
})

test('LND-7, CON-8: with two profiles it asks for whom the link is, fetches nothing before, and the chat is there', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob', 'electron')
  await firstRun(alice)
  const link = await invite(alice, 'Robert')
  await bob.stop()
  const core = await startHeadless(bob.dataDir, [world.relay.address])
  await core.call('profile.create', { displayName: 'Robert at work' })
  await core.call('profile.create', { displayName: 'Bob' })
  await core.call('app.setOnboarding', { step: 'done' })
  await core.stop()
  await bob.start()
  await expect(bob.page.getByTestId('chats-empty')).toBeVisible()
  expect(await startAgain(bob, link)).toBe(0)
  const whose = bob.page.getByTestId('connect-whose')
  await expect(whose.getByRole('radio')).toHaveCount(2)
  await expect(whose.getByRole('radio', { checked: true })).toHaveCount(0)
  await expect(whose.getByRole('button', { name: 'Look at the link' })).toBeDisabled()
  await whose.getByRole('radio', { name: 'Robert at work' }).click()
  await whose.getByRole('button', { name: 'Look at the link' }).click()
  await expect(dialog(bob)).toContainText('Robert at work')
  await connectFromOutside(bob)
  await expect(bob.page.getByText('You are Robert at work now')).toBeVisible()
  await expectConnected(bob)
  const other = (await alice.page.content()).includes('Bob')
  expect(other).toBe(false)
})
