import { fstatSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { isAppError, systemClock } from '#core/base'
import { systemRandom } from '#core/crypto'
import { formatRelayAddress } from '#core/protocol'
import { type Relay, createRelay } from '#core/relay'
import { EXIT_FOLDER_IN_USE, FolderInUse, lockFolder } from './shared/data-lock.ts'
import { watchLauncher } from './shared/launcher.ts'
import { stderrLog } from './shared/log-sink.ts'

/* A relay alone: `npm run --silent relay -- --data DIR [--host H] [--port N] [--password P]`. api.md, "Programs" */

const USAGE = 'usage: relay --data DIR [--host H] [--port N] [--password P]'
const EXIT_USAGE = 64
/** A stop that takes longer than this is not going to end by itself. api.md allows 5 s. */
const STOP_LIMIT = 4_500
/** How often a relay that npm started looks whether npm is still there, ms. */
const PARENT_CHECK = 500

/** Read before the long part of the start, in which it may go. */
const parent = process.ppid

class UsageError extends Error {}

function readOptions(args: string[]) {
  const options = {
    data: { type: 'string' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '0' },
    password: { type: 'string' },
  } as const
  const { values } = parse(() => parseArgs({ args, options, strict: true }))
  const port = Number(values.port)
  if (!values.data) throw new UsageError('--data is missing')
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535)
    throw new UsageError('--port takes a number from 0 to 65535')
  // What an address can carry. smp.md 8
  if (values.password !== undefined && !/^[^\s\p{C}@:/]+$/u.test(values.password))
    throw new UsageError('--password takes printable characters, none of them a space, @, : or /')
  return { dataDir: resolve(values.data), host: values.host, port, password: values.password ?? null }
}

function parse<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : 'the arguments cannot be read', { cause })
  }
}

/** Signals, and the end of stdin where somebody holds its other end: `/dev/null` and a terminal say nothing by ending. */
function onStop(stop: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
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

function stopOnce(relay: Relay, release: () => void): () => void {
  let stopping = false
  return () => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), STOP_LIMIT).unref()
    relay.stop().then(
      () => {
        release()
        process.exit(0)
      },
      () => process.exit(1),
    )
  }
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  const lock = lockFolder(options.dataDir)
  const log = stderrLog().child('relay')
  const relay = await createRelay({ ...options, clock: systemClock, random: systemRandom, log })
  onStop(stopOnce(relay, () => lock.release()))
  const address = formatRelayAddress(relay.address, { password: true })
  process.stdout.write(`${JSON.stringify({ event: 'relay.ready', data: { address } })}\n`)
}

function exitCodeFor(error: unknown): number {
  if (error instanceof UsageError) return EXIT_USAGE
  // The app's embedded relay holds the database of its folder, but no lock of its own.
  const busy = isAppError(error, 'relay.store') && String(error.facts['reason']).startsWith('SQLITE_BUSY')
  return error instanceof FolderInUse || busy ? EXIT_FOLDER_IN_USE : 1
}

try {
  await main()
} catch (error) {
  const message = error instanceof Error ? error.message : 'the relay could not start'
  const facts = isAppError(error) ? ` ${JSON.stringify(error.facts)}` : ''
  process.stderr.write(`${message}${facts}\n`)
  if (error instanceof UsageError) process.stderr.write(`${USAGE}\n`)
  process.exit(exitCodeFor(error))
}
