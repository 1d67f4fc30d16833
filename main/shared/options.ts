import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { type Flags, UsageError, folderNamed, portOf, readArguments } from './arguments.ts'
import { chosenFolder } from './folder.ts'

/** What the desktop hosts (Electron and browser) are told on the command line; the same names as `headless`. */
export interface HostOptions {
  dataDir: string
  /** False where the person gave no folder and the usual place of the system is used. */
  dataGiven: boolean
  relays: string[]
  browser: boolean
  port: number
  open: boolean
  /** A connection link from outside, as the last argument. */
  link: string | null
}

export const USAGE = `usage: npm start -- [--data DIR] [--relay URL]... [--browser [--port N] [--no-open]] [LINK]

  --data DIR    the folder of this installation, made where it is missing; two folders are two installations
  --relay URL   a relay to use, as smp://fingerprint@host[:port]; may be given several times
  --browser     the window in your browser, and not one of its own
  --port N      where the browser finds it on 127.0.0.1; without it, or with 0, any free port
  --no-open     opens no browser, only says the address
  LINK          a link to connect by: simplex:..., duplex:... or https://...; it stands last`

const known = {
  data: { type: 'string' },
  relay: { type: 'string', multiple: true },
  browser: { type: 'boolean' },
  port: { type: 'string' },
  'no-open': { type: 'boolean' },
} as const satisfies Flags

/** What the last argument may begin with: the schemes of connection links, and the web form of them. agent.md 5.1 */
const LINK = /^(?:duplex|simplex|https?):/i

/**
 * Reads the command line. `lenient` is for the Electron process, whose arguments also hold switches of Chromium
 * and the path of the app; everywhere else an unknown word is an error, since it may be a misspelt `--relay`.
 *
 * A link comes from anywhere, also from a web page through the system: nothing that follows it is read as an option.
 */
export function parseHostOptions(args: readonly string[], mode: 'strict' | 'lenient'): HostOptions {
  const at = args.findIndex((arg, index) => LINK.test(arg) && !isValue(args[index - 1]))
  if (at >= 0 && at < args.length - 1 && mode === 'strict')
    throw new UsageError('a link stands last, after all options')
  const before = at < 0 ? args : args.slice(0, at)
  const { values } = readArguments(mode === 'strict' ? before : ours(before), known, 'no words')
  const data = text(values['data'])
  return {
    dataDir: resolve(
      data === undefined ? (chosenFolder(usualFolder()) ?? usualFolder()) : folderNamed('data', data),
    ),
    dataGiven: data !== undefined,
    relays: list(values['relay']),
    browser: values['browser'] === true,
    port: portOf('port', text(values['port'])) ?? 0,
    open: values['no-open'] !== true,
    link: args[at] ?? null,
  }
}

export function usualFolder(): string {
  return resolve(defaultDataDir(process.platform, process.env))
}

/** One that was chosen is somewhere with somebody's data: where it is gone, nothing is begun in its place. */
export function mustExist({ dataDir, dataGiven }: Pick<HostOptions, 'dataDir' | 'dataGiven'>): boolean {
  return !dataGiven && dataDir !== usualFolder()
}

/** `--relay https://…` is a wrong address and no link. */
function isValue(before: string | undefined): boolean {
  return before === '--relay' || before === '--data'
}

/** Our options and their values, out of what Chromium and Electron are told as well. */
function ours(args: readonly string[]): string[] {
  const kept: string[] = []
  for (let i = 0; i < args.length; i++) {
    const [name = ''] = args[i]!.split('=')
    const flag = name.startsWith('--') ? (known as Flags)[name.slice(2)] : undefined
    if (flag === undefined) continue
    kept.push(args[i]!)
    if (flag.type === 'string' && name === args[i] && args[i + 1] !== undefined) kept.push(args[++i]!)
  }
  return kept
}

/** The arguments that make another process of ours work on the same folder and relays. */
export function coreArguments(options: Pick<HostOptions, 'dataDir' | 'relays'>): string[] {
  return ['--data', options.dataDir, ...options.relays.flatMap((address) => ['--relay', address])]
}

/** Where a program keeps its data by each system's own habit. A place that is no absolute path is none (XDG base directories). */
export function defaultDataDir(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string {
  const given = (name: string): string | undefined => {
    const path = env[name]
    return path !== undefined && (isAbsolute(path) || platform === 'win32') && path.trim() !== ''
      ? path
      : undefined
  }
  if (platform === 'win32') return join(given('APPDATA') ?? join(homedir(), 'AppData', 'Roaming'), 'Duplex')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Duplex')
  return join(given('XDG_DATA_HOME') ?? join(homedir(), '.local', 'share'), 'duplex')
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const list = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
