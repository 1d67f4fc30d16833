import { endAll, until } from '../tools/programs.ts'
import {
  accept,
  addressLink,
  makeAddress,
  openInfo,
  openRequest,
  people,
  requestRows,
  toChats,
} from './address-steps.ts'
import { type Asker, askAt, asker, askManyTimes } from './askers.ts'
import { agree, type Person } from './person.ts'
import { startRelay } from './programs.ts'
import { firstRun, openRow, rows, texts } from './steps.ts'
import { expect, test } from './world.ts'

test.afterAll(endAll)

/** A short link makes a contact at once, which becomes one that can be written to when the owner has agreed. */
async function isIn(who: Asker): Promise<void> {
  await until(async () => {
    const contacts = await who.core.call('contact.list', {})
    return contacts.length === 1 && contacts[0]!.status === 'active'
  })
}

test('REQ-4: whoever has gone is no longer available, and their request can be removed', async ({
  world,
}) => {
  const [alice] = (await people(world, 'Alice')) as [Person]
  const bob = await asker(world, 'Bob')
  const link = await makeAddress(alice)
  await toChats(alice)
  const connectionId = await askAt(bob, link)
  await openRequest(alice, 'Bob')
  await bob.core.call('connection.delete', { connectionId })
  await until(async () => (await bob.core.call('relay.list', {}))[0]?.queues === 0)
  await alice.page.getByTestId('request-accept').click()
  const card = alice.page.getByTestId('request-card')
  await agree(card).toHaveAttribute('data-state', 'gone')
  await expect(card.getByRole('alert')).toContainText('no longer')
  await expect(alice.page.getByTestId('request-accept')).toHaveCount(0)
  await card.getByRole('button', { name: 'Remove' }).click()
  await expect(rows(alice)).toHaveCount(0)
})

test('REQ-5: accepted without a network it waits and says so, a second press does nothing, and it happens once', async ({
  world,
}) => {
  const [alice] = (await people(world, 'Alice')) as [Person]
  const bob = await asker(world, 'Bob')
  const link = await makeAddress(alice)
  await toChats(alice)
  await askAt(bob, link)
  await openRequest(alice, 'Bob')
  await world.relay.stop()
  const card = alice.page.getByTestId('request-card')
  await alice.page.getByTestId('request-accept').dblclick()
  await agree(card).toHaveAttribute('data-state', 'accepting')
  await expect(card.getByRole('status')).toBeVisible()
  await expect(card.getByTestId('request-reject')).toHaveCount(0)
  await expect(requestRows(alice)).toHaveAttribute('data-state', 'accepting')
  await alice.stop()
  await alice.start()
  await expect(requestRows(alice)).toHaveAttribute('data-state', 'accepting')
  await world.relay.start()
  await agree(rows(alice, 'contact')).toHaveCount(1)
  await expect(rows(alice)).toHaveCount(1)
  await isIn(bob)
})

test('REQ-6: who waits is listed before the address is deleted; accepted first is in, the others stay acceptable', async ({
  world,
}) => {
  const [alice] = (await people(world, 'Alice')) as [Person]
  const [bob, carol] = [await asker(world, 'Bob'), await asker(world, 'Carol')]
  const link = await makeAddress(alice)
  await askAt(bob, link)
  await askAt(carol, link)
  await agree(alice.page.getByTestId('addr-requests')).toHaveAttribute('data-count', '2')
  await alice.page.getByTestId('addr-delete').click()
  const dialog = alice.page.getByTestId('addr-delete-dialog')
  await expect(dialog.getByRole('listitem')).toHaveText(['Bob', 'Carol'])
  await dialog.getByRole('radio', { name: /^Accept/ }).click()
  await dialog.getByRole('checkbox', { name: 'Carol' }).uncheck()
  await dialog.getByRole('button', { name: 'Delete address' }).click()
  await agree(alice.page.getByTestId('addr-empty')).toBeVisible()
  await toChats(alice)
  await agree(rows(alice, 'contact').filter({ hasText: 'Bob' })).toHaveCount(1)
  await isIn(bob)
  expect((await carol.core.call('contact.list', {})).map(({ status }) => status)).toEqual(['connecting'])
  await accept(alice, 'Carol')
  await isIn(carol)
})

test('REQ-6: three who ask are rejected with the address while their list is open, and the chats come back', async ({
  world,
}) => {
  const [alice] = (await people(world, 'Alice')) as [Person]
  const [bob, crowd] = [await asker(world, 'Bob'), await asker(world, 'Crowd')]
  const link = await makeAddress(alice)
  const { page } = alice
  await askAt(bob, link)
  await toChats(alice)
  await accept(alice, 'Bob')
  await isIn(bob)
  await askManyTimes(crowd, link, 3)
  await agree(page.locator('[data-kind="requests"]')).toContainText('Requests (3)')
  await page.locator('[data-kind="requests"]').click()
  await expect(page.getByTestId('request-list')).toBeVisible()
  await page.keyboard.press('ControlOrMeta+Shift+A')
  await page.getByTestId('addr-delete').click()
  const dialog = page.getByTestId('addr-delete-dialog')
  await dialog.getByRole('radio', { name: 'Reject them' }).click()
  await dialog.getByRole('button', { name: 'Delete address' }).click()
  await agree(page.getByTestId('addr-empty')).toBeVisible()
  await toChats(alice)
  await expect(page.getByTestId('request-list')).toHaveCount(0)
  await expect(rows(alice)).toHaveCount(1)
  await openRow(alice, 'Bob')
})

