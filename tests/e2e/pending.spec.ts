import { spawnSync } from 'node:child_process'
import type { Locator } from '@playwright/test'
import { agree, type Person } from './person.ts'
import { root } from './programs.ts'
import {
  alert,
  card,
  closeSheet,
  confirm,
  connect,
  dismiss,
  expectConnected,
  firstRun,
  invite,
  openRow,
  pasteInSearch,
  rows,
  send,
} from './steps.ts'
import { expect, test } from './world.ts'

/* Connections on their way, over time and restarts. flows.md 4, 5 */

const details = ({ page }: Person) => page.getByTestId('pending-details')
const toast = ({ page }: Person, text: string) => page.getByTestId('toast').filter({ hasText: text })

async function openPending(person: Person, name: string): Promise<void> {
  await rows(person).filter({ hasText: name }).click()
  await expect(details(person)).toBeVisible()
}

/** Says yes to the question about deleting; it has to say that much. */
async function remove(person: Person, says: string, button: string): Promise<void> {
  await person.page.getByTestId('pending-delete').click()
  const dialog = person.page.getByTestId('delete-dialog')
  await expect(dialog).toContainText(says)
  await dialog.getByRole('button', { name: button }).click()
  await expect(dialog).toBeHidden()
}

test('INV-7, PEN-2, PEN-4, PEN-5, PEN-6: deleting says what it means for the other side, also after a day and a restart', async ({
  world,
}) => {
  // Bob is to be answered at a relay of his own, which is down by then: so it stays at `connecting`.
  const other = await world.otherRelay()
  const alice = await world.person('Alice')
  const bob = await world.person('Bob', 'browser', ['--relay', other.address])
  await firstRun(alice)
  await firstRun(bob)
  const unused = await invite(alice, 'Zoe')
  const used = await invite(alice, 'Robert')
  const full = await fullLink(alice, 'Bob in full')
  await openPending(alice, 'Zoe')
  await remove(alice, 'The link stops working.', 'Delete link')
  await expect(rows(alice)).toHaveCount(2)
  await check(bob, unused)
  await expect(alert(bob, 'U')).toBeVisible()
  await dismiss(bob, 'U')

  // Bob uses the other two while Alice is away, and is gone when she comes back.
  await alice.stop()
  await check(bob, used)
  await confirm(bob, 'Ally')
  await check(bob, full)
  await confirm(bob, 'Full Ally')
  // each start has a page of its own
  const short = (): Locator => rows(bob, 'contact')
  const joined = (): Locator => rows(bob, 'pending')
  const says = async (one: string, other: string): Promise<void> => {
    await expect(short()).toContainText(one)
    await expect(joined()).toContainText(other)
  }
  await says('Connecting; you can write already', 'Waiting for them to come online')
  await bob.stop()
  await other.stop()
  await alice.start()
  await agree(rows(alice).filter({ hasText: 'Robert' })).toContainText('Connecting; you can write already')
  await openRow(alice, 'Robert')
  await removeContact(alice, 'may be connected on their side')
  await expect(toast(alice, 'The other side may still show you as connecting')).toBeVisible()
  await expect(rows(alice)).toHaveCount(1)
  await alice.stop()

  await other.start()
  await bob.start()
  // a start among several programs on two cores
  await expect(rows(bob)).toHaveCount(2, { timeout: 60_000 })
  await says('Connecting; you can write already', 'Waiting for them to come online')
  await openRow(bob, 'Full Ally')
  await expect(details(bob)).toBeVisible()
  for (const id of ['pending-qr', 'pending-link', 'pending-copy', 'pending-hint'])
    await expect(bob.page.getByTestId(id)).toHaveCount(0)
  // The next day, by the clock of the window.
  await bob.page.clock.setFixedTime(Date.now() + 25 * 3_600_000)
  await bob.page.reload()
  await expect(rows(bob)).toHaveCount(2, { timeout: 60_000 })
  await says('No answer for more than a day', 'No answer for more than a day')
  for (const row of [joined(), short()]) {
    await row.click()
    await expect(bob.page.getByTestId('pending-hint')).toContainText('ask for a new link')
  }
  // nobody is called connected before it is so: not in the empty chat, nor above the first message
  await short().click()
  await expect(bob.page.getByRole('heading', { name: /^Connecting with / })).toBeVisible()
  await send(bob, 'On my way')
  await expect(bob.page.getByText(/^The connection with .* is being made\./)).toBeVisible()
  await expect(bob.page.getByText(/^You (are )?connected /)).toHaveCount(0)
  await removeContact(bob, 'The other side may still show you as connecting.')
  await expect(short()).toHaveCount(0)
  await joined().click()
  await remove(bob, 'The other side may still show you as connecting.', 'Delete connection')
  await expect(rows(bob)).toHaveCount(0)
})

