import { expectAccessible } from './accessible.ts'
import { agree, type Person } from './person.ts'
import { befriend, confirm, firstRun, invite, pasteInSearch, rows, send, texts } from './steps.ts'
import { expect, test } from './world.ts'

/* The four ways to delete a contact. flows.md 14 */

async function askToDelete(person: Person, from: 'bar' | 'row' | 'info'): Promise<void> {
  const { page } = person
  if (from === 'row') await rows(person, 'contact').click({ button: 'right' })
  if (from === 'bar') await page.getByRole('button', { name: 'More about this chat' }).click()
  if (from === 'info') {
    await page.getByTestId('open-info').click()
    await page.getByTestId('contact-info').getByRole('button', { name: 'Delete' }).click()
  } else await page.getByRole('menuitem', { name: 'Delete' }).click()
}

const dialogOf = (person: Person) => person.page.getByTestId('delete-contact')

test('INF-4: a contact is deleted and the chat kept to read, untold; a restart keeps it; a new link begins another', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  await befriend(alice, bob)
  await send(alice, 'the last word')
  await agree(texts(bob, 'in')).toHaveText(['the last word'])

  await askToDelete(alice, 'bar')
  const dialog = dialogOf(alice)
  const tell = dialog.getByRole('checkbox', { name: 'Tell Bob' })
  await expect(dialog.getByRole('radio')).toHaveCount(2)
  await expect(dialog.getByRole('radio', { name: 'Contact and chat' })).toBeChecked()
  await expect(tell).toBeChecked()
  await expect(dialog.getByRole('button', { name: 'Keep contact' })).toBeFocused()
  await expect(dialog.getByRole('button', { name: 'Delete Bob and the chat' })).toBeVisible()
  await expectAccessible(alice.page, 'deleting a contact')
  await dialog.getByRole('radio', { name: 'Contact only, keep the chat to read' }).click()
  await tell.uncheck()
  await dialog.getByRole('button', { name: 'Delete Bob, keep the chat' }).click()
  await expect(dialog).toBeHidden()

  const kept = async (): Promise<void> => {
    await expect(rows(alice, 'contact')).toHaveAttribute('data-state', 'deleted')
    await expect(rows(alice, 'contact')).toContainText('You ended this chat')
    await expect(alice.page.getByTestId('composer')).toHaveCount(0)
    await expect(alice.page.getByTestId('conversation')).toContainText('You deleted Bob')
    await expect(texts(alice, 'out')).toHaveText(['the last word'])
    await expect(alice.page.getByTestId('conversation')).toContainText('You appeared as Alice')
    // its keys are gone: there is no code to compare
    await expect(alice.page.getByTestId('open-info')).toBeVisible()
    await expect(alice.page.getByTestId('open-verify')).toHaveCount(0)
  }
  await kept()
  await expectAccessible(alice.page, 'a kept chat')
  await alice.stop()
  await alice.start()
  await rows(alice, 'contact').click()
  await kept()

  // Bob was told nothing: he learns of it when he writes.
  await expect(rows(bob, 'contact')).toHaveAttribute('data-state', 'active')
  await send(bob, 'are you there?')
  await agree(
    bob.page.locator('[data-testid="message"][data-direction="out"][data-state="failed"]'),
  ).toHaveCount(1)
  await expect(rows(bob, 'contact')).toHaveAttribute('data-state', 'active')

  // Another link makes another contact beside what was kept.
  await pasteInSearch(bob, await invite(alice))
  await confirm(bob, 'Alice again')
  await agree(rows(alice, 'contact')).toHaveCount(2)
  await agree(rows(alice, 'contact').first()).toHaveAttribute('data-state', 'active')

  // What was kept goes whole, without another choice.
  await rows(alice, 'contact').last().click()
  await expect(alice.page.getByTestId('conversation')).toContainText('You deleted Bob')
  await askToDelete(alice, 'bar')
  await expect(dialogOf(alice)).toContainText('Delete the chat with Bob?')
  await expect(dialogOf(alice).getByRole('radio')).toHaveCount(0)
  await dialogOf(alice).getByRole('button', { name: 'Delete chat' }).click()
  await expect(rows(alice, 'contact')).toHaveCount(1)
})

test('what no relay had when the contact was deleted says so in the kept chat, and is not offered to be sent again', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  await befriend(alice, bob)
  await world.relay.stop()
  await send(alice, 'too late')
  await askToDelete(alice, 'bar')
  await dialogOf(alice)
    .getByRole('radio', { name: /keep the chat/ })
    .click()
  await dialogOf(alice).getByRole('checkbox').uncheck()
  await dialogOf(alice).getByRole('button', { name: 'Delete Bob, keep the chat' }).click()
  const message = alice.page.getByTestId('message')
  await expect(message).toHaveAttribute('data-state', 'failed')
  await expect(message).toContainText('not sent before this chat ended')
  await expect(message.getByRole('button')).toHaveCount(0)
})

for (const [keep, notify, from] of [
  [true, true, 'info'],
  [false, true, 'row'],
  [false, false, 'bar'],
] as const)
  test(`INF-4: ${keep ? 'the chat is kept' : 'the chat goes'}, they are ${notify ? 'told' : 'not told'}`, async ({
    world,
  }) => {
    const alice = await world.person('Alice')
    const bob = await world.person('Bob')
    await firstRun(alice)
    await firstRun(bob)
    await befriend(alice, bob)
    await send(alice, 'hello')
    await agree(texts(bob, 'in')).toHaveText(['hello'])
    await askToDelete(alice, from)
    const dialog = dialogOf(alice)
    if (keep) await dialog.getByRole('radio', { name: /keep the chat/ }).click()
    if (!notify) await dialog.getByRole('checkbox').uncheck()
    await dialog
      .getByRole('button', { name: keep ? 'Delete Bob, keep the chat' : 'Delete Bob and the chat' })
      .click()
    await expect(dialog).toBeHidden()
    if (keep) await expect(rows(alice, 'contact')).toHaveAttribute('data-state', 'deleted')
    else await expect(rows(alice)).toHaveCount(0)
    await rows(bob, 'contact').click()
    if (notify) {
      await agree(rows(bob, 'contact')).toHaveAttribute('data-state', 'deleted-by-peer')
      await expect(bob.page.getByTestId('conversation')).toContainText('ended this chat')
    } else {
      await send(bob, 'are you there?')
      await agree(bob.page.locator('[data-testid="message"][data-state="failed"]')).toHaveCount(1)
      await expect(rows(bob, 'contact')).toHaveAttribute('data-state', 'active')
    }
    await expect(texts(bob, 'in')).toHaveText(['hello'])
  })
