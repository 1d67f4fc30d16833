import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseHost } from '#core/protocol'
import { type Blocking, DEFAULT_LIMITS, type RelayLimits } from '#core/relay'
import { UsageError, folderNamed, nearestOf, readArguments } from '../shared/arguments.ts'

/* What a relay is told: flags, or the same names in a JSON file, where the limits stand too. Flags win. */

export const USAGE = `usage: relay --data DIR [--host H] [--name H[,H]] [--port N] [--password P] [--config FILE]
             [--ws-port N] [--wss-port N] [--web-cert FILE --web-key FILE]
             [--web-port N] [--web-host H] [--download URL] [--metrics-port N] [--log-level L]
             [--storage disk|memory]
       relay backup FILE --data DIR
       relay rotate --data DIR [--ca-key FILE]
       relay block --queue=ID --reason spam|content [--ttl SECONDS] --data DIR
       relay unblock --queue=ID --data DIR

A relay of the folder DIR. It says its address on stdout and runs until a signal; 0 is any free port. backup, rotate,
block and unblock work beside it. What each setting means: main/packaging/RELAY.md.`

export { UsageError }

export interface RelaySettings {
  readonly dataDir: string
  readonly host: string
  /** Host names for the address; null: what `host` says. */
  readonly names: readonly string[] | null
  /** 0: a free port that is then kept. */
  readonly port: number
  readonly password: string | null
  /** The page for people who open a link. Null: none; 0: any free port. */
  readonly webPort: number | null
  readonly webHost: string
  /** The WebSocket form of the protocol, without and with TLS. */
  readonly wsPort: number | null
  readonly wssPort: number | null
  /** PEM, for `wssPort`; null: the relay's own certificate. */
  readonly webTls: { readonly cert: string; readonly key: string } | null
  /** Where that page sends people who have no Duplex yet. */
  readonly download: string | null
  /** Figures, on 127.0.0.1 only. */
  readonly metricsPort: number | null
  readonly logLevel: LogLevel
  readonly storage: Storage
  readonly limits: Partial<RelayLimits>
}

export type RelayCommand =
  | { readonly name: 'run'; readonly settings: RelaySettings }
  | { readonly name: 'backup'; readonly dataDir: string; readonly file: string }
  | { readonly name: 'rotate'; readonly dataDir: string; readonly caKey: string | null }
  /** Null: opened again. */
  | {
      readonly name: 'block'
      readonly dataDir: string
      readonly queue: string
      readonly blocking: Blocking | null
    }

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
type LogLevel = (typeof LOG_LEVELS)[number]
const STORAGES = ['disk', 'memory'] as const
type Storage = (typeof STORAGES)[number]
const REASONS = ['spam', 'content'] as const
const COMMANDS = ['backup', 'rotate', 'block', 'unblock'] as const
/** Flags of commands, and what they belong to. */
const COMMAND_FLAGS: Readonly<Record<string, readonly string[]>> = {
  'ca-key': ['rotate'],
  queue: ['block', 'unblock'],
  reason: ['block'],
  ttl: ['block'],
}

/** Names as in the file; a flag is the same name in small letters with hyphens. */
const KEYS = [
  'data',
  'host',
  'name',
  'port',
  'password',
  'webPort',
  'webHost',
  'wsPort',
  'wssPort',
  'webCert',
  'webKey',
  'download',
  'metricsPort',
  'logLevel',
  'storage',
] as const
type Key = (typeof KEYS)[number]
/** Names of files and folders. */
const FILES: readonly Key[] = ['data', 'webCert', 'webKey']
type Given = Partial<Record<Key, string | number>>

const flagOf = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** Throws `UsageError`, which names what is wrong. */
export function readCommand(args: readonly string[]): RelayCommand {
  const { values, positionals } = parsed(args)
  const [name, file, ...more] = positionals
  const fromFile: FileSettings = values['config'] === undefined ? {} : readConfig(values['config'])
  const given: Given = { ...fromFile.given }
  for (const key of KEYS) {
    const value = values[flagOf(key)]
    if (value !== undefined) given[key] = value
  }
  const dataDir = resolve(folderNamed('data', textOf(given, 'data') ?? missing('--data is missing')))
  for (const [flag, owners] of Object.entries(COMMAND_FLAGS))
    if (values[flag] !== undefined && !owners.includes(name ?? ''))
      throw new UsageError(`--${flag} belongs to ${owners.join(' and ')}`)
  if (name === 'rotate' && file === undefined) return { name, dataDir, caKey: values['ca-key'] ?? null }
  if ((name === 'block' || name === 'unblock') && file === undefined)
    return {
      name: 'block',
      dataDir,
      queue: queueOf(values),
      blocking: name === 'block' ? blockingOf(values) : null,
    }
  if (name === 'backup' && more.length === 0)
    return { name, dataDir, file: resolve(file ?? missing('backup needs the name of a file')) }
  if (name !== undefined) {
    const nearest = nearestOf(name, COMMANDS)
    const meant = nearest === null || nearest === name ? '' : `. Did you mean ${nearest}?`
    throw new UsageError(`there is no command "${positionals.join(' ')}"${meant}`)
  }
  return { name: 'run', settings: settingsOf(dataDir, given, fromFile.limits ?? {}) }
}

function parsed(args: readonly string[]): {
  values: Record<string, string | undefined>
  positionals: string[]
} {
  const names = [...KEYS.map(flagOf), 'config', ...Object.keys(COMMAND_FLAGS)]
  const flags = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
  const { values, positionals } = readArguments(args, flags, 'words')
  return { values: values as Record<string, string | undefined>, positionals }
}

