import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { agree, launchElectron, rootSwitches, type HostKind, type Person } from './person.ts'
import { root } from './programs.ts'
import {
  askRelay,
  confirm,
  dialogOf,
  expectConnected,
  firstRun,
  invite,
  makeProfile,
  openRow,
  pasteInSearch,
  send,
  texts,
} from './steps.ts'
import { expect, test } from './world.ts'

test('DSK-6: the window goes nowhere, opens nothing, and the page has no system under it', async ({
  world,
}) => {
  const alice = await world.person('Alice', 'electron')
  await firstRun(alice)
  const { page } = alice
  const before = page.url()
  for (const address of ['https://example.org/', 'file:///etc/passwd', 'data:text/html,<p>x</p>']) {
    await page.evaluate((to) => void (window.location.href = to), address).catch(() => undefined)
  }
  expect(await page.evaluate(() => window.open('https://example.org/') === null)).toBe(true)
  expect(page.url()).toBe(before)
  // Playwright still waits for the refused navigation to finish, so the page is asked itself.
  expect(await page.evaluate(() => document.querySelector('[data-testid="chats-empty"]') !== null)).toBe(true)
  const seen = await page.evaluate(() => ({
    require: typeof (globalThis as Record<string, unknown>)['require'],
    process: typeof (globalThis as Record<string, unknown>)['process'],
    bridge: Object.keys((globalThis as unknown as { duplex: object }).duplex),
  }))
  expect(seen).toEqual({ require: 'undefined', process: 'undefined', bridge: ['send', 'onMessage', 'host'] })
  expect(
    await page.evaluate(() => navigator.permissions.query({ name: 'geolocation' }).then((p) => p.state)),
  ).toBe('denied')
  expect(await page.evaluate(() => fetch('https://example.org/').then(String, () => 'refused'))).toBe(
    'refused',
  )
  const files = await page.evaluate(() =>
    Promise.all(
      ['/../package.json', '/%2e%2e/package.json', '/assets', '/preload/preload.cjs'].map((path) =>
        fetch(path).then((answer) => answer.status),
      ),
    ),
  )
  expect(files).toEqual([404, 404, 404, 404])
  alice.problems.length = 0 // The refusals above were asked for.
})

test('the window is sandboxed, isolated and without Node, under a policy without inline script or eval', async ({
  folder,
}) => {
  const app = await launchElectron(`${folder}/alone`, [])
  const page = await app.firstWindow()
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>
    }
    const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } =
      contents.getLastWebPreferences()
    return { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag }
  })
  expect(preferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  })
  const policy = await page.evaluate(() =>
    fetch('/index.html').then((a) => a.headers.get('content-security-policy')),
  )
  expect(policy).toContain("default-src 'none'")
  // wasm may be compiled; text may not be run
  expect(policy?.replace("'wasm-unsafe-eval'", '')).not.toContain('unsafe')

  await app.evaluate(({ BrowserWindow }) => {
    const visited: string[] = []
    ;(globalThis as { visited?: string[] }).visited = visited
    BrowserWindow.getAllWindows()[0]?.webContents.on('did-navigate', (_event, url) => visited.push(url))
  })
  const visited = (): Promise<string[]> =>
    app.evaluate(() => (globalThis as { visited?: string[] }).visited ?? [])
  await page.evaluate(() => void (window.location.href = 'about:blank')).catch(() => undefined)
  // The one address that Chromium asks nobody about: the window leaves it at once.
  await expect.poll(visited).toEqual(['about:blank', 'app://duplex/index.html'])
  await app.close()
})

test('a core that dies is started again, and the window goes on', async ({ world }) => {
  const alice = await world.person('Alice', 'electron')
  await firstRun(alice)
  const before = corePid(alice.dataDir)
  process.kill(before ?? 0, 'SIGKILL')
  await expect.poll(() => corePid(alice.dataDir) ?? before).not.toBe(before)
  await expect(alice.page.getByTestId('net-status')).toBeHidden()
  await alice.page.getByTestId('new-chat').click()
  await expect(alice.page.getByTestId('invite-card')).toHaveAttribute('data-state', 'unused')
})

/** The core of a person in Electron, found from outside. */
function corePid(dataDir: string): number | null {
  const processes = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n')
  const core = processes.find((line) => line.includes('headless.ts') && line.includes(dataDir))
  return core === undefined ? null : Number(core.trim().split(' ')[0])
}

test('DSK-1: a second start on the same folder ends, and raises the first window', async ({ folder }) => {
  const first = await launchElectron(`${folder}/one`, [])
  await first.firstWindow()
  await first.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize())
  const second = spawn(
    process.env['DUPLEX_ELECTRON'] ?? '',
    [...rootSwitches(), root, '--data', `${folder}/one`],
    {
      stdio: 'ignore',
    },
  )
  expect(await new Promise((resolve) => second.once('exit', resolve))).toBe(0)
  await expect
    .poll(() => first.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized()))
    .toBe(false)
  await first.close()
})

test('without a Node binary the core runs as a thread, and says so', async ({ folder }) => {
  process.env['DUPLEX_CORE'] = 'thread'
  try {
    const app = await launchElectron(`${folder}/thread`, [])
    const page = await app.firstWindow()
    await expect(page.getByTestId('onb-welcome')).toBeVisible()
    await page.getByRole('button', { name: 'Create profile' }).click()
    await page.getByLabel('Your name').fill('Alice')
    await page.keyboard.press('Enter')
    await expect(page.getByTestId('onb-relays')).toBeVisible()
    await app.close()
  } finally {
    delete process.env['DUPLEX_CORE']
  }
})

