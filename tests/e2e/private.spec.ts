import type { Download, Locator, Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { expectAccessible } from './accessible.ts'
import { ask, makeAddress } from './address-steps.ts'
import { agree } from './person.ts'
import {
  card,
  closeSheet,
  confirm,
  connectGuarded,
  dialogOf,
  expectConnected,
  firstRun,
  invite,
  openRow,
  pasteInSearch,
  rows,
} from './steps.ts'
import { expect, test } from './world.ts'

/* What is mine alone, and what others are shown of me. */

const SECRET = 'Debt collector'

/** A name is no name if its words are in it anywhere. */
function expectNeutral(text: string, where: string): void {
  expect.soft(text.toLowerCase(), where).not.toMatch(/debt|collector/)
}

async function saved(page: Page, deed: () => Promise<void>): Promise<{ name: string; text: string }> {
  const download: Promise<Download> = page.waitForEvent('download')
  await deed()
  const file = await download
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'latin1') }
}

test('INV-4: whom a link is for stands on my half alone: not on the code held up, in files, the copied message or the title', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  await firstRun(alice)
  const { page } = alice
  await page.getByTestId('new-chat').click()
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  await card(alice).getByRole('textbox', { name: 'For' }).fill(SECRET)
  const full = page.getByTestId('qr-full')
  const look = async (where: string): Promise<void> => {
    await expect(full).toContainText('QR code of the link')
    expectNeutral(await full.innerText(), where)
    expectNeutral(await full.evaluate((one) => one.outerHTML), where)
    expectNeutral(await full.ariaSnapshot(), where)
    await page.keyboard.press('Escape')
    await expect(full).toBeHidden()
  }
  await page.getByRole('button', { name: 'Enlarge QR code' }).click()
  await look('the enlarged code')
  for (const item of ['Save image', 'Save as a card']) {
    const file = await saved(page, async () => {
      await page.getByRole('button', { name: 'More: save or copy the image' }).click()
      await page.getByRole('menuitem', { name: item }).click()
    })
    expect(file.name).toBe('Duplex invitation.png')
    expectNeutral(file.text, item)
  }
  await page.getByRole('button', { name: 'Share' }).click()
  await page.getByRole('menuitem', { name: 'Copy message' }).click()
  await expect(page.getByTestId('invite-said')).not.toBeEmpty()
  expectNeutral(await alice.readClipboard(), 'the copied message')
  expectNeutral(await alice.title(), 'the title')
  await closeSheet(alice)

  await rows(alice, 'pending').click()
  await expect(page.getByTestId('pending-details')).toBeVisible()
  await page
    .getByTestId('pending-details')
    .getByRole('button', { name: /enlarge/i })
    .click()
  await look('the enlarged code of the pending row')
  const again = await saved(page, async () => {
    await page.getByRole('button', { name: 'More: save or copy the image' }).click()
    await page.getByRole('menuitem', { name: 'Save image' }).click()
  })
  expect(again.name).toBe('Duplex invitation.png')
})

test('a private name is kept to its last letter: what does not fit is not taken', async ({ world }) => {
  const alice = await world.person('Alice')
  await firstRun(alice)
  const { page } = alice
  await page.getByTestId('new-chat').click()
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  const field = card(alice).getByRole('textbox', { name: 'For' })
  await field.pressSequentially(`${'long '.repeat(9)}name and more`)
  const typed = await field.inputValue()
  expect(typed).toBe(`${'long '.repeat(9)}name `)
  await card(alice).getByRole('button', { name: 'Copy link' }).click()
  await closeSheet(alice)
  await expect(rows(alice, 'pending')).toContainText(typed.trim())
  await expect(rows(alice, 'pending')).not.toContainText('…')
})

test('the label of an address and the name of several links are in no name of a file', async ({ world }) => {
  const alice = await world.person('Alice')
  await firstRun(alice)
  const { page } = alice
  await page.getByTestId('new-chat').click()
  await page.getByTestId('invite-several').click()
  await page.getByLabel('How many').fill('2')
  await page.getByLabel('Name').fill(SECRET)
  await page.getByTestId('several-make').click()
  await expect(page.getByTestId('several-made')).toBeVisible()
  const several = await saved(page, () => page.getByRole('button', { name: 'Save page' }).click())
  expect(several.name).toBe('Duplex invitations.html')
  // the strips above the cards are cut off and kept: INV-11
  const cards = several.text.replaceAll(/<div class="strip">.*?<\/div>/g, '')
  expectNeutral(cards, 'the cards')
  await closeSheet(alice)

  await makeAddress(alice)
  await page.getByTestId('addr-add').click()
  const dialog = page.getByTestId('addr-create-dialog')
  await dialog.getByRole('textbox').fill(SECRET)
  await dialog.getByRole('button', { name: 'Create address' }).click()
  await expect(page.getByTestId('addr-main')).toContainText(SECRET)
  const code = await saved(page, () => page.getByTestId('addr-save-image').click())
  expect(code.name).toBe('Duplex address.png')
  await page.getByTestId('addr-enlarge').click()
  expectNeutral(await page.getByTestId('qr-full').evaluate((one) => one.outerHTML), 'the enlarged address')
})

