import { fstatSync } from 'node:fs'
import { isAppError, systemClock } from '#core/base'
import type { Log } from '#core/base'
import { systemRandom } from '#core/crypto'
import { formatRelayAddress } from '#core/protocol'
import { type Relay, type WebDoors, createRelay, identityExists } from '#core/relay'
import { backUp, block, rotate } from './relay/commands.ts'
import { serveControl } from './relay/control.ts'
import { openHttp } from './relay/http.ts'
import { landingAnswers } from './relay/landing.ts'
import { METRICS_TYPE, metricsOf } from './relay/metrics.ts'
import { type RelaySettings, USAGE, UsageError, readCommand } from './relay/settings.ts'
import { asksForHelp } from './shared/arguments.ts'
import { FolderInUse, lockFolder } from './shared/data-lock.ts'
import { EXIT_FOLDER_IN_USE, EXIT_USAGE } from './shared/exit-codes.ts'
import { watchLauncher } from './shared/launcher.ts'
import { stderrLog } from './shared/log-sink.ts'
import { toleratesLostLogs } from './shared/stop.ts'

/* A relay alone: `npm run --silent relay -- --data DIR ...`. api.md, "Programs"; packaging/RELAY.md for whoever runs one. */

/** A stop that takes longer than this is not going to end by itself. api.md allows 5 s. */
const STOP_LIMIT = 4_500
/** How often a relay that npm started looks whether npm is still there, ms. */
const PARENT_CHECK = 500

/** Read before the long part of the start, in which it may go. */
const parent = process.ppid

/** Signals, and the end of stdin where somebody holds its other end: `/dev/null` and a terminal say nothing by ending. */
function onStop(stop: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
  // Who read the address is gone, or the terminal is.
  process.stdout.on('error', stop)
  toleratesLostLogs()
  watchLauncher(stop)
  stopWithNpm(stop)
  const stdin = fstatSync(0, { throwIfNoEntry: false })
  if (!stdin?.isFIFO() && !stdin?.isSocket()) return
  process.stdin.on('end', stop).on('error', stop)
  process.stdin.resume()
}

/** npm passes a signal to its shell, which dies of it without passing it on: nobody could stop the relay any more. */
function stopWithNpm(stop: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return
  setInterval(() => {
    if (process.ppid !== parent) stop()
  }, PARENT_CHECK).unref()
}

/** What stops in reverse order of its start. */
type Closing = () => Promise<void> | void

function stopOnce(closings: Closing[]): () => void {
  let stopping = false
  return () => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), STOP_LIMIT).unref()
    closeAll(closings).then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
}

async function closeAll(closings: Closing[]): Promise<void> {
  for (const close of closings.toReversed()) await close()
}

async function run(settings: RelaySettings): Promise<void> {
  const { dataDir, host, port, password, storage, limits, logLevel } = settings
  const lock = lockFolder(dataDir)
  const log = stderrLog(logLevel).child('relay')
  const first = !identityExists(dataDir)
  const deps = { clock: systemClock, random: systemRandom, log }
  const relay = await createRelay({
    ...{ dataDir, host, port, password, storage, limits },
    ...webOf(settings),
    ...deps,
  })
  const closings: Closing[] = [() => lock.release(), () => relay.stop()]
  onStop(stopOnce(closings))
  // A service is told to look at its folder again; in a terminal the same signal says that it was closed.
  const inTerminal = process.stdin.isTTY
  process.on('SIGHUP', () => (inTerminal ? process.kill(process.pid, 'SIGTERM') : reload(relay, log)))
  try {
    const urls = await openDoors(settings, relay, log, closings)
    const hosts = settings.names ?? relay.address.hosts
    const address = formatRelayAddress({ ...relay.address, hosts }, { password: true })
    if (first) process.stderr.write(CA_KEY_ADVICE)
    process.stdout.write(`${JSON.stringify({ event: 'relay.ready', data: { address, ...urls } })}\n`)
  } catch (error) {
    await closeAll(closings)
    throw error
  }
}

function webOf({ wsPort, wssPort, webTls }: RelaySettings): WebDoors {
  return {
    ...(wsPort !== null && { wsPort }),
    ...(wssPort !== null && { wssPort }),
    ...(webTls && { webTls }),
  }
}

