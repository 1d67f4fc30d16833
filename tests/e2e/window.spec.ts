import type { Locator, Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { makeAddress } from './address-steps.ts'
import { PNG } from './png.ts'
import {
  addProfile,
  befriend,
  card,
  closeSheet,
  confirm,
  connect,
  dialogOf,
  expectConnected,
  firstRun,
  invite,
  makeProfile,
  openRow,
  pasteInSearch,
  rows,
  send,
} from './steps.ts'
import { expect, test } from './world.ts'

/* The frame of the window: its size, what lies over what, and what is too long for its place. */

const SIZES = [
  [800, 600],
  [1_280, 800],
  [1_181, 801],
  [640, 500],
  [400, 400],
] as const

/** Nothing of the document can be scrolled to: neither by a wheel nor by whatever brings an element into view. */
async function expectNoScrolling(page: Page, screen: string): Promise<void> {
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height })
    const size = await page.evaluate(() => {
      window.scrollTo(9_999, 9_999)
      const { scrollWidth, scrollHeight } = document.documentElement
      return [scrollWidth, scrollHeight, window.scrollX, window.scrollY]
    })
    expect.soft(size, `${screen} at ${String(width)} x ${String(height)}`).toEqual([width, height, 0, 0])
  }
  await page.setViewportSize({ width: 1_180, height: 800 })
}

test('the document is as large as the window and no larger, at every size and on every screen', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  const { page } = alice
  await expect(page.getByTestId('onb-welcome')).toBeVisible()
  await expectNoScrolling(page, 'welcome')
  await makeProfile(alice)
  await expectNoScrolling(page, 'relays')
  await page.getByTestId('onb-relays').getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByTestId('chats-empty')).toBeVisible()
  await expectNoScrolling(page, 'no chats')
  await page.getByTestId('new-chat').click()
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  await page.getByText('Details').click()
  await expectNoScrolling(page, 'invitation')
  await page.getByRole('button', { name: 'Enlarge QR code' }).click()
  await expectNoScrolling(page, 'enlarged code')
  await page.keyboard.press('Escape')
  await card(alice).getByRole('button', { name: 'Copy link' }).click()
  await closeSheet(alice)
  await firstRun(bob)
  await connect(bob, await alice.readClipboard(), 'Alice')
  await expectConnected(alice, bob)
  await openRow(alice, 'Bob')
  await send(alice, ...Array.from({ length: 12 }, (_, i) => `line ${String(i)}\nand one more`))
  await expectNoScrolling(page, 'conversation')
  await page.getByTestId('open-info').click()
  await expectNoScrolling(page, 'contact info')
  await page.keyboard.press('Escape')
  await page.getByTestId('open-address').click()
  await expectNoScrolling(page, 'settings')
})

const softly = expect.configure({ soft: true, timeout: 3_000 })

const LONG = 'W'.repeat(50)

/** Names and links that are wider than the place that they stand in, or that reach out of the window. */
function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('bdi, button, [role="textbox"], input, textarea')]
      .filter((element) => {
        const box = element.getBoundingClientRect()
        if (box.width < 2 || box.height < 2 || element.closest('[aria-hidden="true"]') !== null) return false
        let place = element.parentElement
        while (place !== null && getComputedStyle(place).display === 'inline') place = place.parentElement
        const around = place?.getBoundingClientRect() ?? box
        // ends in dots, and is whole in its name
        if (place !== null && getComputedStyle(place).textOverflow === 'ellipsis') return false
        const outside =
          box.right > Math.min(innerWidth, around.right) + 1 || box.left < Math.max(0, around.left) - 1
        // quiet buttons at the edge line up by their words
        return outside && (element.tagName !== 'BUTTON' || box.right > innerWidth || box.left < 0)
      })
      .map((element) => `${element.tagName} ${element.textContent.slice(0, 40)}`),
  )
}

async function everyWidth(page: Page, screen: string): Promise<void> {
  for (const width of [1_280, 800, 640, 400, 320]) {
    await page.setViewportSize({ width, height: 700 })
    await softly.poll(() => sticksOut(page), { message: `${screen}, ${String(width)} px` }).toEqual([])
  }
  await page.setViewportSize({ width: 1_180, height: 800 })
}

