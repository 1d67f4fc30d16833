import type { HostKind } from './person.ts'
import { agree, paste } from './person.ts'
import {
  alert,
  befriend,
  confirm,
  expectConnected,
  firstRun,
  invite,
  meetTwo,
  openRow,
  pasteInSearch,
  rows,
  send,
  texts,
} from './steps.ts'
import { startHeadless } from '../tools/programs.ts'
import { expect, test } from './world.ts'

/* The list of everything that exists, and the field above it: flows.md 2. */

test('CHL-1: the last control of the search field is called "Scan or paste a link" and opens the Connect tab', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  await firstRun(alice)
  const { page } = alice
  const controls = page.getByRole('search').locator('input, button')
  await expect(controls.last()).toHaveAccessibleName('Scan or paste a link')
  await controls.last().click()
  await expect(page.getByRole('tab', { selected: true })).toContainText('Connect via link')
})

for (const kind of ['electron'] satisfies HostKind[])
  test(`CHL-2, CHL-3 in ${kind}: a link is found in what surrounds it, an own or known one leads to its row`, async ({
    world,
  }) => {
    const alice = await world.person('Alice', kind)
    const bob = await world.person('Bob', kind)
    await firstRun(alice)
    await firstRun(bob)
    const link = await invite(alice, 'Robert')
    const others = await invite(alice, 'Somebody else')
    const search = bob.page.getByTestId('chat-search')
    const dialog = bob.page.getByTestId('connect-dialog')
    for (const text of [
      `  ${link}\n`,
      `<${link}>`,
      `"${link}"`,
      `\u201c${link}\u201d`,
      `\u200b${link.slice(0, 9)}\u200b${link.slice(9)}\ufeff`,
      `Hello Bob, here it is: ${link}. See you!`,
    ]) {
      await pasteInSearch(bob, text)
      await expect(dialog).toHaveCount(1)
      await expect(dialog.getByTestId('connect-text')).toHaveValue(link)
      await expect(search).toHaveAttribute('data-mode', 'link')
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      await expect(dialog).toHaveCount(0)
      await expect(search).toHaveValue('')
    }

    await pasteInSearch(alice, link)
    await expect(alert(alice, 'O')).toBeVisible()
    await expect(rows(alice)).toHaveCount(1)
    await expect(rows(alice)).toContainText('Robert')
    await alert(alice, 'O').getByRole('button', { name: 'Cancel' }).click()
    await expect(rows(alice)).toHaveCount(2)

    await pasteInSearch(bob, link)
    await confirm(bob, 'Ally')
    await expect(search).toHaveValue('')
    await expectConnected(bob)
    await pasteInSearch(bob, link)
    await expect(alert(bob, 'K')).toBeVisible()
    await expect(rows(bob)).toHaveCount(1)
    await alert(bob, 'K').getByRole('button', { name: 'Open chat' }).click()
    await expect(bob.page.getByTestId('composer')).toBeVisible()
    expect(others).not.toBe(link)
  })

test('CHL-4, CHL-5: text asks nobody, and of two links nothing is asked before one is picked', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  const [one, two] = [await invite(alice, 'One'), await invite(alice, 'Two')]
  const sent: string[] = []
  bob.page.on('request', (request) => sent.push(request.url()))
  const search = bob.page.getByTestId('chat-search')
  await search.pressSequentially('who knows? 10:30 a/b')
  await expect(bob.page.getByTestId('search-none')).toBeVisible()
  await search.press('Escape')
  await expect(search).toHaveValue('')

  await pasteInSearch(bob, `first ${one} and second ${two}`)
  const chooser = bob.page.getByTestId('link-chooser')
  await expect(chooser.getByRole('button')).toHaveCount(2)
  await expect(bob.page.getByTestId('connect-dialog')).toHaveCount(0)
  await expect(bob.page.getByTestId('connect-checking')).toHaveCount(0)
  await chooser.getByRole('button').nth(1).click()
  await expect(bob.page.getByTestId('connect-dialog').getByTestId('connect-text')).toHaveValue(two)
  expect(sent).toEqual([])
})

