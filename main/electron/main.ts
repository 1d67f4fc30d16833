import type { App } from '#core/contract'
import { app, type BrowserWindow, Menu, powerMonitor, session, type Session } from 'electron'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exitCodeOfState, EXIT_USAGE } from '../shared/exit-codes.ts'
import { asksForHelp } from '../shared/arguments.ts'
import { coreArguments, mustExist, parseHostOptions, USAGE, type HostOptions } from '../shared/options.ts'
import { serveContextMenu } from './context-menu.ts'
import { findNodeBinary, startCore, type CoreState, type Message } from './core-process.ts'
import { followCrashes, keepCrashReports, noteCrash } from './crashes.ts'
import { folderDeeds, windowFolder } from './data-folder.ts'
import { createHostRequests } from './host-requests.ts'
import { sayDegraded, sayFailing } from './warnings.ts'
import { serveIpc, tellPage } from './ipc.ts'
import { registerSchemes } from './link-schemes.ts'
import { lockContents, lockNetwork, lockSession } from './lockdown.ts'
import { applicationMenu } from './menu.ts'
import { createOutsideLinks } from './outside-links.ts'
import { registerPageScheme, servePage } from './page-protocol.ts'
import { createPageCalls } from './page-calls.ts'
import { openWindow } from './window.ts'

// The signal by which Node opens a debugger; in a package it is shut off for good (electron-builder.yml).
if (process.platform !== 'win32') process.on('SIGUSR1', () => undefined)

// This file is built into `dist/main`; the core and its modules stay sources, run by Node 24 as they are.
const built = fileURLToPath(new URL('..', import.meta.url))
const root = app.isPackaged
  ? join(process.resourcesPath, 'core')
  : fileURLToPath(new URL('../..', import.meta.url))
const options = given()
const windowFiles = windowFolder(options)
const crashes = join(windowFiles, 'crashes')
app.setPath('userData', windowFiles)
app.setPath('sessionData', windowFiles)
keepCrashReports(crashes)

// A second start on the same folder gives its link to the first one, beside the arguments, which Chromium reorders.
if (app.requestSingleInstanceLock({ link: options.link })) run()
else app.exit(0)

/** A command line that cannot be meant ends here, with a sentence; so does a question for help. */
function given(): HostOptions {
  const args = process.argv.slice(1)
  try {
    if (!asksForHelp(args)) return parseHostOptions(args, 'lenient')
    process.stdout.write(`${USAGE}\n`)
    process.exit(0)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'Duplex could not start'}\n${USAGE}\n`)
    process.exit(EXIT_USAGE)
  }
}

function coreOptions() {
  return {
    root,
    nodeBinary: process.env['DUPLEX_CORE'] === 'thread' ? null : findNodeBinary(root, process.resourcesPath),
    args: coreArguments(options),
    mustExist: mustExist(options),
    onDeath: (code: number | null, signal: string | null) =>
      noteCrash(crashes, { what: 'core', code, signal }),
  }
}

function run(): void {
  const core = startCore({ ...coreOptions(), onMessage: received, onState: stateChanged })
  const calls = createPageCalls()
  const outside = createOutsideLinks((text) => core.send(calls.own('app.openLink', { text })))
  let window: BrowserWindow | null = null
  let ready: Message | null = null
  let folderState: App['state'] = 'ready'

  // Chromium ends at once when both are asked of it; the tests run as the root user of a container.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  registerPageScheme()
  lockNetwork()
  lockContents()

  function received(message: Message): void {
    if (message['event'] === 'app.ready') ready = message
    folderState = stateOf(message) ?? folderState
    const told = calls.inward(message)
    if (told !== null) tell(told)
  }

  function tell(message: Message): void {
    tellPage(window?.webContents ?? null, message)
  }

  function stateChanged(state: CoreState): void {
    if (state === 'running') tell({ host: 'coreBack' })
    if (state === 'restarting' || state === 'failing') {
      calls.forget()
      tell({ host: 'coreLost' })
    }
    if (state === 'degraded') void app.whenReady().then(sayDegraded)
    if (state === 'failing') void app.whenReady().then(() => sayFailing(window))
    if (state === 'usage') app.exit(EXIT_USAGE)
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
      placeFile: join(windowFiles, 'place.json'),
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
    followCrashes(window, crashes, () => tell({ host: 'windowBack' }))
    window.on('closed', () => {
      window = null
      outside.pageIsGone()
    })
  }

  const folder = folderDeeds(options, { window: () => window, stop: () => core.stop() })
  const menuWords = serveContextMenu()
  const toHost = createHostRequests({ window: () => window, show, send: tell, folder, menuWords })
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
    followPower(() => core.send(calls.own('network.retry', {})))
  })
  outside.take(options.link)
  followSystem({ show, fromOutside, stop: () => core.stop(), code: () => exitCodeOfState(folderState) })
}

const pageSession = (): Session => session.fromPartition('persist:duplex', { cache: false })

async function prepareSession(): Promise<void> {
  await lockSession(pageSession())
  servePage(pageSession(), join(built, 'renderer'))
}

/** After sleep, connections are dead and dates may be past, and no timer of the core has counted that time. */
function followPower(wake: () => void): void {
  powerMonitor.on('resume', wake)
  powerMonitor.on('unlock-screen', wake)
}

interface Shell {
  show(): void
  fromOutside(link: unknown): void
  stop(): Promise<void>
  /** What the program ends with. */
  code(): number
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
  app.on('will-quit', () => {
    if (shell.code() !== 0) app.exit(shell.code())
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())
  // Who read what is said here is gone: a terminal that was closed ends nothing by that.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}

/** What a second start sent: another program of ours, perhaps of another version. */
function linkOf(given: unknown): unknown {
  return typeof given === 'object' && given !== null && 'link' in given ? given.link : null
}

/** The state of the data folder, where a message of the core tells it. */
function stateOf({ event, data }: Message): App['state'] | null {
  if (event !== 'app.ready' && event !== 'app.state') return null
  return (data as { state?: App['state'] } | undefined)?.state ?? null
}