test('INV-3: the card has a switch for Incognito; what is incognito has no hue, in card, list and confirmation', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  const { page } = alice
  await page.getByTestId('new-chat').click()
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  const toggle = card(alice).getByRole('switch', { name: 'Incognito' })
  const shown = page.getByTestId('show-as')
  await expect(toggle).not.toBeChecked()
  await toggle.click()
  await expect(toggle).toBeChecked()
  await expect(shown).not.toContainText('Alice')
  await expectAccessible(page, 'an incognito card')
  const random = (await shown.innerText()).split('\n')[0] ?? ''
  await toggle.click()
  await expect(shown).toContainText('Alice')
  await toggle.click()
  await expect(shown).not.toContainText('Alice')
  const name = (await shown.innerText()).split('\n')[0] ?? random
  await card(alice).getByRole('button', { name: 'Copy link' }).click()
  await closeSheet(alice)
  const link = await alice.readClipboard()
  const tile = rows(alice, 'pending').locator('svg').first()
  expect(await saturation(tile), 'the tile of the row').toBeLessThan(20)

  await pasteInSearch(bob, link)
  await expect(dialogOf(bob)).toContainText(name)
  const mine = dialogOf(bob).getByTestId('identity-incognito')
  await mine.click()
  const row = dialogOf(bob)
    .getByTestId('identity')
    .locator('label', { has: bob.page.getByTestId('identity-incognito') })
    .locator('..')
  expect(await saturation(row), 'the chosen row').toBeLessThan(8)
  await dialogOf(bob).getByRole('radio').first().click()
  const own = dialogOf(bob).getByTestId('identity').locator('label').first().locator('..')
  expect(await saturation(own), 'the row of a profile').toBeGreaterThan(8)
  await connectGuarded(bob, mine)
  await expectConnected(alice, bob)
})

/** How far the ground of an element is from grey: largest less smallest part of its colour, 0 to 255. */
async function saturation(element: Locator): Promise<number> {
  return element.evaluate((one) => {
    const path = one instanceof SVGElement ? one.querySelector('path') : null
    const colour = path === null ? getComputedStyle(one).backgroundColor : getComputedStyle(path).fill
    const parts = (colour.match(/\d+(?:\.\d+)?/g) ?? []).slice(0, 3).map(Number)
    return Math.max(...parts) - Math.min(...parts)
  })
}

test('what I say of myself has its field and its limit, and is seen before and after connecting, and by whom I ask', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  const { page } = alice
  const edit = async (): Promise<void> => {
    await page.getByTestId('profile-menu').click()
    await page.getByRole('menuitem', { name: 'Your profiles' }).click()
    await page.getByTestId('profile-entry').getByRole('button', { name: /Edit/ }).click()
  }
  await edit()
  const field = page.getByTestId('own-bio')
  const save = page.getByTestId('profile-edit').getByRole('button', { name: 'Save' })
  await field.fill('é'.repeat(80))
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByTestId('profile-edit')).toContainText('too long for a profile')
  await expect(save).toBeDisabled()
  await expectAccessible(page, 'a profile with too long a text')
  await field.fill('é'.repeat(79))
  await expect(save).toBeEnabled()
  await field.fill('Tide tables, "slow" bicycles')
  await save.click()
  await expect(page.getByTestId('profile-edit')).toBeHidden()
  await page.getByTestId('settings-back').click()

  const link = await invite(alice, 'Bob')
  await pasteInSearch(bob, link)
  await expect(dialogOf(bob)).toContainText('Tide tables, "slow" bicycles')
  await confirm(bob)
  await expectConnected(alice, bob)
  await openRow(bob, 'Alice')
  await bob.page.getByTestId('open-info').click()
  await expect(bob.page.getByTestId('contact-info')).toContainText('Tide tables, "slow" bicycles')

  // changed and taken away, it changes there
  await edit()
  await expect(field).toHaveValue('Tide tables, "slow" bicycles')
  await field.fill('')
  await save.click()
  await agree(bob.page.getByTestId('contact-info')).not.toContainText('Tide tables')
  await edit()
  await field.fill('Back again')
  await save.click()
  await agree(bob.page.getByTestId('contact-info')).toContainText('Back again')
  await page.getByTestId('settings-back').click()

  // at somebody's address, where a person decides about whoever asks
  const carol = await world.person('Carol')
  await firstRun(carol)
  const address = await makeAddress(carol)
  await carol.page.getByTestId('settings-back').click()
  await ask(alice, address)
  await carol.page.getByTestId('chat-list').locator('[data-kind="request"]').click()
  await expect(carol.page.getByTestId('request-about')).toHaveText('Back again')
})