test('CHL-7, CHL-9: a new message moves its row up and leaves the focus; a search without hits says so', async ({
  world,
}) => {
  const [alice, bob] = await meetTwo(world)
  await openRow(alice, 'Carol')
  await alice.page.getByTestId('composer').fill('half a thou')
  await send(bob, 'ping')
  await agree(rows(alice).first()).toContainText('ping')
  await expect(rows(alice).first().getByTestId('unread')).toContainText('1')
  await expect(alice.page.getByTestId('composer')).toBeFocused()

  // What is unread can be looked at alone.
  await alice.page.getByTestId('filter-unread').click()
  await expect(rows(alice).filter({ hasText: 'Bob' })).toHaveCount(1)
  await alice.page.getByTestId('filter-unread').click()

  const search = alice.page.getByTestId('chat-search')
  await search.fill('nobody of that name')
  const none = alice.page.getByTestId('search-none')
  await expect(none).toBeVisible()
  await none.getByRole('button', { name: 'Clear search' }).click()
  await expect(search).toHaveValue('')
  await expect(search).toBeFocused()
  await search.fill('car')
  await expect(rows(alice)).toHaveCount(1)
  await search.press('Escape')
  await expect(search).toHaveValue('')
  await expect(search).toBeFocused()
  await search.press('Escape')
  await expect(search).not.toBeFocused()
})

test('LND-8: a link in a received message goes to its check in the app, and nowhere else', async ({
  world,
}) => {
  const alice = await world.person('Alice', 'electron')
  const bob = await world.person('Bob')
  const carol = await world.person('Carol')
  for (const person of [alice, bob, carol]) await firstRun(person)
  await befriend(alice, bob)
  const link = await invite(carol, 'Friend of Bob')
  // The same short link as a web address of its relay.
  const web = link.replace(/^simplex:(\/i#[^?]+\?)h=([^&]+)&/, 'https://$2$1')
  await send(bob, `Carol's: ${link}, or ${web} and https://example.org/`)
  await agree(texts(alice, 'in')).toHaveCount(1)
  const before = alice.page.url()
  const links = alice.page.getByTestId('message-link')
  await expect(links).toHaveCount(2)
  for (const at of [0, 1]) {
    await links.nth(at).click()
    const dialog = alice.page.getByTestId('connect-dialog')
    await expect(dialog).toBeVisible()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
  }
  expect(alice.page.url()).toBe(before)
  expect(alice.page.context().pages()).toHaveLength(1)
  await links.first().click()
  await confirm(alice, 'Carol')
  await expectConnected(carol)
})

test('the list is as wide as somebody dragged it, also after a restart', async ({ world }) => {
  const alice = await world.person('Alice', 'electron')
  await firstRun(alice)
  await invite(alice)
  const width = (): Promise<number> =>
    alice.page.locator('section[aria-label="Chats"]').evaluate((list) => list.getBoundingClientRect().width)
  const line = await alice.page.getByTestId('divider').boundingBox()
  if (line === null) throw new Error('no divider')
  await alice.page.mouse.move(line.x + 5, 300)
  await alice.page.mouse.down()
  await alice.page.mouse.move(line.x + 45, 300, { steps: 4 })
  await alice.page.mouse.up()
  expect(await width()).toBeGreaterThan(350)
  const dragged = await width()
  await alice.page.getByTestId('divider').focus()
  await alice.page.keyboard.press('ArrowLeft')
  await expect.poll(width).toBe(dragged - 16)
  await alice.stop()
  await alice.start()
  await expect(rows(alice)).toHaveCount(1)
  expect(await width()).toBe(dragged - 16)
})

test('PLN-4: the same link pasted twice quickly gives one dialog', async ({ world }) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  const link = await invite(alice)
  await bob.page.getByTestId('chat-search').focus()
  await paste(bob, link)
  await bob.page.keyboard.press('ControlOrMeta+V')
  await expect(bob.page.getByTestId('connect-dialog')).toHaveCount(1)
  await expect(bob.page.getByRole('dialog')).toHaveCount(1)
})

test('CHL-8: of 2,000 rows fewer than 150 are elements; End and Home reach the last and the first', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  await alice.stop()
  const core = await startHeadless(alice.dataDir, [world.relay.address])
  await core.call('profile.create', { displayName: 'Alice' })
  await core.call('app.setOnboarding', { step: 'done' })
  for (let at = 0; at < 2_000; at += 50) {
    const batch = Array.from({ length: 50 }, (_, more) => `Link ${at + more + 1}`)
    await Promise.all(batch.map((name) => core.call('invitation.create', { name })))
  }
  await core.stop()
  await alice.start()
  const { page } = alice
  await expect(rows(alice).first()).toBeVisible()
  const total = await rows(alice).first().getAttribute('aria-setsize')
  expect(total).toBe('2000')
  expect(await rows(alice).count()).toBeLessThan(150)
  await rows(alice).first().focus()
  await page.keyboard.press('End')
  const focused = page.locator('[role="option"]:focus')
  await expect(focused).toHaveAttribute('aria-posinset', '2000')
  await expect(focused).toBeInViewport({ ratio: 0.9 })
  expect(await rows(alice).count()).toBeLessThan(150)
  await page.keyboard.press('Home')
  await expect(focused).toHaveAttribute('aria-posinset', '1')
  await expect(focused).toBeInViewport({ ratio: 0.9 })
  expect(await rows(alice).count()).toBeLessThan(150)
  await page.getByTestId('chat-search').fill('Link 1999')
  await expect(rows(alice)).toHaveCount(1)
})

