import { readFileSync } from 'node:fs'
import jsQR from 'jsqr'
import { PNG } from './png.ts'
import { card, closeSheet, confirm, firstRun, pasteInSearch, rows } from './steps.ts'
import { expect, test } from './world.ts'

/* Several one-time links at once, and what becomes of them on paper. flows.md 4 */

test('INV-11: several links are made, all or none; listed, printed, saved; each works once and by itself', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  const { page } = alice
  await page.getByTestId('new-chat').click()
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  await page.getByTestId('invite-several').click()
  const form = page.getByTestId('several-form')
  const count = form.getByRole('textbox', { name: 'How many' })
  await expect(count).toBeFocused()
  for (const wrong of ['1', '51', 'x']) {
    await count.fill(wrong)
    await expect(form.getByText('Choose a number from 2 to 50.')).toBeVisible()
    await expect(page.getByTestId('several-make')).toBeDisabled()
  }
  await count.fill('3')
  await form.getByRole('textbox', { name: 'Name' }).fill('guest')
  await expect(form).toContainText('guest 1 to guest 3')

  await world.relay.stop()
  await page.getByTestId('several-make').click()
  await expect(page.getByTestId('several-error')).toContainText('No links were made.', { timeout: 15_000 })
  await expect(rows(alice, 'pending')).toHaveCount(1)
  await world.relay.start()
  await form.getByRole('button', { name: 'Retry' }).click()
  const made = page.getByTestId('several-link')
  await expect(made).toHaveCount(3, { timeout: 30_000 })
  // the link of the card, which nobody was given, has made room for them
  await expect(rows(alice, 'pending')).toHaveCount(3)
  await expect(rows(alice, 'pending')).toContainText(['guest 1', 'guest 2', 'guest 3'])

  await page.evaluate(() => (window.print = () => undefined))
  await page.getByRole('button', { name: 'Print' }).click()
  await expect(page.locator('[data-paper]')).toHaveCount(1)
  await page.emulateMedia({ media: 'print' })
  const cards = page.locator('[data-paper] .card')
  await expect(cards).toHaveCount(3)
  await expect(cards.nth(1)).toContainText('guest 2')
  await expect(page.getByTestId('several-made')).toBeHidden()
  // as large as a printer draws it
  await page.locator('[data-paper]').evaluate((paper: HTMLElement) => (paper.style.zoom = '3'))
  const printed = PNG(await cards.nth(1).locator('svg').screenshot({ scale: 'device' }))
  const read = jsQR(printed.pixels, printed.width, printed.height)?.data
  await page.emulateMedia({ media: 'screen' })

  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save page' }).click()
  const saved = await download
  expect(saved.suggestedFilename()).toBe('Duplex invitations.html')
  expect(readFileSync(await saved.path(), 'utf8').match(/class="card"/g)).toHaveLength(3)
  for (const one of await made.all()) await expect(one).toHaveAttribute('data-state', 'shared')

  await made.nth(1).getByRole('button', { name: 'Copy link for guest 2' }).click()
  await expect(made.nth(1)).toContainText('Copied')
  const link = await alice.readClipboard()
  expect(read).toBe(link)
  await pasteInSearch(bob, link)
  await confirm(bob)
  await expect(made.nth(1)).toHaveAttribute('data-state', 'connected')
  await expect(made.nth(1)).toContainText('Connected with Bob')
  await expect(made.nth(1).getByRole('button')).toHaveCount(0)
  await expect(made.nth(0)).toHaveAttribute('data-state', 'shared')
  await closeSheet(alice)
  await expect(rows(alice, 'contact')).toContainText('guest 2')
  await expect(rows(alice, 'pending')).toHaveCount(2)
})
