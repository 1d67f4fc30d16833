import jsQR from 'jsqr'
import { PNG } from './png.ts'
import { chooseFile } from './scanning.ts'
import { paste, type Person } from './person.ts'
import {
  alert,
  befriend,
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
  texts,
} from './steps.ts'
import { expect, test } from './world.ts'

test('NEW-1, NEW-2, CHL-6: the sheet opens on the right tab, gives the focus back, and makes one link at most', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const { page } = alice
  await firstRun(alice)
  const invited = page.getByRole('tab', { name: '1-time link' })
  const connecting = page.getByRole('tab', { name: /^Connect via link/ })

  await page.getByTestId('empty-connect').click()
  await expect(connecting).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('new-chat-sheet')).toBeHidden()
  await expect(rows(alice)).toHaveCount(0)

  await page.getByTestId('new-chat').click()
  await expect(invited).toBeFocused()
  await expect(invited).toHaveAttribute('aria-selected', 'true')
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  await page.keyboard.press('ArrowRight')
  await expect(connecting).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  await page.keyboard.press('Escape')
  await page.getByTestId('invite-keep').getByRole('button', { name: 'Keep for later' }).click()
  await expect(page.getByTestId('new-chat-sheet')).toBeHidden()
  await expect(page.getByTestId('new-chat')).toBeFocused()
  await expect(rows(alice, 'pending')).toHaveCount(1)
  await expect(page.getByTestId('chats-empty')).toBeHidden()

  await page.keyboard.press('ControlOrMeta+N')
  await expect(invited).toBeFocused()
})

test('NEW-2, INV-10: passing through New chat asks nothing of a relay; the card looked at for half a second, or touched, makes one link', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const { page } = alice
  await firstRun(alice)
  const before = await world.relay.queuesMade()
  // from here on the time of the page goes by in steps alone
  await page.clock.install()
  await page.clock.pauseAt(Date.now() + 60_000)
  const sheet = page.getByTestId('new-chat-sheet')
  const goBy = (ms: number): Promise<void> => page.clock.runFor(ms)
  /** What closes takes some time to fade. */
  const gone = (): Promise<void> =>
    expect
      .poll(async () => {
        await goBy(200)
        return sheet.count()
      })
      .toBe(0)
  const leaveBy: [string, () => Promise<unknown>][] = [
    ['Escape', () => page.keyboard.press('Escape')],
    ['the cross', () => sheet.getByRole('button', { name: 'Close' }).click()],
    ['the other tab', () => page.getByRole('tab', { name: /^Connect via link/ }).click()],
    ['Several at once', () => page.getByTestId('invite-several').click()],
    ['Your address', () => sheet.getByRole('button', { name: 'Your address' }).click()],
  ]
  for (const [name, leave] of leaveBy)
    await test.step(name, async () => {
      await page.keyboard.press('ControlOrMeta+N')
      await expect(card(alice)).toHaveAttribute('data-state', 'idle')
      await goBy(300)
      await leave()
      await goBy(5_000)
      await expect(card(alice)).toHaveCount(0)
      if (await sheet.isVisible()) await sheet.getByRole('button', { name: 'Close' }).click()
      await gone()
    })
  await test.step('the scanner from the search field', async () => {
    await page.keyboard.press('ControlOrMeta+K')
    await page.getByTestId('search-scan').click()
    await goBy(5_000)
    await sheet.getByRole('button', { name: 'Close' }).click()
    await gone()
  })
  await expect(rows(alice)).toHaveCount(0)
  expect(await world.relay.queuesMade()).toBe(before)

  await test.step('looked at for half a second', async () => {
    await page.keyboard.press('ControlOrMeta+N')
    await expect(card(alice)).toHaveAttribute('data-state', 'idle')
    await goBy(500)
    await expect(card(alice)).toHaveAttribute('data-state', 'unused')
    expect(await world.relay.queuesMade()).toBe(before + 1)
    await page.keyboard.press('Escape')
    await goBy(500)
    await page.getByTestId('invite-keep').getByRole('button', { name: 'Keep for later' }).click()
    await gone()
  })
  const touches: [string, () => Promise<unknown>][] = [
    ['by pointer', () => page.getByTestId('invite-status').click()],
    ['by the focus', () => card(alice).getByRole('textbox', { name: 'For' }).focus()],
  ]
  for (const [at, [name, touch]] of touches.entries())
    await test.step(`touched ${name}`, async () => {
      await page.keyboard.press('ControlOrMeta+N')
      await expect(card(alice)).toHaveAttribute('data-state', 'idle')
      await touch()
      await expect(card(alice)).toHaveAttribute('data-state', 'unused')
      expect(await world.relay.queuesMade()).toBe(before + 2 + at)
      await page.keyboard.press('Escape')
      await goBy(500)
      await page.getByTestId('invite-keep').getByRole('button', { name: 'Delete link' }).click()
      await gone()
    })
  await expect(rows(alice, 'pending')).toHaveCount(1)
})

