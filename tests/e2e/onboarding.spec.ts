import { createServer, type AddressInfo } from 'node:net'
import { firstRun, makeProfile } from './steps.ts'
import { expect, test } from './world.ts'

/** The shape of a relay address; nobody is behind it. */
const KEY = 'LcJUMfVhwD8yxjAiSaDzzGF3-kLG4Uh0Fl_ZIjrRwjI='

test('ONB-1: the welcome of a fresh folder, and no connection to any relay before the relays are confirmed', async ({
  world,
}) => {
  let connections = 0
  const listener = createServer((socket) => {
    connections += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  const alice = await world.person('Alice', 'browser', ['--relay', `smp://${KEY}@127.0.0.1:${port}`])
  const foreign: string[] = []
  alice.page.on('request', (request) => {
    if (new URL(request.url()).hostname !== '127.0.0.1') foreign.push(request.url())
  })
  await expect(alice.page.getByTestId('onb-welcome')).toBeVisible()
  await makeProfile(alice)
  expect(connections).toBe(0)
  expect(foreign).toEqual([])
  listener.close()
})

test('ONB-2: Create waits for a name, Enter submits it, and a double click makes one profile', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const { page } = alice
  await page.getByRole('button', { name: 'Create profile' }).click()
  const create = page.getByRole('button', { name: 'Create', exact: true })
  await expect(create).toBeDisabled()
  await page.getByLabel('Your name').fill('   ')
  await expect(create).toBeDisabled()
  await page.getByLabel('Your name').fill('Alice')
  await expect(create).toBeEnabled()
  await create.dblclick()
  await expect(page.getByTestId('onb-relays')).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(0)
  await alice.stop()
  await alice.start()
  // ONB-7: it goes on where it stopped, with the same profile.
  await expect(alice.page.getByTestId('onb-relays')).toBeVisible()
  await alice.page.getByRole('button', { name: 'Continue' }).click()
  await expect(alice.page.getByRole('button', { name: /Alice/ })).toBeVisible()
})

test('ONB-3: an unreadable server line keeps the person on the step and is said at the field', async ({
  world,
}) => {
  const alice = await world.person('Alice', 'browser', [])
  const { page } = alice
  await makeProfile(alice)
  await page.getByRole('radio', { name: 'My own relays' }).click()
  const field = page.getByLabel('Relay addresses, one per line')
  await field.fill(`${world.relay.address}\nsmp://nonsense`)
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByTestId('onb-relays')).toBeVisible()
  const described = (await field.getAttribute('aria-describedby')) ?? ''
  const messages = await page.evaluate(
    (ids) => ids.split(' ').map((id) => document.getElementById(id)?.textContent ?? ''),
    described,
  )
  expect(messages.join(' ')).toContain('Line 2')
})

for (const [choice, label] of [
  ['embedded', 'This computer'],
  ['own', 'My own relays'],
] as const) {
  test(`ONB-4: the choice "${label}" ends at the empty chats and is the active one in the settings`, async ({
    world,
  }) => {
    const alice = await world.person('Alice', 'browser', [])
    const { page } = alice
    await makeProfile(alice)
    await page.getByRole('radio', { name: label }).click()
    if (choice === 'own') await page.getByLabel('Relay addresses, one per line').fill(world.relay.address)
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect(page.getByTestId('chats-empty')).toBeVisible()
    await page.getByTestId('open-settings').click()
    await expect(page.getByTestId('settings-network')).toHaveAttribute('data-state', choice)
    await expect(page.getByRole('radio', { name: label })).toBeChecked()
  })
}

test('two processes on one data folder: the second says so and ends with code 2', async ({ world }) => {
  const alice = await world.person('Alice')
  await firstRun(alice)
  const { spawn } = await import('node:child_process')
  const { root } = await import('./programs.ts')
  const second = spawn(process.execPath, [
    `${root}main/start.ts`,
    '--browser',
    '--no-open',
    '--data',
    alice.dataDir,
  ])
  const code = await new Promise((resolve) => second.once('exit', resolve))
  expect(code).toBe(2)
})