/** Room for at least so many letters beside each other: a column of single letters has none. */
async function expectWide(element: Locator, least: number): Promise<void> {
  await expect.poll(async () => (await element.boundingBox())?.width ?? 0).toBeGreaterThanOrEqual(least)
}

test('the full link under Details is a line, and nothing unbroken sticks out, also in a narrow window', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice, LONG)
  await firstRun(bob, `${LONG.slice(1)}o`)
  const { page } = alice
  await page.getByTestId('new-chat').click()
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  await page.getByText('Details').click()
  for (const width of [1_280, 800, 640, 400, 320]) {
    await page.setViewportSize({ width, height: 700 })
    await expectWide(page.getByTestId('invite-full-link'), 150)
    await softly.poll(() => sticksOut(page), { message: `invitation, ${String(width)}` }).toEqual([])
  }
  await card(alice).getByRole('button', { name: 'Copy link' }).click()
  await closeSheet(alice)
  const link = await alice.readClipboard()
  await pasteInSearch(bob, link)
  await expect(dialogOf(bob)).toBeVisible()
  await dialogOf(bob).getByText('Details').click()
  for (const width of [1_280, 800, 640, 400, 320]) {
    await bob.page.setViewportSize({ width, height: 700 })
    await expectWide(bob.page.getByTestId('connect-text'), 150)
    await softly.poll(() => sticksOut(bob.page), { message: `confirmation, ${String(width)}` }).toEqual([])
  }
  await bob.page.setViewportSize({ width: 1_180, height: 800 })
  await confirm(bob)
  await expectConnected(alice, bob)
  await rows(alice).first().click()
  await page.getByTestId('open-info').click()
  await everyWidth(page, 'contact info')
  await page.getByTestId('contact-info').getByRole('button', { name: 'Delete contact' }).click()
  await everyWidth(page, 'deleting')
  await page.keyboard.press('Escape')
  await page.setViewportSize({ width: 1_180, height: 800 })

  // at an address: who is asked, who asks, and as whom one answers
  await addProfile(bob.page, `${LONG.slice(2)}oo`)
  await everyWidth(bob.page, 'profiles')
  await bob.page.getByTestId('settings-back').click()
  const address = await makeAddress(bob)
  await everyWidth(bob.page, 'address')
  await bob.page.getByTestId('settings-back').click()
  await pasteInSearch(alice, address)
  await expect(dialogOf(alice)).toBeVisible()
  await everyWidth(page, 'asking')
  await dialogOf(alice)
    .getByRole('button', { name: /^Connect as/ })
    .click()
  await bob.page.getByTestId('chat-list').locator('[data-kind="request"]').click()
  await everyWidth(bob.page, 'request')
})

test('CHL-5: the chooser shows each of several links on one line, with its beginning and its end', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  const links = [await invite(alice, 'one'), await invite(alice, 'two')]
  await pasteInSearch(bob, links.join(' or '))
  const choices = bob.page.getByTestId('link-chooser').getByRole('button')
  await expect(choices).toHaveCount(2)
  await expectAccessible(bob.page, 'several links')
  for (const width of [1_280, 800, 400]) {
    await bob.page.setViewportSize({ width, height: 600 })
    for (const [at, link] of links.entries()) {
      const choice = choices.nth(at)
      await expect(choice).toContainText('One-time link')
      await expect(choice).toContainText(link.slice(-8))
      const tall = await choice.evaluate((button) => {
        const code = [...button.querySelectorAll('span')].findLast((part) => part.children.length === 2)
        return (
          (code?.getBoundingClientRect().height ?? 99) / Number.parseFloat(getComputedStyle(button).fontSize)
        )
      })
      expect(tall, 'lines').toBeLessThan(1.6)
      expect((await choice.boundingBox())?.width).toBeLessThan(width)
    }
  }
})