test('INV-1, INV-8: the QR code says exactly the link, enlarged also to our scanner; Copy puts exactly it on the clipboard', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  await firstRun(alice)
  await alice.page.getByTestId('empty-invite').click()
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  const link = await alice.page.getByTestId('invite-link').inputValue()
  for (const colorScheme of ['light', 'dark'] as const) {
    await alice.page.emulateMedia({ colorScheme })
    expect(await readQr(alice)).toBe(link)
  }
  await card(alice).getByRole('button', { name: 'Copy link' }).click()
  await expect(alice.page.getByTestId('invite-said')).toHaveText('Copied')
  expect(await alice.readClipboard()).toBe(link)

  // A picture of the window with the code 320 px large; the link that the scanner reads in it leads to its own row.
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page } = alice
    await page.emulateMedia({ colorScheme })
    await page.getByRole('button', { name: 'Enlarge QR code' }).click()
    const code = page.getByTestId('qr-full').getByRole('img')
    await page.setViewportSize({ width: 360, height: 640 })
    await expect.poll(async () => Math.round((await code.boundingBox())?.width ?? 0)).toBe(320)
    const shot = await page.screenshot()
    await page.setViewportSize({ width: 1_180, height: 800 })
    await page.keyboard.press('Escape')
    await page.getByRole('tab', { name: /^Connect via link/ }).click()
    await chooseFile(alice, shot)
    await expect(alert(alice, 'O')).toBeVisible()
    await dismiss(alice, 'O')
    if (await page.getByTestId('new-chat-sheet').isVisible()) await closeSheet(alice)
    await page.getByTestId('new-chat').click()
    await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  }
})

async function readQr(person: Person): Promise<string | undefined> {
  const png = PNG(await person.page.getByTestId('invite-qr').screenshot({ scale: 'device' }))
  return jsQR(png.pixels, png.width, png.height)?.data
}

test('INV-2, PLN U: a link works once; a third person is told so and nobody appears anywhere', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  const carol = await world.person('Carol')
  for (const person of [alice, bob, carol]) await firstRun(person)
  const link = await befriend(alice, bob)

  await pasteInSearch(carol, link)
  await expect(alert(carol, 'U')).toBeVisible()
  await dismiss(carol, 'U')
  await expect(rows(carol)).toHaveCount(0)
  await expect(carol.page.getByTestId('chat-search')).toHaveValue('')
  await expect(rows(alice)).toHaveCount(1)
  await expect(rows(bob)).toHaveCount(1)

  await test.step('PLN K: who used it is led to the chat', async () => {
    await pasteInSearch(bob, link)
    await expect(alert(bob, 'K')).toContainText('Alice')
    await dismiss(bob, 'K')
    await expect(rows(bob)).toHaveCount(1)
  })
})