/** Everything besides the relay's own ports; the URLs stand in `relay.ready`. */
async function openDoors(settings: RelaySettings, relay: Relay, log: Log, closings: Closing[]) {
  const { ws, wss } = relay.web
  const urls: Partial<Record<'web' | 'ws' | 'wss' | 'metrics', string>> = {
    ...(ws !== null && { ws }),
    ...(wss !== null && { wss }),
  }
  const { dataDir, webHost, webPort, metricsPort, download } = settings
  const control = await serveControl(dataDir, {
    backup: (file) => relay.backup(file),
    reload: () => relay.reload(),
    setBlocked: (id, blocking) => relay.setBlocked(id, blocking),
  })
  if (control) closings.push(() => control.close())
  else log.warn('relay.no-control', { reason: 'the path of the data folder is too long for a socket' })
  if (webPort !== null) {
    const web = await openHttp({ host: webHost, port: webPort }, await landingAnswers(download))
    closings.push(() => web.close())
    urls.web = web.url
  }
  if (metricsPort !== null) {
    const text = metricsOf(() => relay.stats(), dataDir)
    const headers = { 'Content-Type': METRICS_TYPE, 'Cache-Control': 'no-store' }
    const metrics = await openHttp({ host: '127.0.0.1', port: metricsPort, ownNames: true }, (path) =>
      path === '/metrics' ? { status: 200, headers, body: text() } : null,
    )
    closings.push(() => metrics.close())
    urls.metrics = `${metrics.url}/metrics`
  }
  return urls
}

/** After `rotate`, where the relay could not be told. */
function reload(relay: Relay, log: Log): void {
  try {
    relay.reload()
  } catch (error) {
    log.error('relay.not-reloaded', { code: isAppError(error) ? error.code : 'unexpected' })
  }
}

const SENTENCES: readonly (readonly [code: RegExp, sentence: string])[] = [
  [/^EADDRINUSE$/, 'another program listens on this port: choose another with --port, or end that one'],
  [/^EADDRNOTAVAIL$/, 'this computer has no such address: choose another with --host'],
  [/^(?:ENOSPC|EDQUOT|SQLITE_FULL)$/, 'the disk with the data folder is full: make room, nothing was lost'],
  [
    /^(?:EACCES|EPERM|EROFS|SQLITE_READONLY\w*)$/,
    'this may not be used here (the data folder must be writable, ports under 1024 need a right of their own)',
  ],
  [
    /^(?:SQLITE_NOTADB|SQLITE_CORRUPT\w*)$/,
    'relay.db in the data folder is damaged or no database; nothing was changed: put a backup in its place, or use another folder',
  ],
  [
    /^(?:ENOENT|ENOTDIR|EEXIST|ELOOP|ENAMETOOLONG)$/,
    'the data folder cannot be made there: name another with --data',
  ],
]

const CA_KEY_ADVICE = `This relay has a new identity. Whoever holds identity/ca.key in its data folder can answer in its name:
move that file to a place that is not online (keep a copy), the relay runs without it. It is needed again only for
"relay rotate --data DIR --ca-key FILE", which makes a new online certificate under the same address.
`

async function main(): Promise<void> {
  const command = readCommand(process.argv.slice(2))
  switch (command.name) {
    case 'run':
      return run(command.settings)
    case 'backup':
      return backUp(command.dataDir, command.file)
    case 'rotate':
      return rotate(command.dataDir, command.caKey)
    case 'block':
      return block(command.dataDir, command.queue, command.blocking)
  }
}

function exitCodeFor(error: unknown): number {
  if (error instanceof UsageError) return EXIT_USAGE
  // The app's embedded relay holds the database of its folder, but no lock of its own.
  const busy = isAppError(error, 'relay.store') && String(error.facts['reason']).startsWith('SQLITE_BUSY')
  return error instanceof FolderInUse || busy ? EXIT_FOLDER_IN_USE : 1
}

if (asksForHelp(process.argv.slice(2))) process.stdout.write(`${USAGE}\n`)
else await main().catch(fail)

function fail(error: unknown): void {
  process.stderr.write(`${sentenceOf(error)}\n`)
  if (error instanceof UsageError) process.stderr.write(`${USAGE}\n`)
  process.exit(exitCodeFor(error))
}

function sentenceOf(error: unknown): string {
  const code = isAppError(error)
    ? String(error.facts['reason'] ?? error.facts['result'] ?? '')
    : String((error as { code?: unknown } | null)?.code ?? '')
  const known = SENTENCES.find(([which]) => which.test(code))
  if (known !== undefined) return `${known[1]} (${code})`
  const message = error instanceof Error ? error.message : 'the relay could not start'
  const facts =
    isAppError(error) && Object.keys(error.facts).length > 0 ? ` ${JSON.stringify(error.facts)}` : ''
  return `${message}${facts}`
}
