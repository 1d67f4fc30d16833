import { networkInterfaces } from 'node:os'
import { card, closeSheet, firstRun, invite, makeProfile, rows } from './steps.ts'
import type { Person } from './person.ts'
import { expect, test } from './world.ts'

/** Whether this machine has an address by which a local network could reach it. */
const hasNetwork = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .some((each) => !each.internal && each.family === 'IPv4')

const CHOICES = ['Preset SimpleX servers', 'My own relays', 'This computer']

/** First run with the relay of this computer. */
async function onThisComputer(person: Person): Promise<void> {
  await makeProfile(person)
  await person.page.getByRole('radio', { name: 'This computer' }).click()
  await person.page.getByRole('button', { name: 'Continue' }).click()
  await expect(person.page.getByTestId('chats-empty')).toBeVisible()
}

test('what others can reach comes first, in the first run and in the settings, and is preselected', async ({
  world,
}) => {
  const alice = await world.person('Alice', 'browser', [])
  const { page } = alice
  await makeProfile(alice)
  const step = page.getByTestId('onb-relays')
  await expect(step.getByRole('radio')).toHaveCount(3)
  for (const [at, name] of CHOICES.entries()) {
    await expect(step.getByRole('radio').nth(at)).toHaveAccessibleName(name)
  }
  await expect(step.getByRole('radio', { name: CHOICES[0]! })).toBeChecked()
  await expect(step.getByRole('radio', { name: CHOICES[0]! })).toHaveAccessibleDescription(/SimpleX Chat Ltd/)
  await expect(step.getByRole('link', { name: 'Their terms' })).toBeVisible()
  const here = step.getByRole('radio', { name: 'This computer' })
  await expect(here).toHaveAccessibleDescription(/Only this computer can use your links/)
  await here.click()
  await step.getByRole('switch', { name: 'Reachable from the local network' }).click()
  await expect(here).toHaveAccessibleDescription(/same network can use your links/)
  await step.getByRole('button', { name: 'Continue' }).click()
  await page.getByTestId('open-settings').click()
  const panel = page.getByTestId('settings-network')
  await expect(panel).toHaveAttribute('data-state', 'embedded')
  for (const [at, name] of CHOICES.entries()) {
    await expect(panel.getByRole('radio').nth(at)).toHaveAccessibleName(name)
  }
  await expect(panel.getByTestId('embedded-reach')).toBeChecked()
})

test('a link that only this computer can use says so, and the way out makes one that reaches further', async ({
  world,
}) => {
  const alice = await world.person('Alice', 'browser', [])
  const { page } = alice
  await onThisComputer(alice)
  await page.getByTestId('new-chat').click()
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  const note = card(alice).getByTestId('link-reach')
  await expect(note).toHaveAttribute('data-state', 'this-computer')
  await expect(card(alice).getByTestId('invite-link')).toHaveValue(/127\.0\.0\.1/)
  await note.getByRole('button', { name: 'Reachable from the local network' }).click()
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  await expect(note).toHaveAttribute('data-state', hasNetwork ? 'local-network' : 'this-computer')
  await note.getByRole('button', { name: 'Choose another relay' }).click()
  await expect(page.getByTestId('settings-network')).toBeVisible()
})

test('several links at once and an address say it, too', async ({ world }) => {
  const alice = await world.person('Alice', 'browser', [])
  const { page } = alice
  await onThisComputer(alice)
  await page.getByTestId('new-chat').click()
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  await page.getByRole('button', { name: 'Several at once' }).click()
  await page.getByTestId('several-make').click()
  const note = page.getByTestId('several-made').getByTestId('link-reach')
  await expect(note).toHaveAttribute('data-state', 'this-computer')
  await closeSheet(alice)
  await page.getByRole('button', { name: 'Your address' }).click()
  await page.getByRole('button', { name: 'Create address' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Create address' }).click()
  const address = page.getByTestId('addr-main')
  await expect(address.getByTestId('link-reach')).toHaveAttribute('data-state', 'this-computer')
  await address.getByRole('button', { name: 'Share', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Copy message with link' }).click()
  await expect.poll(() => alice.readClipboard()).toContain('only on the computer on which it was made')
})

test('Network names a relay that does not answer, and forgets it with the last thing that needed it', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const { page } = alice
  await firstRun(alice)
  await invite(alice, 'Bob')
  await world.relay.stop()
  await expect(page.getByTestId('net-status')).toHaveAttribute('data-state', 'offline')
  await page.getByTestId('open-settings').click()
  const silent = page.getByTestId('network-silent-relay')
  await expect(silent).toHaveCount(1)
  await expect(silent).toContainText(
    /^127\.0\.0\.1:\d+No answer since .* 1 link or contact of yours is there$/,
  )
  await page.getByRole('button', { name: 'Back to your chats' }).click()
  await rows(alice, 'pending').click()
  await page.getByTestId('pending-details').getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete link' }).click()
  await expect(rows(alice)).toHaveCount(0)
  await expect(page.getByTestId('net-status')).toHaveCount(0)
})

test('a message around a link that no browser opens says what to get, what to do, and who can use it', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  await firstRun(alice)
  await alice.page.getByTestId('new-chat').click()
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  await card(alice).getByRole('button', { name: 'Share' }).click()
  await alice.page.getByRole('menuitem', { name: 'Copy message with link' }).click()
  await expect(card(alice)).toHaveAttribute('data-state', 'shared')
  const message = await alice.readClipboard()
  expect(message).toMatch(/^Use this one-time link.*\n\nsimplex:/s)
  expect(message).toContain('only on the computer on which it was made')
  const [what, todo] = message.trim().split('\n').slice(-2)
  expect(what).toMatch(/SimpleX Chat.*Duplex/)
  expect(todo).toMatch(/paste this whole link.*no web page/)
})

test('a link whose relay moved or is off says so in its row, and a new one takes its place', async ({
  world,
}) => {
  test.skip(!hasNetwork, 'no local network here')
  const alice = await world.person('Alice', 'browser', [])
  const { page } = alice
  await onThisComputer(alice)
  await page.getByTestId('new-chat').click()
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  await card(alice).getByRole('button', { name: 'Copy link' }).click()
  await closeSheet(alice)
  await page.getByTestId('open-settings').click()
  await page.getByTestId('embedded-reach').click()
  await expect(page.getByTestId('embedded-reach')).toBeChecked()
  await page.getByRole('button', { name: 'Back to your chats' }).click()
  await expect(rows(alice, 'pending')).toContainText('Leads nowhere now')
  await rows(alice, 'pending').click()
  const note = page.getByTestId('pending-details').getByTestId('link-reach')
  await expect(note).toHaveAttribute('data-state', 'moved')
  await note.getByRole('button', { name: 'Make a new link' }).click()
  await expect(note).toHaveAttribute('data-state', 'local-network')
  await expect(rows(alice, 'pending')).toHaveCount(1)
  await expect(rows(alice, 'pending')).not.toContainText('Leads nowhere now')

  // switched off, it says that; and the relay is not switched off by another choice while the link is there
  await page.getByTestId('open-settings').click()
  await page.getByTestId('embedded-relay').getByRole('switch').first().click()
  await expect(page.getByTestId('embedded-relay')).toHaveAttribute('data-state', 'off')
  await page.getByRole('button', { name: 'Back to your chats' }).click()
  await expect(rows(alice, 'pending')).toContainText('Relay of this computer is off')
  await rows(alice, 'pending').click()
  await note.getByRole('button', { name: 'Turn it on' }).click()
  await expect(note).toHaveAttribute('data-state', 'local-network')
})