/** The same for somebody who has a name already, but is not connected yet. */
async function removeContact({ page }: Person, says: string): Promise<void> {
  await page.getByRole('button', { name: 'More about this chat' }).click()
  await page.getByRole('menuitem', { name: 'Delete contact' }).click()
  const dialog = page.getByRole('alertdialog')
  await expect(dialog).toContainText(says)
  await dialog.getByRole('button', { name: 'Delete contact' }).click()
  await expect(dialog).toBeHidden()
}

/** Pastes a link of a relay that is in no list here, and says so where that is asked about. */
async function check(person: Person, link: string): Promise<void> {
  const { page } = person
  await pasteInSearch(person, link)
  const ask = page.getByRole('button', { name: 'Ask this relay' })
  const looked = page.getByTestId('connect-dialog').or(page.getByTestId('plan-alert'))
  await expect(ask.or(looked)).toBeVisible()
  if (await ask.isVisible()) await ask.click()
  await expect(looked).toBeVisible()
}

/** The same link as older apps can read it, which names nobody. */
async function fullLink(person: Person, forWhom: string): Promise<string> {
  const { page } = person
  await page.getByTestId('new-chat').click()
  await expect(card(person)).toHaveAttribute('data-state', 'unused')
  await card(person).getByRole('textbox', { name: 'For' }).fill(forWhom)
  await card(person).getByRole('button', { name: 'Copy link' }).click()
  const link = await page.getByTestId('invite-full-link').inputValue()
  await closeSheet(person)
  return link
}

test('INV-9, INV-13: a link that was opened and not completed, and one whose time is over, are told and replaced', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  const { page } = alice
  const opened = await invite(alice, 'Ludo')
  await pasteInSearch(bob, opened)
  await bob.page.getByTestId('connect-dialog').getByRole('button', { name: 'Cancel' }).click()
  await page.getByTestId('new-chat').click()
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  await card(alice).getByRole('textbox', { name: 'For' }).fill('Mara')
  await page.getByTestId('works-until').click()
  await page.getByRole('option', { name: 'One hour from now' }).click()
  await card(alice).getByRole('button', { name: 'Copy link' }).click()
  await closeSheet(alice)
  const late = await alice.readClipboard()

  await alice.stop()
  const args = ['tests/tools/later.ts', alice.dataDir, world.relay.address, '61']
  expect(spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })).toMatchObject({ status: 0 })
  await alice.start()

  await test.step('INV-13', async () => {
    const row = rows(alice).filter({ hasText: 'Ludo' })
    await expect(row).toContainText('Opened, not completed')
    await openPending(alice, 'Ludo')
    await expect(alice.page.getByTestId('pending-alarm')).toContainText('Was it Ludo?')
    await expect(alice.page.getByTestId('pending-qr')).toHaveCount(0)
    await alice.page.getByRole('button', { name: 'Delete link and make a new one' }).click()
    await expect(row).toContainText(['Not shared yet'])
    await expect(alice.page.getByTestId('pending-link')).not.toHaveValue(opened)
  })
  await test.step('INV-9', async () => {
    const row = rows(alice).filter({ hasText: 'Mara' })
    await expect(row).toHaveAttribute('data-state', 'expired')
    await openPending(alice, 'Mara')
    await expect(alice.page.getByTestId('pending-expired')).toContainText('Its time is over')
    await alice.page.getByRole('button', { name: 'Make a new link with the same settings' }).click()
    await expect(row).toContainText(['Not shared yet'])
    await expect(alice.page.getByTestId('pending-link')).not.toHaveValue(late)
    await expect(rows(alice)).toHaveCount(2)
  })
  for (const dead of [late, opened]) {
    await pasteInSearch(bob, dead)
    await expect(alert(bob, 'U')).toBeVisible()
    await dismiss(bob, 'U')
  }
})

test('PEN-2: a relay of mine that does not take a link uses up nothing: the chat says which, and another one of mine goes on', async ({
  world,
}) => {
  const mine = await world.otherRelay()
  const alice = await world.person('Alice')
  const bob = await world.person('Bob', 'browser', ['--relay', mine.address, '--relay', world.relay.address])
  await firstRun(alice)
  await firstRun(bob)
  const link = await invite(alice, 'Bob')
  await mine.stop()
  await connect(bob, link)
  const problem = bob.page.getByTestId('pending-own-relay')
  await agree(problem).toContainText('127.0.0.1')
  await expect(problem).toContainText('It does not answer. Nothing is lost')
  await problem.getByRole('button', { name: 'Try again' }).click()
  await expect(problem).toBeVisible()
  await problem.getByRole('button', { name: 'Use another relay' }).click()
  await bob.page.getByRole('menuitem').first().click()
  await expectConnected(alice, bob)
  await expect(problem).toHaveCount(0)
})
