import { expectAccessible } from './accessible.ts'
import jsQR from 'jsqr'
import { PNG } from './png.ts'
import {
  accept,
  addressLink,
  ask,
  makeAddress,
  openInfo,
  openRequest,
  people,
  requestRows,
  saveForm,
  share,
  toChats,
} from './address-steps.ts'
import { agree, type Person } from './person.ts'
import { alert, befriend, dismiss, firstRun, openRow, pasteInSearch, rows, send, texts } from './steps.ts'
import { folderHolds } from './data-folder.ts'
import { expect, test } from './world.ts'

test('ADR-1, ADR-9: an address in three clicks, its code says the link, unsaved changes ask before leaving', async ({
  world,
}) => {
  const [alice] = (await people(world, 'Alice')) as [Person]
  const { page } = alice
  await expect(page.getByTestId('open-address')).toBeVisible()
  const link = await makeAddress(alice)
  const png = PNG(await page.getByTestId('addr-qr').screenshot({ scale: 'device' }))
  expect(jsQR(png.pixels, png.width, png.height)?.data).toBe(link)
  await page.getByTestId('addr-copy').click()
  await expect(page.getByTestId('addr-said')).toHaveText('Copied')
  expect(await alice.readClipboard()).toBe(link)

  // ADR-5: the switch is not there while auto-accept is off, and turning it off keeps the text
  await expect(page.getByTestId('addr-incognito')).toHaveCount(0)
  await page.getByTestId('addr-auto').click()
  await expect(page.getByTestId('addr-incognito')).toBeVisible()
  await page.getByTestId('addr-welcome').fill('Hello and welcome')
  await saveForm(alice)
  await page.getByTestId('addr-auto').click()
  await saveForm(alice)
  await expect(page.getByTestId('addr-welcome')).toHaveValue('Hello and welcome')

  await page.getByTestId('addr-welcome').fill('Something else')
  await page.getByTestId('settings-back').click()
  const leave = page.getByTestId('addr-leave')
  await leave.getByRole('button', { name: 'Keep editing' }).click()
  await expect(page.getByTestId('addr-welcome')).toHaveValue('Something else')
  await page.getByTestId('settings-back').click()
  await leave.getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByTestId('chat-search')).toBeVisible()
  await page.keyboard.press('ControlOrMeta+Shift+A')
  await expect(page.getByTestId('addr-welcome')).toHaveValue('Hello and welcome')
  // it needs no network and outlives a restart
  await alice.stop()
  await alice.start()
  await alice.page.getByTestId('open-address').click()
  expect(await addressLink(alice)).toBe(link)
})

test('ADR-2, REQ-1, REQ-3, REQ-9, CON-6: two ask with one link; one is let in, one is not, and a repeat is one row', async ({
  world,
}) => {
  const [alice, bob, carol] = (await people(world, 'Alice', 'Bob', 'Carol')) as [Person, Person, Person]
  const link = await makeAddress(alice)
  await toChats(alice)
  await ask(bob, link, 'It is Bob from the fair')
  await expect(bob.page.getByTestId('request-sent')).toHaveAttribute('data-state', 'requested')
  await expect(bob.page.getByTestId('composer')).toHaveCount(0)

  await openRequest(alice, 'Bob')
  const card = alice.page.getByTestId('request-card')
  await expect(card.getByTestId('request-message')).toHaveText('It is Bob from the fair')
  await expect(card).toContainText('not proof of who it is')
  await expect(card.getByText(/verified/i)).toHaveCount(0)

  // R: the same link again says when; asking again is the same row with a count
  await bob.page.keyboard.press('ControlOrMeta+K')
  await pasteInSearch(bob, link)
  await expect(alert(bob, 'R')).toBeVisible()
  await alert(bob, 'R').getByRole('button', { name: 'Ask again' }).click()
  await expect(alert(bob, 'R')).toBeHidden()
  await agree(requestRows(alice).getByTestId('request-count')).toContainText('2')
  await expect(requestRows(alice)).toHaveCount(1)

  await accept(alice, 'Bob')
  await agree(rows(bob, 'contact')).toHaveCount(1)
  await send(alice, 'Welcome, Bob')
  await openRow(bob, 'Alice')
  await agree(texts(bob, 'in').last()).toHaveText('Welcome, Bob')

  await ask(carol, link)
  await openRequest(alice, 'Carol')
  await alice.page.getByTestId('request-reject').click()
  await expect(requestRows(alice)).toHaveCount(0)
  await expect(rows(alice)).toHaveCount(1)
  await expect(rows(carol, 'contact')).toHaveCount(1)
  await expect(carol.page.getByTestId('request-sent')).toHaveAttribute('data-state', 'requested')
  await expect(carol.page.getByTestId('composer')).toHaveCount(0)
})

test('REQ-2, INF-1, INF-2: accepted incognito, they see the random name alone, and what I call them stays here', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  await firstRun(alice, 'Alicia Realname')
  const [bob] = (await people(world, 'Bob')) as [Person]
  const link = await makeAddress(alice)
  await toChats(alice)
  await ask(bob, link)
  await openRequest(alice, 'Bob')
  // the link of the address carries the name, so incognito comes late for whoever looked at it
  await expect(alice.page.getByTestId('request-link-shows')).toContainText('Alicia Realname')
  const shown = await alice.page.getByTestId('request-suggested').getAttribute('data-name')
  await alice.page.getByTestId('request-accept-incognito').click()
  await agree(rows(alice, 'contact')).toHaveCount(1)
  await agree(rows(bob, 'contact').filter({ hasText: shown ?? '?' })).toHaveCount(1)
  await expect(rows(alice, 'contact').getByTestId('incognito-mark')).toHaveCount(1)

  const mine = await openInfo(alice)
  await expect(mine.getByTestId('info-appear')).toHaveAttribute('data-name', shown ?? '')
  await expect(mine.getByTestId('info-via')).toHaveAttribute('data-state', 'address')
  await mine.getByTestId('info-alias').fill('Bob the Stranger')
  await mine.getByTestId('info-alias').blur()
  await expect(alice.page.getByTestId('pane-title')).toHaveText('Bob the Stranger')
  await send(alice, 'Hello there')
  await openRow(bob, shown ?? '')
  await agree(texts(bob, 'in').last()).toHaveText('Hello there')
  const theirs = await openInfo(bob)
  await expect(theirs.getByTestId('info-appear')).toHaveAttribute('data-name', 'Bob')
  await bob.stop()
  expect(folderHolds(bob.dataDir, 'Alicia Realname')).toBe(false)
  expect(folderHolds(bob.dataDir, 'Bob the Stranger')).toBe(false)
})

