import { app, type BrowserWindow, dialog, Menu, session, type Session } from 'electron'
import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { coreArguments, parseHostOptions } from '../shared/options.ts'
import { findNodeBinary, startCore, type CoreState, type Message } from './core-process.ts'
import { createHostRequests } from './host-requests.ts'
import { serveIpc, tellPage } from './ipc.ts'
import { registerSchemes } from './link-schemes.ts'
import { lockContents, lockNetwork, lockSession } from './lockdown.ts'
import { applicationMenu } from './menu.ts'
import { createOutsideLinks } from './outside-links.ts'
import { registerPageScheme, servePage } from './page-protocol.ts'
import { createPageCalls } from './page-calls.ts'
import { openWindow } from './window.ts'

// This file is built into `dist/main`; the core and its modules stay sources, run by Node 24 as they are.
const built = fileURLToPath(new URL('..', import.meta.url))
const root = app.isPackaged
  ? join(process.resourcesPath, 'core')
  : fileURLToPath(new URL('../..', import.meta.url))
const options = parseHostOptions(process.argv.slice(1), 'lenient')

// For its owner alone, before Chromium makes it for everybody.
mkdirSync(options.dataDir, { recursive: true, mode: 0o700 })
// Chromium's own files live inside the data folder: two folders are two programs, and deleting one leaves nothing.
app.setPath('userData', join(options.dataDir, 'window'))
app.setPath('sessionData', join(options.dataDir, 'window'))

// A second start on the same folder gives its link to the first one, beside the arguments, which Chromium reorders.
if (app.requestSingleInstanceLock({ link: options.link })) run()
else app.exit(0)

function run(): void {
  const core = startCore({
    root,
    nodeBinary: process.env['DUPLEX_CORE'] === 'thread' ? null : findNodeBinary(root, process.resourcesPath),
    args: coreArguments(options),
    onMessage: received,
    onState: stateChanged,
  })
  const calls = createPageCalls()
  const outside = createOutsideLinks((text) => core.send(calls.own('app.openLink', { text })))
  let window: BrowserWindow | null = null
  let ready: Message | null = null

  // Chromium ends at once when both are asked of it; the tests run as the root user of a container.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  registerPageScheme()
  lockNetwork()
  lockContents()

  function received(message: Message): void {
    if (message['event'] === 'app.ready') ready = message
    const told = calls.inward(message)
    if (told !== null) tell(told)
  }

  function tell(message: Message): void {
    tellPage(window?.webContents ?? null, message)
  }

  function stateChanged(state: CoreState): void {
    if (state === 'running') tell({ host: 'coreBack' })
    if (state === 'restarting' || state === 'failed') {
      calls.forget()
      tell({ host: 'coreLost' })
    }
    if (state === 'degraded') void app.whenReady().then(sayDegraded)
    if (state === 'in-use' || state === 'failed') void app.whenReady().then(() => giveUp(state))
  }

  function show(): void {
    if (window === null) {
      if (app.isReady()) open()
      return
    }
    if (window.isMinimized()) window.restore()
    window.show()
    window.moveTop()
    window.focus()
    app.focus({ steal: true })
  }

  function fromOutside(link: unknown): void {
    outside.take(link)
    show()
  }

  function open(): void {
    window = openWindow({
      session: pageSession(),
      preload: join(built, 'preload', 'preload.cjs'),
      icon: join(built, 'icon.png'),
      title: options.dataGiven ? `Duplex (${basename(options.dataDir)})` : 'Duplex',
      placeFile: join(options.dataDir, 'window', 'place.json'),
    })
    // A page that starts anew has missed the first line of the core.
    window.webContents.on('did-start-navigation', (details) => {
      if (!details.isMainFrame) return
      calls.forget()
      outside.pageIsGone()
    })
    window.webContents.on('dom-ready', () => {
      if (ready !== null) tell(ready)
      outside.pageIsUp()
    })
    window.once('ready-to-show', () =>
      process.stdout.write('{"event":"host.ready","data":{"window":true}}\n'),
    )
    window.on('closed', () => {
      window = null
      outside.pageIsGone()
    })
  }

  const toHost = createHostRequests({ window: () => window, show, send: tell })
  serveIpc({
    contents: () => window?.webContents ?? null,
    toCore: (message) => core.send(calls.outward(message)),
    toHost,
  })

  void app.whenReady().then(async () => {
    await prepareSession()
    Menu.setApplicationMenu(applicationMenu())
    open()
    registerSchemes(options.dataGiven)
  })
  outside.take(options.link)
  followSystem({ show, fromOutside, stop: () => core.stop() })
}

const pageSession = (): Session => session.fromPartition('persist:duplex', { cache: false })

async function prepareSession(): Promise<void> {
  await lockSession(pageSession())
  servePage(pageSession(), join(built, 'renderer'))
}

interface Shell {
  show(): void
  fromOutside(link: unknown): void
  stop(): Promise<void>
}

/** What the system and other starts of this program ask of a running one. */
function followSystem(shell: Shell): void {
  let ended = false
  app.on('second-instance', (_event, _args, _folder, given) => shell.fromOutside(linkOf(given)))
  app.on('open-url', (event, url) => {
    event.preventDefault()
    shell.fromOutside(url)
  })
  app.on('activate', () => shell.show())
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('before-quit', (event) => {
    if (ended) return
    event.preventDefault()
    void shell.stop().finally(() => {
      ended = true
      app.quit()
    })
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit())
}

/** What a second start sent: another program of ours, perhaps of another version. */
function linkOf(given: unknown): unknown {
  return typeof given === 'object' && given !== null && 'link' in given ? given.link : null
}

function sayDegraded(): void {
  void dialog.showMessageBox({
    type: 'info',
    message: 'Duplex runs without its own Node program',
    detail:
      'It works, but more slowly, and relays whose certificate is of the kind Ed448 cannot be reached. Installing Duplex again mends this.',
    buttons: ['Go on'],
  })
}

function giveUp(state: 'in-use' | 'failed'): void {
  const [title, text] =
    state === 'in-use'
      ? [
          'This folder is in use',
          `Another Duplex already works on ${options.dataDir}. Close it first, or choose another folder with --data.`,
        ]
      : [
          'Duplex cannot go on',
          'The part that talks to relays stopped several times. Your data is kept. Please start Duplex again.',
        ]
  dialog.showErrorBox(title, text)
  app.exit(state === 'in-use' ? 2 : 1)
}
