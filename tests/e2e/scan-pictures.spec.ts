import { screenshot } from '../bench/qr/corpus.ts'
import { blank, change } from '../bench/qr/pixels.ts'
import { paste, type HostKind, type Person } from './person.ts'
import {
  alert,
  befriend,
  card,
  confirm,
  connect,
  dismiss,
  expectConnected,
  firstRun,
  invite,
  openRow,
} from './steps.ts'
import {
  chooseFile,
  codePicture,
  codeSvg,
  copyPicture,
  drop,
  expectCheckOf,
  fileOf,
  note,
  openScanner,
  scanner,
  running,
  watchTracks,
} from './scanning.ts'
import { expect, test } from './world.ts'

/* Pictures by file, clipboard, drop and screen: flows.md 9. */

for (const kind of ['browser', 'electron'] satisfies HostKind[]) {
  test(`J2, SCN-7, SCN-8 in ${kind}: the picture of a code, dropped in the sheet, pasted, and dropped on the list, leads to its confirmation`, async ({
    world,
  }) => {
    const alice = await world.person('Alice')
    const bob = await world.person('Bob', kind)
    await firstRun(alice)
    await firstRun(bob)
    const { page } = bob
    await alice.page.getByTestId('new-chat').click()
    await expect(card(alice)).toHaveAttribute('data-state', 'unused')
    await card(alice).getByRole('button', { name: 'Copy link' }).click()
    const link = await alice.readClipboard()
    const picture = await card(alice).locator('svg[role="img"]').first().screenshot()

    await openScanner(bob)
    await drop(bob, 'new-chat-sheet', { file: picture })
    await expectCheckOf(bob, link)
    await openScanner(bob)
    await drop(bob, 'new-chat-sheet', { text: link })
    await expectCheckOf(bob, link)
    await page.getByTestId('new-chat').click()
    await expect(card(bob)).toBeVisible()
    await drop(bob, 'new-chat-sheet', { file: codeSvg(link) })
    await expectCheckOf(bob, link)

    await openScanner(bob)
    await paste(bob, 'tomatoes')
    await expect(page.getByTestId('connect-link')).toHaveValue('tomatoes')
    if (kind === 'browser') {
      await copyPicture(bob, picture)
      await page.keyboard.press('ControlOrMeta+V')
      await expectCheckOf(bob, link)
      await openScanner(bob)
      await page.getByRole('button', { name: 'Paste', exact: true }).click()
      await expectCheckOf(bob, link)
    } else await page.keyboard.press('Escape')

    await drop(bob, 'chat-search', { text: link })
    await expectCheckOf(bob, link)
    await drop(bob, 'chat-search', {
      file: await fileOf(
        bob,
        change(blank(200, 200), () => 200),
      ),
    })
    await expect(page.getByTestId('toast')).toContainText('No QR code was found')
    await drop(bob, 'chat-search', { file: picture })
    await confirm(bob, 'Ally')
    await expectConnected(alice, bob)
    await drop(bob, 'composer', { text: link })
    await drop(bob, 'composer', { file: picture })
    await expect(page.getByTestId('connect-dialog')).toHaveCount(0)
    await expect(page.getByRole('alertdialog')).toHaveCount(0)
  })
}

