import type { Locator } from '@playwright/test'
import { agree, type HostKind, type Person } from './person.ts'
import { firstRun, pasteInSearch, rows } from './steps.ts'
import { expect } from './world.ts'
import type { World } from './world.ts'

/** What people do with addresses and requests. */

/** Three clicks from the chats (ADR-1). Answers the link. */
export async function makeAddress(person: Person): Promise<string> {
  await person.page.getByTestId('open-address').click()
  await person.page.getByTestId('addr-create').click()
  await person.page.getByTestId('addr-create-dialog').getByRole('button', { name: 'Create address' }).click()
  return addressLink(person)
}

export async function addressLink(person: Person): Promise<string> {
  await expect(person.page.getByTestId('addr-main')).toBeVisible()
  return person.page.getByTestId('addr-link').inputValue()
}

export async function saveForm(person: Person): Promise<void> {
  const bar = person.page.getByTestId('addr-bar')
  await bar.getByRole('button', { name: 'Save' }).click()
  await expect(bar).toBeHidden()
}

export async function toChats(person: Person): Promise<void> {
  await person.page.getByTestId('settings-back').click()
  await expect(person.page.getByTestId('chat-search')).toBeVisible()
}

/** Pastes an address and asks there; answers when the conversation says that the request is sent. */
export async function ask(person: Person, link: string, message = ''): Promise<void> {
  await pasteInSearch(person, link)
  const dialog = person.page.getByTestId('connect-dialog')
  await expect(dialog).toBeVisible()
  if (message !== '') await dialog.getByTestId('connect-message').fill(message)
  await dialog.getByRole('button', { name: /^Connect as/ }).click()
  await expect(dialog).toBeHidden()
}

export const requestRows = (person: Person): Locator =>
  person.page.getByTestId('chat-list').locator('[data-kind="request"]')

export async function openRequest(person: Person, name: string): Promise<void> {
  await agree(requestRows(person).filter({ hasText: name })).toHaveCount(1)
  await requestRows(person).filter({ hasText: name }).click()
  await expect(person.page.getByTestId('request-card')).toBeVisible()
}

export async function accept(person: Person, name: string): Promise<void> {
  await openRequest(person, name)
  await person.page.getByTestId('request-accept').click()
  await agree(rows(person, 'contact').filter({ hasText: name })).toHaveCount(1)
}

export const people = (world: World, ...names: string[]): Promise<Person[]> =>
  peopleIn('browser', world, ...names)

export async function peopleIn(kind: HostKind, world: World, ...names: string[]): Promise<Person[]> {
  const all: Person[] = []
  for (const name of names) {
    const person = await world.person(name, kind)
    await firstRun(person)
    all.push(person)
  }
  return all
}

export async function openInfo(person: Person): Promise<Locator> {
  await person.page.getByTestId('open-info').click()
  return person.page.getByTestId('contact-info')
}

export async function share(person: Person, confirm: string): Promise<void> {
  await person.page.getByTestId('addr-share').click()
  await person.page.getByTestId('addr-share-dialog').getByRole('button', { name: confirm }).click()
  await expect(person.page.getByTestId('addr-share-dialog')).toBeHidden()
}
