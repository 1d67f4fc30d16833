import { readFileSync } from 'node:fs'
import type { Locator } from '@playwright/test'
import jsQR from 'jsqr'
import { expectAccessible } from './accessible.ts'
import { toChats } from './address-steps.ts'
import { folderHolds } from './data-folder.ts'
import { agree, type Person } from './person.ts'
import { PNG } from './png.ts'
import { codePicture, fileOf } from './scanning.ts'
import {
  addProfile,
  card,
  alert,
  closeSheet,
  connectGuarded,
  expectConnected,
  firstRun,
  invite,
  openRow,
  pasteInSearch,
  rows,
  send,
  texts,
} from './steps.ts'
import { expect, test } from './world.ts'

/* As whom one appears: on the card, in the confirmation, with several profiles. flows.md 4, 5, 8, 15 */

test('INV-3, INV-5, INV-12, PEN-1: a random name on the card is all that they see; saved pictures read as the link', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice, 'Xenia Realname')
  await firstRun(bob)
  const { page } = alice
  await page.getByTestId('new-chat').click()
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  await page.getByTestId('show-as').click()
  await page.getByRole('option').last().click()
  const picker = page.getByTestId('show-as')
  await expect(picker).toContainText('A random name for this link alone')
  const shown = (await picker.innerText()).split('\n')[0] ?? ''
  expect(shown).not.toContain('Xenia')

  const picture = await savedPicture(alice, 'Save image')
  expect(picture.width).toBeGreaterThanOrEqual(1_024)
  await card(alice).getByRole('button', { name: 'Copy link' }).click()
  const link = await alice.readClipboard()
  expect(picture.text).toBe(link)
  // On a card nobody is named, unless it is asked for: the plate under the code has another colour then.
  const nobody = await savedPicture(alice, 'Save as a card without a name')
  expect(nobody).toMatchObject({ text: link, plate: 'e9e8e5' })
  const named = await savedPicture(alice, `Save as a card with the name ${shown}`)
  expect(named).toMatchObject({ text: link, plate: 'e3efef' })
  await closeSheet(alice)

  // The pending row says the same, and when it was made and shared.
  await rows(alice, 'pending').click()
  const pending = page.getByTestId('pending-details')
  await expect(pending).toContainText(shown)
  await expect(pending.locator('time')).toHaveCount(2)

  await pasteInSearch(bob, link)
  const dialog = bob.page.getByTestId('connect-dialog')
  await expect(dialog).toContainText(shown)
  // flows 8, guard: to a random name nobody is answered as until Bob has said as whom
  await expect(dialog).toContainText('may be a random name')
  await connectGuarded(bob)
  await expectConnected(alice, bob)
  await openRow(bob, shown)
  await send(bob, 'who is there?')
  await openRow(alice, 'Bob')
  await expect(texts(alice, 'in')).toHaveText(['who is there?'])
  expect(await bob.page.content()).not.toContain('Realname')
  expect(folderHolds(bob.dataDir, 'Realname')).toBe(false)
})

