import { spawnSync } from 'node:child_process'
import { agree, type Person } from './person.ts'
import { root } from './programs.ts'
import { alert, card, closeSheet, connect, firstRun, invite, openRow, pasteInSearch, rows } from './steps.ts'
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
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  const [unused, used] = [await invite(alice, 'Zoe'), await invite(alice, 'Robert')]
  await openPending(alice, 'Zoe')
  await remove(alice, 'The link stops working.', 'Delete link')
  await expect(rows(alice)).toHaveCount(1)
  await pasteInSearch(bob, unused)
  await expect(alert(bob, 'U')).toBeVisible()
  await bob.page.keyboard.press('Escape')

  // Bob uses the other one while Alice is away, and is gone when she comes back.
  await alice.stop()
  await connect(bob, used, 'Ally')
  const waits = 'Waiting for them to come online'
  await expect(rows(bob).filter({ hasText: 'Ally' })).toContainText(waits)
  await bob.stop()
  await alice.start()
  await agree(rows(alice).filter({ hasText: 'Robert' })).toContainText('Opened; keys are being agreed')
  await openPending(alice, 'Robert')
  await expect(alice.page.getByTestId('pending-qr')).toHaveCount(0)
  await remove(alice, 'may be connected on their side', 'Delete connection')
  await expect(toast(alice, 'The other side may still show you as connecting')).toBeVisible()
  await expect(rows(alice)).toHaveCount(0)

  await bob.start()
  await expect(rows(bob).filter({ hasText: 'Ally' })).toContainText(waits)
  await openRow(bob, 'Ally')
  for (const id of ['pending-qr', 'pending-link', 'pending-copy'])
    await expect(bob.page.getByTestId(id)).toHaveCount(0)
  await expect(bob.page.getByTestId('pending-hint')).toHaveCount(0)
  // The next day, by the clock of the window.
  await bob.page.clock.setFixedTime(Date.now() + 25 * 3_600_000)
  await bob.page.reload()
  await expect(rows(bob).filter({ hasText: 'Ally' })).toContainText('No answer for more than a day')
  await openRow(bob, 'Ally')
  await expect(bob.page.getByTestId('pending-hint')).toContainText('ask for a new link')
  await remove(bob, 'The other side may still show you as connecting.', 'Delete connection')
  await expect(rows(bob)).toHaveCount(0)
})

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
    await expect(row).toContainText('Not shared yet')
    await expect(alice.page.getByTestId('pending-link')).not.toHaveValue(opened)
  })
  await test.step('INV-9', async () => {
    const row = rows(alice).filter({ hasText: 'Mara' })
    await expect(row).toHaveAttribute('data-state', 'expired')
    await openPending(alice, 'Mara')
    await expect(alice.page.getByTestId('pending-expired')).toContainText('Its time is over')
    await alice.page.getByRole('button', { name: 'Make a new link with the same settings' }).click()
    await expect(row).toHaveAttribute('data-state', 'unused')
    await expect(alice.page.getByTestId('pending-link')).not.toHaveValue(late)
    await expect(rows(alice)).toHaveCount(2)
  })
  for (const dead of [late, opened]) {
    await pasteInSearch(bob, dead)
    await expect(alert(bob, 'U')).toBeVisible()
    await bob.page.keyboard.press('Escape')
  }
})
