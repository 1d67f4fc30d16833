import { expectAccessible } from './accessible.ts'
import {
  alert,
  befriend,
  card,
  closeSheet,
  dismiss,
  firstRun,
  invite,
  makeProfile,
  openRow,
  pasteInSearch,
  rows,
  send,
} from './steps.ts'
import { expect, test } from './world.ts'

test('KEY-5: the first run, the chats and the settings have no serious finding in light and dark', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const { page } = alice
  await expect(page.getByTestId('onb-welcome')).toBeVisible()
  await expectAccessible(alice.page, 'welcome')
  await page.getByRole('button', { name: 'Create profile' }).click()
  await expect(page.getByTestId('onb-profile')).toBeVisible()
  await expectAccessible(alice.page, 'profile')
  await page.getByRole('button', { name: 'Back' }).click()
  await makeProfile(alice)
  await expectAccessible(alice.page, 'relays')
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByTestId('chats-empty')).toBeVisible()
  await expectAccessible(alice.page, 'empty chats')
  await page.getByTestId('open-settings').click()
  await expect(page.getByTestId('settings-network')).toBeVisible()
  await expectAccessible(alice.page, 'settings, network')
})

test('KEY-5: sheet, card, link check, pending rows and conversation have no serious finding in light and dark', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  await alice.page.getByTestId('new-chat').click()
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  await expectAccessible(alice.page, 'invitation card')
  await alice.page.getByRole('tab', { name: /^Connect via link/ }).click()
  await expect(alice.page.getByTestId('connect-link')).toBeVisible()
  await expectAccessible(alice.page, 'connect tab')
  await alice.page.getByTestId('new-chat-sheet').getByRole('button', { name: 'Close' }).click()
  await expect(alice.page.getByTestId('invite-keep')).toBeVisible()
  await expectAccessible(alice.page, 'keep or delete')
  await alice.page.getByRole('button', { name: 'Keep for later' }).click()
  await rows(alice, 'pending').click()
  await expect(alice.page.getByTestId('pending-details')).toBeVisible()
  await expectAccessible(alice.page, 'pending details')
  await pasteInSearch(bob, await alice.page.getByTestId('pending-link').inputValue())
  await expect(bob.page.getByTestId('connect-dialog')).toBeVisible()
  await expectAccessible(bob.page, 'confirmation')
  await bob.page.getByRole('button', { name: 'Cancel' }).click()
  const own = await invite(alice, 'Somebody else')
  await pasteInSearch(alice, own)
  await expect(alert(alice, 'O')).toBeVisible()
  await expectAccessible(alice.page, 'plan alert')
  await dismiss(alice, 'O')
  await befriend(alice, bob)
  await openRow(alice, 'Bob')
  await send(alice, 'Hello Bob')
  await expectAccessible(alice.page, 'conversation')
})

test('KEY-4: the window works at 800 x 600', async ({ world }) => {
  const alice = await world.person('Alice')
  await alice.page.setViewportSize({ width: 800, height: 600 })
  await firstRun(alice)
  await alice.page.getByTestId('new-chat').click()
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  await card(alice).getByRole('button', { name: 'Copy link' }).click()
  await closeSheet(alice)
  await rows(alice, 'pending').click()
  await expect(alice.page.getByTestId('pending-details')).toBeVisible()
  const wide = await alice.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  expect(wide).toBe(false)
})