/** First run up to the empty chats, on the relay of this computer: the others are out of a test's reach. */
async function firstRunHere(person: Person): Promise<void> {
  await makeProfile(person)
  await person.page.getByRole('radio', { name: 'This computer' }).click()
  await person.page.getByTestId('onb-relays').getByRole('button', { name: 'Continue' }).click()
  await expect(person.page.getByTestId('chats-empty')).toBeVisible()
}

for (const kind of ['electron', 'browser'] satisfies HostKind[])
  test(`DSK-2 in ${kind}: two folders run side by side, each named in its title, and connect to each other`, async ({
    world,
  }) => {
    const alice = await world.person('Alice', kind, [])
    const bob = await world.person('Bob', kind, [])
    for (const person of [alice, bob]) await firstRunHere(person)
    for (const person of [alice, bob]) await expect.poll(() => person.title()).toBe(`Duplex (${person.who})`)
    await test.step('flows 7: a relay that nobody here knows is named in full, and asked when Bob says so', async () => {
      const link = await invite(alice, 'Bob')
      await pasteInSearch(bob, link)
      const question = bob.page.getByTestId('connect-relay')
      await expect(question).toContainText('127.0.0.1')
      await question.getByRole('button', { name: 'Cancel' }).click()
      await expect(dialogOf(bob)).toHaveCount(0)
      await pasteInSearch(bob, link)
      await askRelay(bob)
      await confirm(bob, 'Alice')
      await expectConnected(alice, bob)
      await openRow(alice, 'Bob')
    })
    await send(alice, 'over the relay of this computer')
    await agree(texts(bob, 'in')).toHaveText(['over the relay of this computer'])
  })

test('a window that crashes comes back and says so, and what is left of it stays in the data folder', async ({
  world,
}) => {
  const alice = await world.person('Alice', 'electron')
  await firstRun(alice)
  await alice.main?.(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    const loaded = new Promise((resolve) => contents?.once('did-finish-load', () => resolve(null)))
    contents?.forcefullyCrashRenderer()
    await loaded
  })
  // Playwright holds a page that crashed for lost, so the window is asked by way of its shell.
  const shown = () =>
    alice.main?.(
      ({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
          'document.body.innerText',
        ) as Promise<string>,
    )
  await expect.poll(shown).toContain('This window crashed and was opened again. Your chats are safe')
  await expect.poll(shown).toContain('Nobody can reach you yet')
  const crashes = `${alice.dataDir}/window/crashes`
  const list = readFileSync(`${crashes}/list.jsonl`, 'utf8').trim().split('\n')
  expect(list.map((line) => (JSON.parse(line) as { what: string }).what)).toEqual(['window'])
  expect(list.join('\n')).not.toMatch(/Alice|\/tmp/)
  const upload = await alice.main?.(({ crashReporter }) => crashReporter.getUploadToServer())
  expect(upload).toBe(false)
})

test('a core that dies again and again is started more patiently, and is there again', async ({ world }) => {
  const alice = await world.person('Alice', 'electron')
  await firstRun(alice)
  for (let death = 0; death < 2; death++) {
    const before = corePid(alice.dataDir)
    process.kill(before ?? 0, 'SIGKILL')
    await expect.poll(() => corePid(alice.dataDir) ?? before).not.toBe(before)
    await expect(alice.page.getByTestId('net-status')).toBeHidden()
  }
  const list = readFileSync(`${alice.dataDir}/window/crashes/list.jsonl`, 'utf8')
  expect(list.match(/"what":"core","code":null,"signal":"SIGKILL"/g)).toHaveLength(2)
})

test('the core of the window inherits nothing that opens a debugger in it', async ({ folder }) => {
  test.skip(process.platform !== 'linux', 'what a process inherited stands in /proc')
  process.env['NODE_OPTIONS'] = '--inspect=0'
  try {
    const app = await launchElectron(`${folder}/inherits`, [])
    await expect((await app.firstWindow()).getByTestId('onb-welcome')).toBeVisible()
    const pid = corePid(`${folder}/inherits`)
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
    expect(environment.filter((line) => /^(?:NODE_|ELECTRON_)/.test(line))).toEqual([])
    expect(readFileSync(`/proc/${pid}/cmdline`, 'latin1')).toContain('--disable-sigusr1')
    await app.close()
  } finally {
    delete process.env['NODE_OPTIONS']
  }
})

test('the window opens no debugger by a signal, and a closed terminal ends it with code 0', async ({
  folder,
}) => {
  test.skip(process.platform === 'win32', 'there are no such signals')
  const args = [...rootSwitches(), root, '--data', `${folder}/signals`]
  const program = spawn(process.env['DUPLEX_ELECTRON'] ?? '', args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const ready = new Promise((resolve) => {
    program.stdout.on('data', (text: Buffer) => String(text).includes('host.ready') && resolve(null))
  })
  program.stderr.on('data', (text: Buffer) => (said += String(text)))
  const ended = new Promise((resolve) => program.once('close', resolve))
  await ready
  program.kill('SIGUSR1')
  program.kill('SIGHUP')
  expect(await ended).toBe(0)
  expect(said).not.toMatch(/debugger/i)
})