test('INV-6: an untouched card asks; deleted, its row is gone and the link works for nobody', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  await alice.page.getByTestId('new-chat').click()
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  const link = await alice.page.getByTestId('invite-link').inputValue()
  await alice.page.getByTestId('new-chat-sheet').getByRole('button', { name: 'Close' }).click()
  await alice.page.getByTestId('invite-keep').getByRole('button', { name: 'Delete link' }).click()
  await expect(rows(alice)).toHaveCount(0)
  await expect(alice.page.getByTestId('chats-empty')).toBeVisible()

  await pasteInSearch(bob, link)
  await expect(alert(bob, 'U')).toBeVisible()
})

test('PLN O, C, I: an own link, one that is under way and what is no link each say what they are', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  const link = await invite(alice, 'Robert')

  await test.step('PLN O, CHL-3: my own link leads to its card', async () => {
    await pasteInSearch(alice, link)
    await expect(alert(alice, 'O')).toBeVisible()
    await expect(rows(alice)).toHaveCount(1)
    await alert(alice, 'O').getByRole('button', { name: 'Open its card' }).click()
    await expect(alice.page.getByTestId('pending-details')).toBeVisible()
    await expect(alice.page.getByTestId('pending-link')).toHaveValue(link)
  })
  await test.step('PLN I: markup and a web address stay text', async () => {
    await bob.page.getByTestId('empty-connect').click()
    await bob.page.getByTestId('connect-link').focus()
    await paste(bob, 'https://example.org/<img src=x onerror=alert(1)>')
    await expect(alert(bob, 'I')).toBeVisible()
    await expect(alert(bob, 'I').locator('img')).toHaveCount(0)
    await dismiss(bob, 'I')
    if (await bob.page.getByTestId('new-chat-sheet').isVisible()) await closeSheet(bob)
  })
  await test.step('PLN C: a link that I used while the other is away', async () => {
    await alice.stop()
    await connect(bob, link, 'Ally')
    await pasteInSearch(bob, link)
    await expect(alert(bob, 'C')).toBeVisible()
    await dismiss(bob, 'C')
    await expect(rows(bob)).toHaveCount(1)
  })
})

test('CHL-2: a pasted link opens the confirmation once, whatever stands around it, and leaves the field empty', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  const link = await invite(alice)
  const pasted = {
    'spaces and line breaks': `\n  ${link}  \n`,
    'angle brackets': `<${link}>`,
    quotes: `"${link}"`,
    'zero-width characters': `\u200b${link}\u200b`,
    'a sentence': `Here is my link: ${link} — see you there`,
  }
  for (const [around, text] of Object.entries(pasted)) {
    await test.step(around, async () => {
      await pasteInSearch(bob, text)
      await expect(bob.page.getByTestId('connect-dialog')).toHaveCount(1)
      await expect(bob.page.getByTestId('connect-text')).toHaveValue(link)
      await bob.page.getByRole('button', { name: 'Cancel' }).click()
      await expect(bob.page.getByTestId('connect-dialog')).toBeHidden()
      await expect(bob.page.getByTestId('chat-search')).toHaveValue('')
      await expect(rows(bob)).toHaveCount(0)
    })
  }
  await pasteInSearch(bob, pasted.quotes)
  await confirm(bob)
  await expect(bob.page.getByTestId('chat-search')).toHaveValue('')
  await expectConnected(alice, bob)
})

test('CHT-8: markup in a name and in a message stays text', async ({ world }) => {
  const alice = await world.person('Alice')
  const mallory = await world.person('Mallory')
  const hostile = '<b onclick=alert(1)>Mallory</b>'
  await firstRun(alice)
  await firstRun(mallory, hostile)
  const link = await invite(mallory)
  await connect(alice, link)
  await expectConnected(alice, mallory)
  await expect(rows(alice, 'contact')).toContainText(hostile)
  await openRow(mallory, 'Alice')
  await send(mallory, '<img src=x onerror="document.title=1"><script>alert(1)</script>')
  await expect(texts(alice, 'in')).toHaveText(
    '<img src=x onerror="document.title=1"><script>alert(1)</script>',
  )
  await expect(alice.page.locator('[data-testid="message-text"] *')).toHaveCount(0)
})
