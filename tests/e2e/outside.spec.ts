import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { landingPage } from '../../main/landing/page-file.ts'
import { folderHolds } from './data-folder.ts'
import { rootSwitches, type HostKind, type Person } from './person.ts'
import { root } from './programs.ts'
import {
  alert,
  connectGuarded,
  decide,
  dialogOf,
  dismiss,
  expectConnected,
  firstRun,
  invite,
  rows,
} from './steps.ts'
import { startHeadless } from '../tools/programs.ts'
import { expect, test } from './world.ts'

/* Links that the system hands over: flows.md 10. Electron is started again as a file manager or browser would start it. */

/** A second start with a link; answers the code that it ends with. */
async function startAgain(person: Person, link: string): Promise<number | null> {
  const second = spawn(
    process.env['DUPLEX_ELECTRON'] ?? '',
    [...rootSwitches(), root, '--data', person.dataDir, link],
    { stdio: 'ignore' },
  )
  return new Promise((resolve) => second.once('exit', resolve))
}

for (const kind of ['browser', 'electron'] satisfies HostKind[])
  test(`J4, ONB-6 in ${kind}: landing page without an app, then an app that its link starts: onboarding, incognito, connected`, async ({
    world,
    browser,
  }) => {
    const alice = await world.person('Alice')
    await firstRun(alice)
    const link = await invite(alice, 'Robert')
    const visitor = await browser.newPage()
    const page = join(world.folder, 'connect.html')
    writeFileSync(page, (await landingPage(root, null)).html)
    await visitor.goto(link.replace('simplex:/i', pathToFileURL(page).href))
    await expect(visitor.getByRole('heading', { level: 1 })).toHaveText('You were invited to connect')
    // Chromium would ask the system for a program; there is none.
    await visitor.evaluate(() => document.addEventListener('click', (event) => event.preventDefault(), true))
    const open = visitor.getByRole('link', { name: 'Open in Duplex' })
    await open.click()
    await expect(visitor.getByText('Not installed yet?')).toBeVisible()
    const href = (await open.getAttribute('href')) ?? ''
    expect(href).toMatch(/^duplex:/)
    await visitor.close()

    const bob = await world.person('Bob', kind, ['--relay', world.relay.address, href])
    await expect(bob.page.getByTestId('held-link')).toBeVisible()
    expect(await bob.page.content()).not.toContain('/i#')
    await firstRun(bob, 'Robert Realname')
    await expect(dialogOf(bob)).toBeVisible()
    await expect(bob.page.getByTestId('connect-text')).toHaveValue(link)
    await connectGuarded(bob, dialogOf(bob).getByTestId('identity-incognito'))
    await expectConnected(alice, bob)
    await expect(rows(alice, 'contact')).toContainText('Robert')
    await rows(alice, 'contact').click()
    await alice.page.getByTestId('open-info').click()
    await expect(alice.page.getByTestId('contact-info')).toContainText(/[A-Z][a-z]+[A-Z][a-z]+/)
    expect(await alice.page.content()).not.toContain('Realname')
    expect(folderHolds(alice.dataDir, 'Realname')).toBe(false)
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
  await expect(dialogOf(bob)).toBeVisible()
  expect(await bob.isMinimized()).toBe(false)
  await decide(bob)
  await bob.page.getByTestId('connect-held').getByRole('button', { name: 'Undo' }).click()
  await dialogOf(bob).getByRole('button', { name: 'Cancel' }).click()
  await expect(rows(bob)).toHaveCount(0)
  await expect(rows(alice, 'pending')).toHaveAttribute('data-state', 'shared')

  // What is no link says so, as text.
  expect(await startAgain(bob, 'duplex:/nonsense?<b>')).toBe(0)
  await expect(alert(bob, 'I')).toBeVisible()
  await dismiss(bob, 'I')

  expect(await startAgain(bob, link)).toBe(0)
  await connectGuarded(bob)
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
  await expect(dialogOf(bob)).toHaveCount(1)
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
  await expect(dialogOf(bob)).toContainText('Robert at work')
  await connectGuarded(bob)
  await expect(bob.page.getByTestId('toast').getByText('You are Robert at work now')).toBeVisible()
  await expectConnected(bob)
  const other = (await alice.page.content()).includes('Bob')
  expect(other).toBe(false)
})