test('ADR-6, ADR-8: shared, contacts can pass it on; replaced, the new link is passed on and the old one is gone', async ({
  world,
}) => {
  const [alice, bob, carol] = (await people(world, 'Alice', 'Bob', 'Carol')) as [Person, Person, Person]
  await befriend(alice, bob)
  const link = await makeAddress(alice)
  const info = await openInfo(bob)
  await expect(info.getByTestId('info-address')).toHaveCount(0)
  await share(alice, 'Share address')
  await agree(info.getByTestId('info-address-link')).toHaveValue(link)
  await expect(info.getByRole('button', { name: 'Copy address' })).toBeVisible()
  await expect(info.getByRole('button', { name: 'Connect via address' })).toBeVisible()

  await alice.page.getByTestId('addr-replace').click()
  await alice.page.getByTestId('addr-replace-dialog').getByRole('button', { name: 'Replace address' }).click()
  await agree(alice.page.getByTestId('addr-link')).not.toHaveValue(link)
  await agree(alice.page.getByTestId('addr-state')).toHaveAttribute('data-state', 'active')
  const next = await addressLink(alice)
  await agree(info.getByTestId('info-address-link')).toHaveValue(next)

  await pasteInSearch(carol, link)
  await agree(alert(carol, 'P')).toBeVisible()
  await dismiss(carol, 'P')
  await expect(rows(carol)).toHaveCount(0)
  await ask(carol, next)
  await toChats(alice)
  await accept(alice, 'Carol')
  await openRow(alice, 'Bob')
  await send(alice, 'still here')
  await agree(texts(bob, 'in').last()).toHaveText('still here')

  await alice.page.getByTestId('open-address').click()
  await share(alice, 'Stop sharing')
  await agree(info.getByTestId('info-address')).toHaveCount(0)
})

test('REQ-8, NEW-4, WRD-3: three requests fold, a hostile name stays inert, all are rejected in two clicks; the table compares', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  await firstRun(alice)
  const link = await makeAddress(alice)
  await toChats(alice)
  const names = ['<img src=x onerror=alert(1)>', 'Bob', 'Carol']
  for (const [index, name] of names.entries()) {
    const peer = await world.person(`asker-${String(index)}`)
    await firstRun(peer, name)
    await ask(peer, link)
    await expect(peer.page.getByTestId('request-sent')).toBeVisible()
    await peer.stop()
  }
  const { page } = alice
  const folded = page.getByTestId('chat-list').locator('[data-kind="requests"]')
  await agree(folded).toContainText('Requests (3)')
  await folded.click()
  const list = page.getByTestId('request-list')
  await expect(list.locator('[data-kind="request"]')).toHaveCount(3)
  await expect(list).toContainText('<img src=x onerror=alert(1)>')
  await expect(list.locator('img')).toHaveCount(0)
  await list.getByRole('checkbox', { name: 'Select all' }).click()
  await list.getByTestId('requests-reject').click()
  await expect(list).toBeHidden()
  await expect(page.getByTestId('filter-unread')).toBeVisible()

  await page.getByTestId('new-chat').click()
  await page.getByRole('button', { name: 'Which one should I use?' }).click()
  const table = page.getByTestId('link-comparison').getByRole('table')
  await expect(table.locator('thead tr')).toHaveCount(1)
  await expect(table.locator('tbody tr')).toHaveCount(9)
})

test('KEY-5: address, request, contact info and comparison have no serious finding in light and dark', async ({
  world,
}) => {
  const [alice, bob] = (await people(world, 'Alice', 'Bob')) as [Person, Person]
  const { page } = alice
  await page.getByTestId('open-address').click()
  await expect(page.getByTestId('addr-empty')).toBeVisible()
  await expectAccessible(alice.page, 'no address')
  await page.getByRole('button', { name: 'Which one should I use?' }).click()
  await expect(page.getByTestId('link-comparison')).toBeVisible()
  await expectAccessible(alice.page, 'comparison')
  await page.keyboard.press('Escape')
  await page.getByTestId('open-address').click()
  const link = await makeAddress(alice)
  await page.getByTestId('addr-auto').click()
  await expectAccessible(alice.page, 'address with unsaved changes')
  await page.getByTestId('addr-bar').getByRole('button', { name: 'Discard' }).click()
  await page.getByTestId('addr-delete').click()
  await expect(page.getByTestId('addr-delete-dialog')).toBeVisible()
  await expectAccessible(alice.page, 'delete address')
  await page.keyboard.press('Escape')
  await toChats(alice)
  await ask(bob, link, 'Hello')
  await expectAccessible(bob.page, 'request sent')
  await openRequest(alice, 'Bob')
  await expectAccessible(alice.page, 'request')
  await accept(alice, 'Bob')
  await openInfo(alice)
  await expectAccessible(alice.page, 'contact info')
})
