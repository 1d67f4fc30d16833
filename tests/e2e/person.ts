import {
  _electron,
  expect,
  type Browser,
  type BrowserContext,
  type ElectronApplication,
  type Page,
} from '@playwright/test'
import { fileURLToPath } from 'node:url'
import { root, startProgram, type Program } from './programs.ts'

export type HostKind = 'browser' | 'electron'

/** Somebody with a Duplex of their own: a data folder, a host, a page. */
export interface Person {
  readonly who: string
  readonly kind: HostKind
  readonly dataDir: string
  page: Page
  /** Text of the clipboard, as another program would read it. */
  readClipboard(): Promise<string>
  writeClipboard(text: string): Promise<void>
  /** Titles of the notifications raised since the last start. */
  notifications(): Promise<string[]>
  /** Title of the window or tab. */
  title(): Promise<string>
  /** Only where there is a window of one's own. */
  minimize(): Promise<void>
  isMinimized(): Promise<boolean>
  /** Ends the host; the page goes with it. */
  stop(): Promise<void>
  start(): Promise<void>
  /** Runs in the main process of Electron. */
  main?: ElectronApplication['evaluate']
  /** Things that must not happen in any test: script errors, refusals of the content policy. */
  readonly problems: string[]
}

interface PersonOptions {
  who: string
  folder: string
  args: readonly string[]
  browser: Browser
  /** Of Electron; a browser has its own already. */
  switches?: readonly string[]
  /** Of the page in a browser; Electron decides by itself. */
  permissions?: readonly string[]
}

export async function openPerson(kind: HostKind, options: PersonOptions): Promise<Person> {
  const person = kind === 'browser' ? inBrowser(options) : inElectron(options)
  await person.start()
  return person
}

type Unstarted = Person

function base(kind: HostKind, { who, folder }: PersonOptions) {
  return {
    who,
    kind,
    dataDir: `${folder}/${who}`,
    page: undefined as unknown as Page,
    problems: [] as string[],
  }
}

function inBrowser(options: PersonOptions): Unstarted {
  let program: Program
  let context: BrowserContext | undefined
  const person: Person = {
    ...base('browser', options),
    readClipboard: () => person.page.evaluate(() => navigator.clipboard.readText()),
    writeClipboard: (text) => person.page.evaluate((value) => navigator.clipboard.writeText(value), text),
    notifications: () => person.page.evaluate(() => window.raised ?? []),
    title: () => person.page.title(),
    minimize: () => Promise.reject(new Error('a tab cannot be minimized')),
    isMinimized: () => Promise.resolve(false),
    async stop() {
      if (context !== undefined) await endTrace(context, person)
      await context?.close()
      context = undefined
      await program.stop()
    },
    async start() {
      const args = ['--browser', '--no-open', '--data', person.dataDir, ...options.args]
      program = await startProgram(
        'start.ts',
        args,
        'host.ready',
        `${options.folder}/logs/${options.who}.log`,
      )
      context = await options.browser.newContext({ viewport: { width: 1_180, height: 800 } })
      const url = new URL(String(program.ready['url']))
      const permissions = [
        'clipboard-read',
        'clipboard-write',
        'notifications',
        ...(options.permissions ?? []),
      ]
      await context.grantPermissions(permissions, { origin: url.origin })
      await context.addInitScript(countNotifications)
      await beginTrace(context)
      person.page = await context.newPage()
      watch(person)
      await person.page.goto(url.href)
    },
  }
  return person
}

function inElectron(options: PersonOptions): Unstarted {
  let app: ElectronApplication | undefined
  const person: Person = {
    ...base('electron', options),
    readClipboard: () => started(app).evaluate(async ({ clipboard }) => await clipboard.readText()),
    writeClipboard: (text) =>
      started(app).evaluate(async ({ clipboard }, value) => void (await clipboard.writeText(value)), text),
    notifications: () => started(app).evaluate(() => (globalThis as { raised?: string[] }).raised ?? []),
    title: () =>
      started(app).evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle() ?? ''),
    minimize: () =>
      started(app).evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize()),
    isMinimized: () =>
      started(app).evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized() ?? false),
    async stop() {
      if (app === undefined) return
      await endTrace(app.context(), person)
      await app.close()
      app = undefined
    },
    async start() {
      app = await launchElectron(person.dataDir, options.args, options.switches)
      person.main = app.evaluate.bind(app)
      await beginTrace(app.context())
      person.page = await app.firstWindow()
      watch(person)
    },
  }
  return person
}

/** Where the tests look at the main process of a person in Electron. */
export async function launchElectron(
  dataDir: string,
  args: readonly string[],
  switches: readonly string[] = [],
): Promise<ElectronApplication> {
  const launch = (): Promise<ElectronApplication> =>
    _electron.launch({
      executablePath: process.env['DUPLEX_ELECTRON'] ?? '',
      args: ['-r', FIRST, ...rootSwitches(), ...switches, root, '--data', dataDir, ...args],
    })
  // Seen once in 630 launches: it ends before its first line. Said aloud, so that more than that would be noticed.
  return launch().catch((error: unknown) => {
    if (!String(error).includes('Process failed to launch')) throw error
    console.error('Electron ended at its start and is started again:', error)
    return launch()
  })
}

const FIRST = fileURLToPath(new URL('electron-first.cjs', import.meta.url))

/** Chromium's sandbox does not work for the root user, as which tests in containers run. */
export function rootSwitches(): string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : []
}

function started(app: ElectronApplication | undefined): ElectronApplication {
  if (app === undefined) throw new Error('this person is not at the computer')
  return app
}

function watch(person: Person): void {
  person.page.on('pageerror', (error) => person.problems.push(`${person.who}: ${error.message}`))
  person.page.on('console', (message) => {
    if (/content security policy|refused to/i.test(message.text())) person.problems.push(message.text())
  })
}

declare global {
  interface Window {
    raised?: string[]
  }
}

/** Counts what the page raises and lets it raise it. */
function countNotifications(): void {
  const raised: string[] = []
  window.raised = raised
  window.Notification = class extends window.Notification {
    constructor(title: string, options?: NotificationOptions) {
      super(title, options)
      raised.push(title)
    }
  }
}

/** A trace copies the page before and after every step, on the page's own thread: only for whoever asks for it. */
const tracing = process.env['DUPLEX_TRACE'] !== undefined
let traces = 0

async function beginTrace(context: BrowserContext): Promise<void> {
  if (tracing) await context.tracing.start({ snapshots: true })
}

async function endTrace(context: BrowserContext, person: Person): Promise<void> {
  if (!tracing) return
  traces += 1
  await context.tracing.stop({ path: `${person.dataDir}-trace-${traces}.zip` }).catch(() => undefined)
}

/** Puts text on the clipboard and presses the paste key in the focused field, as a person does. */
export async function paste(person: Person, text: string): Promise<void> {
  await person.writeClipboard(text)
  await person.page.keyboard.press('ControlOrMeta+V')
}

/**
 * flows.md 0: two instances on one local relay agree within 5 s. That is meant for a computer of one's own; here two
 * hosts, a relay, a browser and the test share two cores, so three times as much is allowed.
 */
export const agree = expect.configure({ timeout: 15_000 })