test('ADR-10: paused, it says so to who asks and takes nobody new; it goes on with the same link', async ({
  world,
}) => {
  const [alice] = (await people(world, 'Alice')) as [Person]
  const bob = await asker(world, 'Bob')
  const link = await makeAddress(alice)
  const { page } = alice
  await page.getByTestId('addr-pause').click()
  await expect(page.getByTestId('addr-state')).toHaveAttribute('data-state', 'paused')
  await until(async () => (await bob.core.call('connection.plan', { link })).status === 'paused')
  expect((await bob.core.refused('connection.connect', { link })).code).toBe('LINK_PAUSED')
  await expect(page.getByTestId('addr-requests')).toHaveAttribute('data-count', '0')
  await page.getByTestId('addr-pause').click()
  await expect(page.getByTestId('addr-state')).toHaveAttribute('data-state', 'active')
  expect(await addressLink(alice)).toBe(link)
  await toChats(alice)
  await expect(requestRows(alice)).toHaveCount(0)
  await until(async () => (await bob.core.call('connection.plan', { link })).status === 'new')
  await askAt(bob, link)
  await accept(alice, 'Bob')
})

test('ADR-11: the label of an address is on its requests and later in the contact info', async ({
  world,
}) => {
  const [alice] = (await people(world, 'Alice')) as [Person]
  const bob = await asker(world, 'Bob')
  const plain = await makeAddress(alice)
  const { page } = alice
  await page.getByTestId('addr-add').click()
  const dialog = page.getByTestId('addr-create-dialog')
  await dialog.getByRole('textbox').fill('Website')
  await dialog.getByRole('button', { name: 'Create address' }).click()
  await expect(page.getByTestId('addr-link')).not.toHaveValue(plain)
  await askAt(bob, await addressLink(alice), 'Found you on the web')
  await toChats(alice)
  await agree(requestRows(alice)).toContainText('Website')
  await openRequest(alice, 'Bob')
  await expect(page.getByTestId('request-card')).toContainText('Website')
  await accept(alice, 'Bob')
  await expect((await openInfo(alice)).getByTestId('info-label')).toHaveText('Website')
  await isIn(bob)
  // It is private: what Bob has of it is nowhere.
  expect(JSON.stringify(await bob.core.call('contact.list', {}))).not.toContain('Website')
})

test('ADR-12: an address at a server that is switched off says so and offers another', async ({
  world,
  folder,
}) => {
  const other = await startRelay(`${folder}/second`)
  const args = ['--relay', world.relay.address, '--relay', other.address]
  const alice = await world.person('Alice', 'browser', args)
  await firstRun(alice)
  const { page } = alice
  const link = await makeAddress(alice)
  await expect(page.getByTestId('addr-relay-off')).toHaveCount(0)
  await page.getByRole('button', { name: 'Network' }).click()
  const row = page.getByTestId('relay-row').filter({ hasText: 'Used for new links and 1' })
  await row.getByRole('switch').click()
  await expect(page.getByTestId('relay-row').filter({ hasText: 'Not used for new links; 1' })).toHaveCount(1)
  await toChats(alice)
  await page.getByTestId('open-address').click()
  const note = page.getByTestId('addr-relay-off')
  await expect(note).toBeVisible()
  await note.getByRole('button', { name: 'Replace address' }).click()
  await page.getByTestId('addr-replace-dialog').getByRole('button', { name: 'Replace address' }).click()
  await agree(page.getByTestId('addr-link')).not.toHaveValue(link)
  await expect(note).toHaveCount(0)
  await other.stop()
})

const FLOOD = 200

// How fast the keys show meanwhile is measured by `npm run bench -- typing`.
test('REQ-7: 200 requests leave an open chat alone, raise three notifications and go in two presses', async ({
  world,
}) => {
  test.setTimeout(420_000)
  const [alice] = (await people(world, 'Alice')) as [Person]
  const [bob, crowd] = [await asker(world, 'Bob'), await asker(world, 'Crowd')]
  const link = await makeAddress(alice)
  await toChats(alice)
  await askAt(bob, link)
  await accept(alice, 'Bob')
  await openRow(alice, 'Bob')
  const { page } = alice
  const before = (await alice.notifications()).length
  const started = performance.now()
  const typed = 'typed while they come '
  const flood = askManyTimes(crowd, link, FLOOD)
  let lines = 0
  let done = false
  void flood.then(() => (done = true))
  while (!done) {
    await page.getByTestId('composer').pressSequentially(typed, { delay: 20 })
    await page.getByTestId('composer').press('Enter')
    lines += 1
  }
  await flood
  const folded = page.getByTestId('chat-list').locator('[data-kind="requests"]')
  await agree(folded).toContainText(`Requests (${FLOOD})`)
  const minutes = Math.ceil((performance.now() - started) / 60_000)
  expect((await alice.notifications()).length - before).toBeLessThanOrEqual(3 * minutes)
  await expect(texts(alice, 'out')).toHaveText(Array<string>(lines).fill(typed.trim()))
  await folded.click()
  const list = page.getByTestId('request-list')
  await list.getByRole('checkbox', { name: 'Select all' }).click()
  await list.getByTestId('requests-reject').click()
  // The list is empty, so the chats come back.
  await agree(list).toBeHidden()
  const contact = (await bob.core.call('contact.list', {}))[0]!
  await bob.core.call('message.send', { contactId: contact.contactId, text: 'still here' })
  await agree(texts(alice, 'in').last()).toHaveText('still here')
})
