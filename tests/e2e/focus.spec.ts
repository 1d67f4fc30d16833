import type { Page } from '@playwright/test'
import { addProfile, befriend, firstRun, invite, makeProfile, rows } from './steps.ts'
import { expect, test } from './world.ts'

/* KEY-1: where a keyboard or a screen reader goes on after every step. Nothing may leave it at the top of the page. */

/** What has the focus, in the words of a screen reader: its role or tag, and its name. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement
    if (!(at instanceof HTMLElement) || at === document.body) return 'nothing'
    const name = at.getAttribute('aria-label') ?? at.innerText
    return `${at.getAttribute('role') ?? at.tagName.toLowerCase()}: ${name.split('\n')[0]}`
  })

const expectFocus = (page: Page, what: string | RegExp) =>
  expect.poll(() => focused(page)).toMatch(typeof what === 'string' ? new RegExp(`^${what}`) : what)

const COMPOSER = 'textarea: Message'

test('each step of the first run begins at its field or heading, forwards, back, and at its end', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const { page } = alice
  await expectFocus(page, 'button: Create profile')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Your name')).toBeFocused()
  await page.getByRole('button', { name: 'Back' }).click()
  await expectFocus(page, 'button: Create profile')
  await makeProfile(alice)
  await expectFocus(page, 'h1: ')
  await expect(page.getByTestId('onb-relays').locator('h1')).toBeFocused()
  await page.reload()
  await expect(page.getByTestId('onb-relays').locator('h1')).toBeFocused()
  await page.getByTestId('onb-relays').getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByTestId('chats-empty').locator('h1')).toBeFocused()
  await page.reload()
  await expect(page.getByTestId('chats-empty').locator('h1')).toBeFocused()
})

test('every shortcut and every panel ends on what it opened; what closes leads back to where one was', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  await befriend(alice, bob)
  const { page } = alice
  await expectFocus(page, COMPOSER)
  const heading = (name: string) => expectFocus(page, `h1: ${name}`)

  await test.step('Ctrl+, from the chat, between panels, and back to the chat', async () => {
    await page.keyboard.press('ControlOrMeta+,')
    await heading('Network')
    await page.keyboard.press('ControlOrMeta+Shift+A')
    await heading('Your address')
    await page.keyboard.press('ControlOrMeta+,')
    await heading('Network')
    await page.getByTestId('settings-back').click()
    await expectFocus(page, COMPOSER)
  })
  await test.step('Ctrl+, where the focus is on something that stays', async () => {
    await page.getByTestId('new-chat').focus()
    await page.keyboard.press('ControlOrMeta+,')
    await heading('Network')
    await page.keyboard.press('ControlOrMeta+K')
    await expect(page.getByTestId('chat-search')).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(rows(alice, 'contact')).toBeFocused()
  })
  await test.step('the profile menu leads to the panel', async () => {
    await page.getByTestId('profile-menu').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Your profiles' }).press('Enter')
    await heading('Your profiles')
  })
  await test.step('pressed buttons that stay keep it: the rail and the list of panels', async () => {
    const network = page
      .getByRole('navigation', { name: 'Settings' })
      .getByRole('button', { name: /Network/ })
    await network.focus()
    await network.press('Enter')
    await expect(page.getByTestId('settings-network')).toBeVisible()
    await expect(network).toBeFocused()
    await page.getByTestId('open-address').focus()
    await page.getByTestId('open-address').press('Enter')
    await expect(page.getByTestId('addr-empty')).toBeVisible()
    await expect(page.getByTestId('open-address')).toBeFocused()
    await page.getByTestId('open-address').press('Enter')
    await expect(page.getByTestId('chat-list')).toBeVisible()
  })
  await test.step('Ctrl+1, Alt+Up, Ctrl+I', async () => {
    await page.keyboard.press('ControlOrMeta+1')
    await expectFocus(page, COMPOSER)
    await page.keyboard.press('ControlOrMeta+I')
    await expect(page.getByTestId('contact-info').locator('h2').first()).toBeFocused()
    await page.keyboard.press('ControlOrMeta+I')
    await expect(page.locator('[data-opens="info"]')).toBeFocused()
    await page.keyboard.press('Alt+ArrowUp')
    await expectFocus(page, COMPOSER)
  })
  await test.step('New chat, the scanner and the link to the address', async () => {
    await page.keyboard.press('ControlOrMeta+N')
    await expectFocus(page, 'tab: 1-time link')
    await page.keyboard.press('Escape')
    await expectFocus(page, COMPOSER)
    await page.keyboard.press('ControlOrMeta+Shift+S')
    await expect(page.getByTestId('scan-start')).toBeFocused()
    await page.keyboard.press('Escape')
    await expectFocus(page, COMPOSER)
    await page.keyboard.press('ControlOrMeta+Shift+S')
    await page.getByTestId('new-chat-sheet').getByRole('button', { name: 'Your address' }).press('Enter')
    await heading('Your address')
  })
  await test.step('a page that is loaded anew goes on where it was', async () => {
    await page.reload()
    await heading('Your address')
    await page.keyboard.press('ControlOrMeta+1')
    await expectFocus(page, COMPOSER)
    await page.reload()
    await expectFocus(page, COMPOSER)
    await expect(page.getByTestId('pane-title')).toHaveText('Bob')
    await page.keyboard.press('ControlOrMeta+K')
    await page.keyboard.press('Escape')
    await expect(rows(alice, 'contact')).toBeFocused()
  })
})

test('a narrow window, where list and pane take turns, and chats that are deleted, leave the focus on what stands there', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  await befriend(alice, bob)
  const { page } = alice
  await test.step('back to the list, into the chat, to the settings and back, at 700 x 600', async () => {
    await page.setViewportSize({ width: 700, height: 600 })
    await page.getByTestId('back').press('Enter')
    await expect(rows(alice, 'contact')).toBeFocused()
    await page.keyboard.press('Enter')
    await expectFocus(page, COMPOSER)
    await page.keyboard.press('ControlOrMeta+,')
    await expectFocus(page, 'h1: ')
    await page.getByTestId('settings-back').press('Enter')
    await expectFocus(page, COMPOSER)
    await page.reload()
    await expectFocus(page, COMPOSER)
    await page.getByTestId('back').press('Enter')
    await page.reload()
    await expect(rows(alice, 'contact')).toBeFocused()
    await page.setViewportSize({ width: 800, height: 600 })
  })
  await test.step('the contact is deleted by the menu of the chat; the other side, by its info', async () => {
    for (const [person, way] of [
      [alice, 'menu'],
      [bob, 'info'],
    ] as const) {
      await person.page.keyboard.press('ControlOrMeta+1')
      if (way === 'menu') {
        await person.page.getByRole('button', { name: 'More about this chat' }).press('Enter')
        await person.page.getByRole('menuitem', { name: /^Delete/ }).press('Enter')
      } else {
        await person.page.keyboard.press('ControlOrMeta+I')
        await person.page
          .getByTestId('contact-info')
          .getByRole('button', { name: /^Delete/ })
          .press('Enter')
      }
      const dialog = person.page.getByRole('alertdialog')
      await dialog
        .getByRole('button', { name: /^Delete/ })
        .last()
        .press('Enter')
      await expect(rows(person)).toHaveCount(0)
      await expect(person.page.getByTestId('chats-empty').locator('h1')).toBeFocused()
    }
  })
})

test('what is taken away hands the focus on: rows, openers, searches, chats, profiles', async ({ world }) => {
  const alice = await world.person('Alice')
  const { page } = alice
  await firstRun(alice)
  for (const name of ['One', 'Two', 'Three']) await invite(alice, name)
  await expect(rows(alice)).toHaveCount(3)

  await test.step('the row that has the focus is deleted by its menu', async () => {
    await rows(alice).nth(1).focus()
    await page.keyboard.press('Shift+F10')
    await page.getByRole('menuitem', { name: /Delete/ }).press('Enter')
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: /^Delete/ })
      .press('Enter')
    await expect(rows(alice)).toHaveCount(2)
    await expectFocus(page, 'option: ')
  })
  await test.step('the open row is deleted in its pane', async () => {
    await rows(alice).first().press('Enter')
    await page
      .getByTestId('pending-details')
      .getByRole('button', { name: /^Delete/ })
      .last()
      .press('Enter')
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: /^Delete/ })
      .press('Enter')
    await expect(rows(alice)).toHaveCount(1)
    await expectFocus(page, 'option: ')
  })
  await test.step('a search without hits is cleared', async () => {
    await page.getByTestId('chat-search').fill('nobody of that name')
    await page.getByTestId('search-none').getByRole('button').press('Enter')
    await expect(page.getByTestId('chat-search')).toBeFocused()
  })
  await test.step('the last row goes', async () => {
    await rows(alice).first().focus()
    await page.keyboard.press('Shift+F10')
    await page.getByRole('menuitem', { name: /Delete/ }).press('Enter')
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: /^Delete/ })
      .press('Enter')
    await expect(page.getByTestId('chats-empty').locator('h1')).toBeFocused()
    await page.getByTestId('chat-search').focus()
    await page.keyboard.press('Escape')
    await expect(page.getByTestId('empty-invite')).toBeFocused()
  })
  await test.step('another profile, by the button that goes with the panel, and by the menu that stays', async () => {
    await addProfile(page, 'Studio')
    await page.getByTestId('profile-entry').getByRole('button', { name: 'Switch' }).press('Enter')
    await expect(page.getByTestId('chats-empty').locator('h1')).toBeFocused()
    await page.getByTestId('profile-menu').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: /Studio/ }).press('Enter')
    await expect(page.getByTestId('chats-empty')).toBeVisible()
    await expect.poll(() => focused(page)).not.toBe('nothing')
  })
})