test('what is wrong with two lines of relays is two lines, in onboarding and in the settings', async ({
  world,
}) => {
  const alice = await world.person('Alice', 'browser', [])
  const { page } = alice
  await makeProfile(alice)
  // a field of several lines, and not one to be read
  const field = page.locator('textarea')
  const twoLines = async (): Promise<void> => {
    await expect(field).toHaveAttribute('aria-invalid', 'true')
    const error = page.getByText(/^Line 1 /)
    const said = (await error.innerText()).split('\n')
    expect(said).toHaveLength(2)
    expect(said[0]).toMatch(/^Line 1 /)
    expect(said[1]).toMatch(/^Line 2 /)
  }
  await page.getByRole('radio', { name: 'My own relays' }).click()
  await field.fill('nonsense\nsmp://more@')
  await field.blur()
  await twoLines()
  await page.getByRole('radio', { name: 'This computer' }).click()
  await page.getByTestId('onb-relays').getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByTestId('chats-empty')).toBeVisible()
  await page.getByRole('button', { name: 'Settings' }).click()
  await page
    .getByRole('link', { name: 'Network' })
    .or(page.getByRole('button', { name: 'Network' }))
    .first()
    .click()
  await page.getByRole('button', { name: 'Add relay' }).click()
  await field.fill('nonsense\nsmp://more@')
  await page.keyboard.press('Tab')
  await page.getByRole('button', { name: /^Add/ }).last().click()
  await twoLines()
})

test('a dialog over a dialog dims it', async ({ world }) => {
  const alice = await world.person('Alice')
  await firstRun(alice)
  const { page } = alice
  await page.getByTestId('new-chat').click()
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  // what stands uppermost at the corner of the sheet
  const atCorner = (): Promise<boolean> =>
    page.getByTestId('new-chat-sheet').evaluate((sheet) => {
      const { left, top } = sheet.getBoundingClientRect()
      return sheet.contains(document.elementFromPoint(left + 40, top + 24))
    })
  expect(await atCorner()).toBe(true)
  const bright = await brightness(page)
  await page.getByRole('button', { name: 'Delete link' }).click()
  await expect(page.getByTestId('invite-delete')).toBeVisible()
  await expect.poll(atCorner).toBe(false)
  await expect.poll(() => brightness(page)).toBeLessThan(0.8 * bright)
  await page.keyboard.press('Escape')
  await expect.poll(atCorner).toBe(true)
})

/** Of the sheet at its corner, 0 to 255: what lies over it makes it darker. */
async function brightness(page: Page): Promise<number> {
  const { x, y } = await boxOf(page.getByTestId('new-chat-sheet'))
  const { pixels } = PNG(await page.screenshot({ clip: { x: x + 8, y: y + 30, width: 4, height: 4 } }))
  return pixels[0] ?? 0
}

test('a toast leaves the strip and its button free, and the field of a chat in a narrow window', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  await befriend(alice, bob)
  const { page } = alice
  await world.relay.stop()
  await expect(page.getByTestId('net-status')).toBeVisible()
  for (const [width, height] of [
    [1_280, 800],
    [800, 600],
  ] as const) {
    await page.setViewportSize({ width, height })
    const box = await boxOf(await clearedToast(page))
    const strip = await boxOf(page.getByTestId('net-status'))
    expect(box.y + box.height, `${String(width)} px`).toBeLessThanOrEqual(strip.y)
    expect(box.x + box.width, `${String(width)} px`).toBeLessThanOrEqual(strip.x + strip.width)
    await page.getByRole('button', { name: 'Try now' }).click({ trial: true })
    await page.mouse.move(width - 5, 5)
  }
  await page.setViewportSize({ width: 640, height: 500 })
  await page.getByRole('button', { name: 'Back to the list' }).click()
  const toast = await clearedToast(page)
  await rows(alice).click()
  await toast.hover()
  const box = await boxOf(toast)
  expect(box.y + box.height).toBeLessThanOrEqual((await boxOf(page.getByTestId('composer'))).y)
})

/** Something that is said in a toast and needs no relay. The pointer lies on it, so it stays. */
async function clearedToast(page: Page): Promise<Locator> {
  const toast = page.getByTestId('toast').filter({ hasText: 'cleared' })
  await expect(toast).toHaveCount(0)
  await page.getByTestId('chat-list').getByRole('option').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Clear' }).click()
  await page.getByTestId('clear-dialog').getByRole('button').last().click()
  await toast.hover()
  return toast
}