test('CON-1, CON-8, SET-6: connecting as a random name, then as another profile, which is deleted with its contact', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  const { page } = bob
  for (const person of [alice, bob]) await choosePicture(person)
  const first = await invite(alice)
  await pasteInSearch(bob, first)
  const dialog = page.getByTestId('connect-dialog')
  // Theirs as the link has it, mine beside it and in the list of my profiles.
  await expect(dialog.locator('img')).toHaveCount(3)
  await expect(dialog.getByRole('radio')).toHaveCount(2)
  await dialog.getByTestId('identity-incognito').click()
  await expect(dialog.locator('img')).toHaveCount(2)
  const offered = await dialog.getByRole('button', { name: /^Connect as/ }).innerText()
  await dialog.getByRole('button', { name: 'New name' }).click()
  await expect(dialog.getByRole('button', { name: /^Connect as/ })).not.toHaveText(offered)
  const name = (await dialog.getByRole('button', { name: /^Connect as/ }).innerText()).replace(
    'Connect as ',
    '',
  )
  await dialog.getByRole('button', { name: /^Connect as/ }).click()
  await expect(rows(alice, 'contact')).toContainText(name)
  // INV-3: no picture of mine behind a random name. Theirs is in the row, and goes when they take it away.
  await expect(rows(alice, 'contact').locator('img')).toHaveCount(0)
  await expect(rows(bob, 'contact').locator('img')).toHaveCount(1)
  const form = await editProfile(alice)
  await expectAccessible(alice.page, 'the form of a profile')
  await form.getByRole('button', { name: 'Remove picture' }).click()
  await saveProfile(alice)
  await agree(rows(bob, 'contact').locator('img')).toHaveCount(0)

  // A second profile, made and left again; the link is then used as that one.
  await addProfile(page, 'Studio Bob')
  await page.getByTestId('profile-entry').filter({ hasText: 'Studio Bob' }).getByText('In use').waitFor()
  await page.getByTestId('profile-entry').getByRole('button', { name: 'Switch' }).click()
  await expect(rows(bob, 'contact')).toHaveCount(1)

  await pasteInSearch(bob, await invite(alice))
  await dialog.getByRole('radio', { name: 'Studio Bob' }).click()
  await dialog.getByRole('button', { name: 'Connect as Studio Bob' }).click()
  await expect(page.getByText(/Studio Bob/).first()).toBeVisible()
  await expect(rows(alice, 'contact').filter({ hasText: 'Studio Bob' })).toHaveCount(1)
  // Its chat is there and nowhere else.
  await expect(rows(bob, 'contact')).toHaveCount(1)
  await expect(rows(bob, 'contact')).toContainText('Alice')

  // PLN-1 O: an own link, used by the other profile of the same person; each has a chat of it.
  await pasteInSearch(bob, await invite(bob))
  await alert(bob, 'O').getByRole('button', { name: 'Connect from another profile' }).click()
  await expect(dialog.getByRole('radio')).toHaveCount(2)
  await expect(dialog.getByRole('radio', { name: 'Studio Bob' })).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Connect as Bob' }).click()
  await expect(page.getByTestId('profile-menu')).toHaveAccessibleName('Profile: Bob')
  await agree(rows(bob, 'contact').filter({ hasText: 'Studio Bob' })).toHaveCount(1)
  await openRow(bob, 'Studio Bob')
  await send(bob, 'a note to myself')
  await page.getByTestId('profile-menu').click()
  await page.getByRole('menuitem', { name: 'Switch to Studio Bob' }).click()
  await expect(page.getByTestId('toast').getByText('You are Studio Bob now')).toBeVisible()
  await openRow(bob, 'Bob')
  await expect(texts(bob, 'in')).toHaveText(['a note to myself'])
  await expect(rows(bob)).toHaveCount(2)

  await page.getByTestId('profile-menu').click()
  await page.getByRole('menuitem', { name: 'Your profiles' }).click()
  const studio = page.getByTestId('profile-entry').filter({ hasText: 'Studio Bob' })
  await studio.getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByTestId('profile-delete')).toContainText(
    '2 contacts and your chats with them are lost',
  )
  await page.getByRole('button', { name: 'Delete profile' }).click()
  await expect(page.getByTestId('profile-entry')).toHaveCount(1)
  await expect(page.getByTestId('profile-entry')).toContainText('Bob')
})

async function editProfile({ page }: Person): Promise<Locator> {
  await page.getByTestId('profile-menu').click()
  await page.getByRole('menuitem', { name: 'Your profiles' }).click()
  await page.getByTestId('profile-entry').getByRole('button', { name: 'Edit' }).click()
  return page.getByTestId('profile-edit')
}

async function saveProfile(person: Person): Promise<void> {
  const dialog = person.page.getByTestId('profile-edit')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()
  await toChats(person)
}

/** A picture that does not compress well, so that it is made smaller until it fits. */
async function choosePicture(person: Person): Promise<void> {
  const dialog = await editProfile(person)
  const file = dialog.getByTestId('own-picture-file')
  await file.setInputFiles({ name: 'me.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') })
  await expect(dialog.getByRole('alert')).toContainText('no PNG, JPEG or WebP')
  const buffer = await fileOf(person, codePicture('somebody '.repeat(20), { size: 700 }))
  await file.setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer })
  await expect(dialog.locator('img')).toBeVisible()
  await saveProfile(person)
  await expect(person.page.getByTestId('profile-menu').locator('img')).toBeVisible()
}

/** What the menu of the picture saves: what a camera reads in it, and the colour at the foot of it. */
async function savedPicture(person: Person, item: string) {
  const { page } = person
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'More: save or copy the image' }).click()
  await page.getByRole('menuitem', { name: item }).click()
  const { pixels, width, height } = PNG(readFileSync(await (await download).path()))
  const foot = 4 * (Math.round(height * 0.985) * width + Math.round(width / 2))
  const plate = Buffer.from(pixels.slice(foot, foot + 3)).toString('hex')
  return { width, text: jsQR(pixels, width, height)?.data, plate }
}