function settingsOf(dataDir: string, given: Given, limits: Partial<RelayLimits>): RelaySettings {
  return {
    dataDir,
    host: textOf(given, 'host') ?? '127.0.0.1',
    names: namesOf(given),
    port: portOf(given, 'port') ?? 0,
    password: passwordOf(given),
    webPort: portOf(given, 'webPort'),
    webHost: textOf(given, 'webHost') ?? '127.0.0.1',
    wsPort: portOf(given, 'wsPort'),
    wssPort: portOf(given, 'wssPort'),
    webTls: webTlsOf(given),
    download: downloadOf(given),
    metricsPort: portOf(given, 'metricsPort'),
    logLevel: oneOf(LOG_LEVELS, 'log-level', textOf(given, 'logLevel') ?? 'info'),
    storage: oneOf(STORAGES, 'storage', textOf(given, 'storage') ?? 'disk'),
    limits,
  }
}

/** As it stands in a link or an address, which is where an operator has it from. */
function queueOf({ queue }: Record<string, string | undefined>): string {
  if (queue === undefined || !/^[A-Za-z0-9_-]{32}$/.test(queue))
    throw new UsageError('--queue takes the id of a queue as it stands in its link: 32 characters')
  return queue
}

function blockingOf({ reason, ttl }: Record<string, string | undefined>): Blocking {
  if (ttl !== undefined && !/^\d{1,9}$/.test(ttl)) throw new UsageError('--ttl takes a number of seconds')
  const notice = ttl === undefined ? null : { ttl: Number(ttl) }
  return { reason: oneOf(REASONS, 'reason', reason ?? ''), notice }
}

function textOf(given: Given, key: Key): string | null {
  const value = given[key]
  if (value === undefined) return null
  if (typeof value !== 'string' || value === '') throw new UsageError(`--${flagOf(key)} takes a text`)
  return value
}

function portOf(given: Given, key: Key): number | null {
  const value = given[key]
  if (value === undefined) return null
  const port = Number(value)
  if (!/^\d{1,5}$/.test(String(value)) || port > 65_535)
    throw new UsageError(`--${flagOf(key)} takes a number from 0 to 65535`)
  return port
}

/** What an address can carry. smp.md 8 */
function passwordOf(given: Given): string | null {
  const password = textOf(given, 'password')
  if (password !== null && !/^[^\s\p{C}@:/]+$/u.test(password))
    throw new UsageError('--password takes printable characters, none of them a space, @, : or /')
  return password
}

function webTlsOf(given: Given): RelaySettings['webTls'] {
  const cert = textOf(given, 'webCert')
  const key = textOf(given, 'webKey')
  if (cert === null && key === null) return null
  if (cert === null || key === null) throw new UsageError('--web-cert and --web-key belong together')
  return { cert: pemIn('web-cert', cert), key: pemIn('web-key', key) }
}

function pemIn(flag: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new UsageError(`the file of --${flag} cannot be read`, { cause })
  }
}

function namesOf(given: Given): string[] | null {
  const names = textOf(given, 'name')?.split(',') ?? null
  if (names?.some((name) => parseHost(name) === null))
    throw new UsageError('--name takes host names, separated by commas')
  return names
}

function downloadOf(given: Given): string | null {
  const url = textOf(given, 'download')
  if (url !== null && !(URL.canParse(url) && new URL(url).protocol === 'https:'))
    throw new UsageError('--download takes an address that begins with https://')
  return url
}

function oneOf<T extends string>(all: readonly T[], flag: string, given: string): T {
  return all.find((each) => each === given) ?? missing(`--${flag} takes one of ${all.join(', ')}`)
}

function missing(what: string): never {
  throw new UsageError(what)
}

/* ---- the file */

interface FileSettings {
  readonly given?: Given
  readonly limits?: Partial<RelayLimits>
}

function readConfig(path: string): FileSettings {
  const all = objectIn(path)
  const given: Given = {}
  for (const [name, value] of Object.entries(all)) {
    if (name === 'limits') continue
    const key = KEYS.find((each) => each === name) ?? missing(`the config file has an unknown key "${name}"`)
    if (typeof value !== 'string' && typeof value !== 'number')
      throw new UsageError(`"${name}" in the config file takes a text or a number`)
    // What is named in a file is meant from where the file is.
    given[key] = FILES.includes(key) ? resolve(dirname(path), String(value)) : value
  }
  return { given, limits: limitsOf(all['limits'] ?? {}) }
}

function objectIn(path: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    // What a parser says may quote the file, which may hold a password.
    const what = cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read'
    throw new UsageError(`the config file ${what}`, { cause })
  }
  if (!isObject(value)) throw new UsageError('the config file must hold one JSON object')
  return value
}

function limitsOf(value: unknown): Partial<RelayLimits> {
  if (!isObject(value)) throw new UsageError('"limits" in the config file takes an object')
  for (const [name, limit] of Object.entries(value)) {
    const known = (DEFAULT_LIMITS as unknown as Record<string, unknown>)[name]
    if (known === undefined) throw new UsageError(`the config file has an unknown limit "${name}"`)
    const fits = typeof known === 'boolean' ? typeof limit === 'boolean' : isCount(limit)
    const wanted = typeof known === 'boolean' ? 'true or false' : 'a whole number above 0'
    if (!fits) throw new UsageError(`the limit "${name}" takes ${wanted}`)
  }
  return value
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) > 0
