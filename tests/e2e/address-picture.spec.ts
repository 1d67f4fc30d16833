import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import jsQR from 'jsqr'
import { makeAddress, toChats } from './address-steps.ts'
import { launchElectron, type Person } from './person.ts'
import { PNG } from './png.ts'
import { firstRun } from './steps.ts'
import { expect, test } from './world.ts'

/** What somebody's camera reads in a picture. */
function readCode(png: Buffer): string | undefined {
  const { pixels, width, height } = PNG(png)
  return jsQR(pixels, width, height)?.data
}

/** The picture on the clipboard, as the page itself can read it. */
async function copiedPicture(page: Person['page']): Promise<Buffer> {
  const bytes = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read()
    const blob = await item?.getType('image/png')
    return [...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))]
  })
  return Buffer.from(bytes)
}

test('ADR-1: the code is enlarged, saved and copied as pictures that say the link', async ({ world }) => {
  const alice = await world.person('Alice')
  await firstRun(alice)
  const { page } = alice
  const link = await makeAddress(alice)
  await page.getByTestId('addr-enlarge').click()
  const full = page.getByTestId('qr-full')
  await expect(full).toBeVisible()
  expect(readCode(await full.screenshot({ scale: 'device' }))).toBe(link)
  await page.keyboard.press('Escape')
  await expect(full).toBeHidden()
  await expect(page.getByTestId('addr-enlarge')).toBeFocused()

  const download = page.waitForEvent('download')
  await page.getByTestId('addr-save-image').click()
  const saved = await download
  expect(saved.suggestedFilename()).toBe('Duplex address.png')
  expect(readCode(readFileSync(await saved.path()))).toBe(link)
  await page.getByTestId('addr-copy-image').click()
  await expect(page.getByTestId('toast').filter({ hasText: 'Image copied' })).toBeVisible()
  expect(readCode(await copiedPicture(page))).toBe(link)
})

test('ADR-1, INV-11: in the desktop window a picture goes where the person says, and to the clipboard; so does a page of cards', async ({
  world,
  folder,
}) => {
  const app = await launchElectron(`${folder}/alone`, ['--relay', world.relay.address])
  const page = await app.firstWindow()
  const alice = { who: 'Alice', page } as Person
  await firstRun(alice)
  const link = await makeAddress(alice)
  const path = join(folder, 'code.png')
  const saveAs = (to: string) =>
    app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
    }, to)
  await saveAs(path)
  await page.getByTestId('addr-save-image').click()
  await expect(page.getByTestId('toast').filter({ hasText: 'Image saved' })).toBeVisible()
  expect(readCode(readFileSync(path))).toBe(link)
  await page.getByTestId('addr-copy-image').click()
  await expect(page.getByTestId('toast').filter({ hasText: 'Image copied' })).toBeVisible()
  expect(readCode(await copiedPicture(page))).toBe(link)

  await toChats(alice)
  await page.getByTestId('new-chat').click()
  await page.getByTestId('invite-several').click()
  await page.getByRole('textbox', { name: 'How many' }).fill('2')
  await page.getByTestId('several-make').click()
  await expect(page.getByTestId('several-link')).toHaveCount(2)
  await saveAs(join(folder, 'cards.html'))
  await page.getByRole('button', { name: 'Save page' }).click()
  await expect(page.getByTestId('toast').filter({ hasText: 'Page saved' })).toBeVisible()
  expect(readFileSync(join(folder, 'cards.html'), 'utf8').match(/class="card"/g)).toHaveLength(2)
  await page.evaluate(() => (window.print = () => undefined))
  await page.getByRole('button', { name: 'Print' }).click()
  await expect(page.locator('[data-paper] .card')).toHaveCount(2)
  await app.close()
})