test('SCN-6: PNG, JPEG, WebP and SVG, turned, inverted and a small code on a large screen, read beside the thread of the page', async ({
  world,
}) => {
  test.slow() // a picture of eight million pixels goes into the browser as text
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  const link = await invite(alice)
  const files: [string, string, Buffer][] = [
    ['code.png', 'image/png', await fileOf(bob, codePicture(link, { size: 400, turn: 1 }))],
    ['code.jpg', 'image/jpeg', await fileOf(bob, codePicture(link, { size: 400, turn: 2 }), 'image/jpeg')],
    [
      'code.webp',
      'image/webp',
      await fileOf(bob, codePicture(link, { size: 400, inverted: true }), 'image/webp'),
    ],
    ['code.svg', 'image/svg+xml', codeSvg(link)],
  ]
  const used = await watchThread(bob)
  for (const [name, type, file] of files) {
    await openScanner(bob)
    await chooseFile(bob, file, name, type)
    await expectCheckOf(bob, link)
  }
  const short = 'https://relay.example.org/i#0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH'
  const nothing = change(blank(1_000, 700), (_v, x, y) => ((x * 7 + y * 13) % 97) + 90)
  const empty = await fileOf(bob, nothing)
  await openScanner(bob)
  // nothing on it: every try is made, down to the last reader
  await chooseFile(bob, empty)
  await expect(note(bob)).toContainText('No QR code was found', { timeout: 60_000 })
  await chooseFile(bob, await fileOf(bob, screenshot(short, 6)))
  await expect(alert(bob, 'I')).toBeVisible({ timeout: 60_000 })
  expect(await used()).toEqual({ pixels: 0, compiled: 0 })
  await dismiss(bob, 'I')

  await openScanner(bob)
  for (const file of [Buffer.from('no picture'), Buffer.from('<html></html>'), Buffer.alloc(0)]) {
    await chooseFile(bob, file)
    await expect(note(bob)).toContainText('cannot be read as a picture')
  }
  const bomb = Buffer.from('89504e470d0a1a0a0000000d4948445200010000000100000802000000', 'hex')
  await chooseFile(bob, bomb)
  await expect(note(bob)).toContainText('too large')
})

test('SCN-6: a picture that takes long says so and can be cancelled, in the scanner and on the list of chats', async ({
  world,
}) => {
  const bob = await world.person('Bob')
  await firstRun(bob)
  const { page } = bob
  const filters = '<rect width="1000" height="1000" filter="url(#f)"/>'.repeat(40)
  const endless = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000"><filter id="f"><feTurbulence numOctaves="10" baseFrequency="1"/></filter>${filters}</svg>`,
  )
  await openScanner(bob)
  await chooseFile(bob, endless, 'endless.svg', 'image/svg+xml')
  await expect(scanner(bob)).toContainText('it is looked at in several ways')
  await scanner(bob).getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByTestId('scan-start')).toBeVisible()
  await expect(note(bob)).toHaveText('')
  // and the next one does not wait for it
  await chooseFile(bob, await fileOf(bob, codePicture('tomatoes')))
  await expect(alert(bob, 'I')).toBeVisible()
  await dismiss(bob, 'I')
  await page.keyboard.press('Escape')

  await drop(bob, 'chat-search', { file: endless })
  const toast = page.getByTestId('toast').filter({ hasText: 'Reading the picture' })
  await toast.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByTestId('toast')).toHaveCount(0)
})

/**
 * Counts what a page needs to read a code by itself: the pixels of a picture, and a compiled decoder. How long its tasks are
 * is measured by `npm run bench -- qr`.
 */
async function watchThread({ page }: Person): Promise<() => Promise<{ pixels: number; compiled: number }>> {
  await page.evaluate(() => {
    const used = { pixels: 0, compiled: 0 }
    Object.assign(window, { used })
    for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
      const read = prototype.getImageData
      prototype.getImageData = function (...area: Parameters<typeof read>) {
        used.pixels += 1
        return read.apply(this, area)
      }
    }
    for (const name of ['instantiate', 'instantiateStreaming', 'compile', 'compileStreaming'] as const) {
      const real = WebAssembly[name] as (...given: unknown[]) => Promise<unknown>
      Object.assign(WebAssembly, {
        [name]: (...given: unknown[]) => {
          used.compiled += 1
          return real(...given)
        },
      })
    }
  })
  return () => page.evaluate(() => (window as unknown as { used: { pixels: number; compiled: number } }).used)
}

async function openCode(person: Person): Promise<Buffer> {
  await person.page.getByTestId('open-verify').click()
  return person.page.getByTestId('verify-qr').screenshot()
}

