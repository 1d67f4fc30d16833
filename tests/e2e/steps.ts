import type { Locator, Page } from '@playwright/test'
import { agree, paste, type Person } from './person.ts'
import { expect, type World } from './world.ts'

/** What people do in the window, in their words. Elements are found as flows.md section 0 says. */

/** First run up to the empty chats, with the relays that the person was started with. */
export async function firstRun(person: Person, name = person.who): Promise<void> {
  const { page } = person
  await makeProfile(person, name)
  await page.getByTestId('onb-relays').getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByTestId('chats-empty')).toBeVisible()
}

export async function makeProfile(person: Person, name = person.who): Promise<void> {
  const { page } = person
  await page.getByTestId('onb-welcome').getByRole('button', { name: 'Create profile' }).click()
  await page.getByLabel('Your name').fill(name)
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('onb-relays')).toBeVisible()
}

/** Opens the sheet, writes whom the link is for, copies it, closes the sheet. Answers what the clipboard holds. */
export async function invite(person: Person, forWhom = ''): Promise<string> {
  const { page } = person
  await page.getByTestId('new-chat').click()
  await expect(card(person)).toHaveAttribute('data-state', 'unused')
  if (forWhom !== '') await card(person).getByRole('textbox', { name: 'For' }).fill(forWhom)
  await card(person).getByRole('button', { name: 'Copy link' }).click()
  await expect(card(person)).toHaveAttribute('data-state', 'shared')
  await closeSheet(person)
  return person.readClipboard()
}

export async function closeSheet(person: Person): Promise<void> {
  await person.page.getByTestId('new-chat-sheet').getByRole('button', { name: 'Close' }).click()
  await expect(person.page.getByTestId('new-chat-sheet')).toBeHidden()
}

export const card = (person: Person): Locator => person.page.getByTestId('invite-card')

export async function pasteInSearch(person: Person, text: string): Promise<void> {
  await person.page.getByTestId('chat-search').focus()
  await paste(person, text)
}

/** Pastes a link in the search field and connects; answers when the conversation is open. */
export async function connect(person: Person, link: string, name = ''): Promise<void> {
  await pasteInSearch(person, link)
  await confirm(person, name)
}

/**
 * Where nobody is preselected, says as whom (the current profile, unless told otherwise) and connects. Nothing is sent for
 * some seconds more (flows.md 8, Guard).
 */
export async function decide(
  person: Person,
  as = dialogOf(person).getByRole('radio').first(),
): Promise<void> {
  const nobody = dialogOf(person).getByRole('button', { name: 'Choose as whom' })
  const connectAs = dialogOf(person).getByRole('button', { name: /^Connect as/ })
  await expect(nobody.or(connectAs)).toBeVisible()
  if (await nobody.isVisible()) {
    await expect(nobody).toBeDisabled()
    await as.click()
  }
  await connectAs.click()
}

/** Decides, and lets the seconds pass in which it could be taken back. */
export async function connectGuarded(person: Person, as?: Locator): Promise<void> {
  await decide(person, as)
  await expect(person.page.getByTestId('connect-held')).toBeVisible()
  await expect(person.page.getByTestId('composer')).toBeVisible()
}

export const dialogOf = (person: Person): Locator => person.page.getByTestId('connect-dialog')

/** Agrees that a relay which nobody here knows is asked about a link. */
export async function askRelay(person: Person): Promise<void> {
  await person.page.getByTestId('connect-relay').getByRole('button', { name: 'Ask this relay' }).click()
}

export async function confirm(person: Person, name = ''): Promise<void> {
  const dialog = dialogOf(person)
  await expect(dialog).toBeVisible()
  if (name !== '') await dialog.getByLabel('Name for this contact').fill(name)
  await dialog.getByRole('button', { name: /^Connect as/ }).click()
  await expect(dialog).toBeHidden()
  await expect(person.page.getByTestId('composer')).toBeEnabled()
}

export const alert = (person: Person, plan: string): Locator =>
  person.page.locator(`[data-testid="plan-alert"][data-state="${plan}"]`)

/** By Escape, once the alert has the focus: a moment before, the key still belongs to what had it. */
export async function dismiss(person: Person, plan: string): Promise<void> {
  await expect(alert(person, plan).locator(':focus')).toHaveCount(1)
  await person.page.keyboard.press('Escape')
  await expect(alert(person, plan)).toHaveCount(0)
}

export const rows = (person: Person, kind?: 'contact' | 'pending'): Locator =>
  person.page
    .getByTestId('chat-list')
    .locator(kind === undefined ? '[role="option"]' : `[data-kind="${kind}"]`)

/** Both sides have the other as their one contact, and the connection is made: a short link shows the contact before. */
export async function expectConnected(...people: Person[]): Promise<void> {
  for (const person of people) {
    await agree(rows(person, 'contact')).toHaveCount(1)
    await agree(rows(person, 'contact')).toHaveAttribute('data-state', 'active')
  }
}

export async function send(person: Person, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    await person.page.getByTestId('composer').fill(text)
    await person.page.getByTestId('composer').press('Enter')
    await expect(person.page.getByTestId('composer')).toHaveValue('')
  }
}

/** Texts in the open conversation, oldest first; `in` are the other side's. */
export function texts(person: Person, direction?: 'in' | 'out'): Locator {
  const which = direction === undefined ? '' : `[data-direction="${direction}"]`
  return person.page.locator(`[data-testid="message"]${which} [data-testid="message-text"]`)
}

export const states = (person: Person): Promise<string[]> =>
  person.page
    .locator('[data-testid="message"][data-direction="out"]')
    .evaluateAll((messages) => messages.map((message) => message.getAttribute('data-state') ?? ''))

export async function openRow(person: Person, name: string): Promise<void> {
  await rows(person).filter({ hasText: name }).click()
  await expect(person.page.getByTestId('composer')).toBeVisible()
}

/** Invitation, link, connection: two people who know each other, both with the chat open. */
export async function befriend(inviter: Person, joiner: Person): Promise<string> {
  const link = await invite(inviter, joiner.who)
  await connect(joiner, link, inviter.who)
  await expectConnected(inviter, joiner)
  await openRow(inviter, joiner.who)
  return link
}

/** Of the open conversation: the screen with the security code; answers its digits. */
export async function openCode(person: Person): Promise<string> {
  await person.page.getByTestId('open-verify').click()
  await expect(person.page.getByTestId('verify-screen')).toBeVisible()
  return (await person.page.getByTestId('verify-code').getAttribute('data-code')) ?? ''
}

/** Alice, who knows Bob and Carol; they do not know each other. All three have that chat open, she the one with Bob. */
export async function meetTwo(world: World): Promise<[alice: Person, bob: Person, carol: Person]> {
  const [alice, bob, carol] = [
    await world.person('Alice'),
    await world.person('Bob'),
    await world.person('Carol'),
  ]
  for (const person of [alice, bob, carol]) await firstRun(person)
  await befriend(alice, bob)
  await connect(carol, await invite(alice, 'Carol'), 'Alice')
  await expectConnected(carol)
  await agree(rows(alice, 'contact')).toHaveCount(2)
  return [alice, bob, carol]
}

/** A second profile, which is in use from then on; its page of the settings stays open. */
export async function addProfile(page: Page, name: string): Promise<void> {
  await page.getByTestId('profile-menu').click()
  await page.getByRole('menuitem', { name: 'Your profiles' }).click()
  await page.getByTestId('profile-new').click()
  await page.getByTestId('profile-edit').getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Create profile' }).click()
  await expect(page.getByTestId('profile-entry')).toHaveCount(2)
}