async function boxOf(element: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await element.boundingBox()
  if (box === null) throw new Error('it is not there')
  return box
}

/** Of letters against what forced colours paint behind them: 21 is black on white, and 1 is nothing to be seen. */
const forcedContrast = (element: Locator): Promise<number> =>
  element.evaluate((at) => {
    const light = (color: string): number => {
      const [r = 0, g = 0, b = 0] = [...color.matchAll(/\d+/g)].map(([part]) => {
        const value = Number(part) / 255
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const canvas = document.createElement('i')
    canvas.style.background = 'Canvas'
    document.body.append(canvas)
    const behind = light(getComputedStyle(canvas).backgroundColor)
    canvas.remove()
    const letters = light(getComputedStyle(at).color)
    return (Math.max(letters, behind) + 0.05) / (Math.min(letters, behind) + 0.05)
  })

const endOf = async (element: Locator): Promise<number> => {
  const { x, width } = await boxOf(element)
  return x + width
}

test('whatever the size and the colours: the newest message, my name for them and a toast are there to be read', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob, 'BDonaudampfschifffahrtsgesellschaftskapitaensm')
  const { page } = alice
  await connect(alice, await invite(bob))
  await expectConnected(alice)
  await test.step('a chat without messages, with a long name, in a window at 200 percent', async () => {
    await page.setViewportSize({ width: 400, height: 300 })
    const said = page.getByTestId('conversation').locator('h2')
    await expect(said).toContainText('BDonau')
    expect(await endOf(said)).toBeLessThanOrEqual(400)
    await page.setViewportSize({ width: 1_180, height: 800 })
  })
  await test.step('a toast in forced colours', async () => {
    await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' })
    const toast = await clearedToast(page)
    expect(await forcedContrast(toast.getByText('cleared'))).toBeGreaterThan(7)
    await page.emulateMedia({ forcedColors: 'none', colorScheme: 'light' })
  })
  await test.step('a name of mine beside a long one of theirs, in the bar and in the info', async () => {
    await page.setViewportSize({ width: 800, height: 600 })
    await page.getByTestId('open-info').click()
    await page.getByTestId('info-alias').fill('Bob')
    await page.keyboard.press('Tab')
    const title = page.getByTestId('pane-title')
    await expect(title).toHaveText('Bob')
    expect(await title.evaluate((at) => at.scrollWidth <= at.clientWidth)).toBe(true)
    // it slides in
    await expect.poll(() => endOf(page.getByTestId('info-own-name'))).toBeLessThanOrEqual(800 - 18)
    await page.keyboard.press('ControlOrMeta+I')
  })
  await test.step('a window made lower again and again keeps the end of the chat', async () => {
    await page.setViewportSize({ width: 1_280, height: 800 })
    await send(alice, ...Array.from({ length: 14 }, (_, at) => `line ${String(at)}`))
    const newest = page.getByTestId('message').last()
    for (let times = 0; times < 3; times++) {
      await page.setViewportSize({ width: 800, height: 600 })
      await expect(newest).toBeInViewport({ ratio: 1 })
      await page.setViewportSize({ width: 1_280, height: 800 })
      await expect(newest).toBeInViewport({ ratio: 1 })
    }
  })
})

test('ADR-1: the four actions of the address stand in one row, or two and two', async ({ world }) => {
  const alice = await world.person('Alice')
  await firstRun(alice)
  await makeAddress(alice)
  const { page } = alice
  const names = ['Copy', 'Share', 'Save image', 'Copy image']
  for (const width of [1_440, 1_280, 1_000, 900, 800, 640, 400]) {
    await page.setViewportSize({ width, height: 800 })
    const lines = await Promise.all(
      names.map(async (name) => {
        const button = page.getByTestId('addr-main').getByRole('button', { name, exact: true })
        return Math.round((await boxOf(button)).y)
      }),
    )
    const [first, second, third, fourth] = lines
    expect(first, `${String(width)} px`).toBe(second)
    expect(third, `${String(width)} px`).toBe(fourth)
  }
  await page.setViewportSize({ width: 1_280, height: 800 })
})