test('VER-2, VER-3, SCN-10: scanning their code marks the side that scans; a code of another kind says which it is', async ({
  world,
}) => {
  test.slow()
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  const carol = await world.person('Carol')
  for (const person of [alice, bob, carol]) await firstRun(person)
  await befriend(alice, bob)
  await connect(alice, await invite(carol, 'Alice'), 'Carol')
  await expectConnected(carol)
  const link = await invite(carol)
  await openRow(alice, 'Bob')
  await openRow(carol, 'Alice')
  const [codeAtBob, codeAtCarol] = [await openCode(bob), await openCode(carol)]
  await openCode(alice)
  const { page } = alice
  const status = (person: Person) => person.page.getByTestId('verify-status')

  await page.getByTestId('verify-scan').click()
  await chooseFile(alice, await fileOf(alice, codePicture(link, { size: 400 })))
  await expect(note(alice)).toContainText('This is a link to connect, not a security code')
  await chooseFile(alice, codeAtCarol)
  await expect(page.getByTestId('scan-dialog')).toHaveCount(0)
  await expect(page.getByTestId('verify-paste')).toHaveAttribute('data-state', 'different')
  await expect(status(alice)).toHaveAttribute('data-state', 'unverified')

  await page.getByTestId('verify-scan').click()
  await chooseFile(alice, codeAtBob)
  await expect(status(alice)).toHaveAttribute('data-state', 'verified')
  await expect(status(alice)).toContainText('scanned')
  await expect(page.getByText('on your side only').first()).toBeVisible()
  await expect(status(bob)).toHaveAttribute('data-state', 'unverified')

  await page.keyboard.press('Escape')
  await openScanner(alice)
  await chooseFile(alice, codeAtBob)
  await expect(note(alice)).toContainText('This is a security code')
  await chooseFile(alice, await fileOf(alice, codePicture(world.relay.address)))
  await expect(note(alice)).toContainText('This is the address of a relay')
  await chooseFile(alice, await fileOf(alice, codePicture('https://example.org/')))
  await expect(alert(alice, 'I')).toContainText('web address')
  await dismiss(alice, 'I')

  await page.keyboard.press('ControlOrMeta+,')
  await page.getByRole('button', { name: 'Add relay' }).click()
  await page.getByTestId('server-scan').click()
  await chooseFile(alice, codeAtBob)
  await expect(note(alice)).toContainText('This is a security code, not the address of a relay')
  await chooseFile(alice, await fileOf(alice, codePicture(world.relay.address)))
  await expect(page.getByLabel('Relay addresses')).toHaveValue(world.relay.address)
})

test.describe('one window of the screen', () => {
  // One launch in six here shows its code to no capture for as long as it runs, why is not known: a new launch is tried.
  test.describe.configure({ retries: 2 })

  test('SCN-9 in electron: one window is chosen outside of the page, one frame is read, and the capture ends', async ({
    world,
  }) => {
    const alice = await world.person('Alice')
    const bob = await world.person('Bob', 'electron')
    await firstRun(alice)
    await firstRun(bob)
    const link = await invite(alice)
    const picture = await fileOf(bob, codePicture(link, { size: 480 }))
    await bob.main?.(async ({ BrowserWindow, Menu }, base64) => {
      const shown = new BrowserWindow({
        x: 0,
        y: 0,
        width: 620,
        height: 620,
        alwaysOnTop: true,
        title: 'A code',
      })
      await shown.loadURL(`data:text/html,<title>A code</title><img src="data:image/png;base64,${base64}">`)
      const offered: string[] = []
      Object.assign(globalThis, { offered })
      Menu.prototype.popup = function (this: Electron.Menu, options?: Electron.PopupOptions) {
        offered.push(...this.items.map((item) => item.label))
        this.items[0]?.click()
        options?.callback?.()
      }
    }, picture.toString('base64'))
    await watchTracks(bob)
    await openScanner(bob)
    await bob.page.getByTestId('scan-screen').click()
    await expectCheckOf(bob, link)
    expect([...new Set(await running(bob))]).toEqual(['ended'])
  })
})