test('a row is pinned, muted, marked and cleared where it stands; drafts and found messages lead back to their chat', async ({
  world,
}) => {
  const [alice, bob] = await meetTwo(world)
  const { page } = alice
  const row = (name: string) => rows(alice).filter({ hasText: name })
  const choose = async (name: string, entry: string): Promise<void> => {
    await row(name).click({ button: 'right' })
    await page.getByTestId('row-menu').getByRole('menuitem', { name: entry }).click()
  }
  await openRow(alice, 'Bob')
  await send(alice, 'the word is marmalade', 'and this is later')
  await choose('Carol', 'Pin to the top')
  await expect(rows(alice).first()).toContainText('Carol')
  await send(bob, 'ping')
  await agree(texts(alice, 'in')).toHaveText(['ping'])
  await expect(rows(alice).first()).toContainText('Carol')
  await choose('Carol', 'Mute')
  await expect(row('Carol').getByTestId('muted-mark')).toBeVisible()
  await choose('Carol', 'Mark as unread')
  await expect(row('Carol').getByTestId('unread')).toBeVisible()
  await page.getByTestId('filter-unread').click()
  await expect(row('Carol')).toHaveCount(1)
  await page.getByTestId('filter-unread').click()

  await page.getByTestId('composer').fill('half a thought')
  await openRow(alice, 'Carol')
  await expect(row('Carol').getByTestId('unread')).toHaveCount(0)
  await agree(row('Bob')).toContainText('Draft: half a thought')
  await alice.stop()
  await alice.start()
  await openRow(alice, 'Bob')
  await expect(alice.page.getByTestId('composer')).toHaveValue('half a thought')

  await alice.page.getByTestId('chat-search').fill('marmalade')
  const hit = alice.page.locator('[data-kind="hit"]')
  await expect(hit).toHaveCount(1)
  await expect(hit.locator('mark')).toHaveText('marmalade')
  await expect(alice.page.getByTestId('search-none')).toHaveCount(0)
  await hit.click()
  await expect(texts(alice).filter({ hasText: 'marmalade' })).toBeInViewport()
  await alice.page.getByTestId('chat-search').press('Escape')

  await alice.page.locator('[data-kind="contact"]').filter({ hasText: 'Bob' }).click({ button: 'right' })
  await alice.page.getByRole('menuitem', { name: 'Clear chat' }).click()
  await alice.page.getByTestId('clear-dialog').getByRole('button', { name: 'Clear chat' }).click()
  await expect(texts(alice)).toHaveCount(0)
  await expect(rows(alice, 'contact')).toHaveCount(2)
})
