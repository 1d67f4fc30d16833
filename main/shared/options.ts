import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

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

export class OptionsError extends Error {}

const known = {
  data: { type: 'string' },
  relay: { type: 'string', multiple: true },
  browser: { type: 'boolean' },
  port: { type: 'string' },
  'no-open': { type: 'boolean' },
} as const

/** What the last argument may begin with: the schemes of connection links, and the web form of them. agent.md 5.1 */
const LINK = /^(?:duplex|simplex|https?):/i

/**
 * Reads the command line. `lenient` is for the Electron process, whose arguments also hold switches of Chromium
 * and the path of the app; everywhere else an unknown word is an error, since it may be a misspelt `--relay`.
 *
 * A link comes from anywhere, also from a web page through the system: nothing that follows it is read as an option.
 */
export function parseHostOptions(args: readonly string[], mode: 'strict' | 'lenient'): HostOptions {
  const at = args.findIndex((arg) => LINK.test(arg))
  if (at >= 0 && at < args.length - 1 && mode === 'strict')
    throw new OptionsError('a link stands last, after all options')
  const parsed = readArgs(at < 0 ? args : args.slice(0, at), mode)
  const data = text(parsed['data'])
  const port = text(parsed['port'])
  return {
    dataDir: resolve(data ?? defaultDataDir(process.platform, process.env)),
    dataGiven: data !== undefined,
    relays: list(parsed['relay']),
    browser: parsed['browser'] === true,
    port: port === undefined ? 0 : portNumber(port),
    open: parsed['no-open'] !== true,
    link: args[at] ?? null,
  }
}

/** The arguments that make another process of ours work on the same folder and relays. */
export function coreArguments(options: Pick<HostOptions, 'dataDir' | 'relays'>): string[] {
  return ['--data', options.dataDir, ...options.relays.flatMap((address) => ['--relay', address])]
}

/** Where a program keeps its data by each system's own habit. */
export function defaultDataDir(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string {
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Duplex')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Duplex')
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'duplex')
}

type Values = Record<string, unknown>

function readArgs(args: readonly string[], mode: 'strict' | 'lenient'): Values {
  try {
    return parseArgs({
      args: [...args],
      options: known,
      strict: mode === 'strict',
      allowPositionals: mode === 'lenient',
    }).values
  } catch (cause) {
    throw new OptionsError(cause instanceof Error ? cause.message : 'the arguments cannot be read', { cause })
  }
}

function portNumber(value: string): number {
  const port = Number(value)
  if (!/^\d{1,5}$/.test(value) || port > 65_535)
    throw new OptionsError('--port takes a number from 0 to 65535')
  return port
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const list = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
