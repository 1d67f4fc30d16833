import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import jsQR from 'jsqr'
import { makeAddress } from './address-steps.ts'
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

test('ADR-1: in the desktop window the picture goes where the person says, and to the clipboard', async ({
  world,
  folder,
}) => {
  const app = await launchElectron(`${folder}/alone`, ['--relay', world.relay.address])
  const page = await app.firstWindow()
  const alice = { who: 'Alice', page } as Person
  await firstRun(alice)
  const link = await makeAddress(alice)
  const path = join(folder, 'code.png')
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, path)
  await page.getByTestId('addr-save-image').click()
  await expect(page.getByTestId('toast').filter({ hasText: 'Image saved' })).toBeVisible()
  expect(readCode(readFileSync(path))).toBe(link)
  await page.getByTestId('addr-copy-image').click()
  await expect(page.getByTestId('toast').filter({ hasText: 'Image copied' })).toBeVisible()
  expect(readCode(await copiedPicture(page))).toBe(link)
  await app.close()
})
