import { createServer, type AddressInfo } from 'node:net'
import type { Person } from './person.ts'
import { agree } from './person.ts'
import { alert, askRelay, dismiss, firstRun, invite, pasteInSearch, rows } from './steps.ts'
import { expect, test } from './world.ts'

/* What the window says of links that lead nowhere now: the table of flows.md 7. Links of agent.md 5.3 and 5.4, own keys. */

const KEY = 'q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s'
const QUEUE = `smp%3A%2F%2F${KEY}%3D%40smp.example.org%2Fzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3N%23%2F%3Fv%3D1-4%26dh%3DMCowBQYDK2VuAyEA9bLW5g-Ud-MQwpgtqqbJE2wQihd3xZR-RI-jfWgXRVc%253D%26q%3D`
const SHORT_KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'
const NEWER = `simplex:/contact#/?v=98-99&smp=${QUEUE}c`
const GROUP = `https://simplex.chat/contact#/?v=2-7&smp=${QUEUE}c&data=%7B%22groupLinkId%22%3A%22AAAA%22%2C%22type%22%3A%22group%22%7D`
const CHANNEL = `https://smp.example.org/c#${SHORT_KEY}?c=${KEY}`

async function close(person: Person, plan: string): Promise<void> {
  await dismiss(person, plan)
  await expect(person.page.getByTestId('chat-search')).toHaveValue('')
}

test('PLN-1 V, I, PLN-5: a newer link, groups, channels and nonsense are named, and nothing appears', async ({
  world,
}) => {
  const bob = await world.person('Bob')
  await firstRun(bob)
  const cases: [string, string, RegExp][] = [
    [NEWER, 'V', /Update Duplex/],
    [GROUP, 'I', /link to a group/],
    [CHANNEL, 'I', /link to a channel/],
    [
      `simplex:/<img src=x onerror=alert(1)>\u0007${'<b>x</b>'.repeat(12_500)}`,
      'I',
      /lost a part on the way/,
    ],
  ]
  for (const [text, plan, words] of cases) {
    await pasteInSearch(bob, text)
    await expect(alert(bob, plan)).toContainText(words)
    await expect(alert(bob, plan).locator('img, b')).toHaveCount(0)
    await dismiss(bob, plan)
    await bob.page.getByTestId('chat-search').fill('')
    await expect(bob.page.getByTestId('chats-empty')).toBeVisible()
  }
})

test('PLN-3: a check of a relay that is silent can be cancelled, and its late answer shows nothing', async ({
  world,
}) => {
  const listener = createServer(() => undefined)
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  const bob = await world.person('Bob')
  await firstRun(bob)
  await pasteInSearch(bob, `simplex:/a#${SHORT_KEY}?h=127.0.0.1&p=${port}&c=${KEY}`)
  await expect(bob.page.getByTestId('connect-relay').getByRole('listitem')).toHaveAttribute(
    'data-warning',
    'port',
  )
  await askRelay(bob)
  const checking = bob.page.getByTestId('connect-checking')
  await expect(checking).toBeVisible()
  await checking.getByRole('button', { name: 'Cancel' }).click()
  await expect(checking).toHaveCount(0)
  await expect(bob.page.getByTestId('chat-search')).toHaveValue('')
  listener.close()
  // Longer than any answer may take (api.md: 10 s).
  await bob.page.waitForTimeout(11_000)
  await expect(bob.page.getByTestId('plan-alert')).toHaveCount(0)
  await expect(bob.page.getByTestId('chats-empty')).toBeVisible()
})

test('PLN-1 U, N, PLN-7: a deleted link asks for a new one; a relay that is away is tried when online', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  const gone = await invite(alice, 'Gone')
  const link = await invite(alice, 'Robert')
  await rows(alice).filter({ hasText: 'Gone' }).click({ button: 'right' })
  await alice.page.getByRole('menuitem', { name: 'Delete link' }).click()
  await alice.page.getByTestId('delete-dialog').getByRole('button', { name: 'Delete link' }).click()
  await expect(rows(alice)).toHaveCount(1)

  await pasteInSearch(bob, gone)
  const connectAs = bob.page.getByRole('button', { name: /^Connect as/ })
  await expect(alert(bob, 'U').or(connectAs)).toBeVisible()
  if (await connectAs.isVisible()) await connectAs.click()
  await expect(alert(bob, 'U')).toContainText('used, removed, or opened by someone else')
  await alert(bob, 'U').getByRole('button', { name: 'Copy message asking for a new link' }).click()
  await expect.poll(() => bob.readClipboard()).toContain('Could you make a new one')
  await close(bob, 'U')

  await world.relay.stop()
  await pasteInSearch(bob, `${link}.`)
  await expect(alert(bob, 'N').or(connectAs)).toBeVisible({ timeout: 30_000 })
  if (await connectAs.isVisible()) await connectAs.click()
  await expect(alert(bob, 'N')).toContainText('does not answer', { timeout: 30_000 })
  await expect(alert(bob, 'N').getByRole('button', { name: 'Retry' })).toBeVisible()
  await alert(bob, 'N').getByRole('button', { name: 'Try when online' }).click()
  const dialog = bob.page.getByTestId('connect-dialog')
  await expect(dialog.or(rows(bob)).first()).toBeVisible()
  if (await dialog.isVisible()) {
    await expect(bob.page.getByTestId('connect-text')).toHaveValue(link)
    await connectAs.click()
    await expect(dialog).toHaveCount(0, { timeout: 30_000 })
  }
  await agree(rows(bob)).toHaveCount(1)
  await expect(rows(bob)).toContainText('as soon as its relay answers')
  await world.relay.start()
  await expect(rows(alice, 'contact')).toHaveCount(1, { timeout: 60_000 })
  await expect(rows(bob, 'contact')).toHaveCount(1)
})
