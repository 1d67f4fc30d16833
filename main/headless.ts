/** The contract on stdin and stdout, one JSON object a line; logs on stderr. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ContractFailure } from '#core/contract'
import { EXIT_FOLDER_IN_USE, FolderInUse } from './shared/data-lock.ts'
import { serveDoor } from './shared/door.ts'
import { watchLauncher } from './shared/launcher.ts'
import { onLines } from './shared/lines.ts'
import { stderrLog } from './shared/log-sink.ts'
import { openCore } from './shared/open-core.ts'

/** A clean stop takes at most 5 s (api.md, "Programs"); what is not done by then is durable anyway. */
const STOP_MS = 4_500
const EXIT_USAGE = 64 // sysexits.h, EX_USAGE

async function main(): Promise<void> {
  // Whatever is written belongs to the owner of the folder alone.
  process.umask(0o077)
  const { dataDir, relays } = readArguments()
  const log = stderrLog(process.env['DUPLEX_LOG'] === 'debug' ? 'debug' : 'info')
  // Lines that come before the core is up wait in the stream, which nobody reads yet.
  const core = await openCore({ dataDir, relays, log: log.child('core') })

  let receive: (message: unknown) => void = () => {}
  const send = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`)
  send({ event: 'app.ready', data: core.ready })
  const door = serveDoor(core, { send, onMessage: (listener) => void (receive = listener) })
  onLines(process.stdin, (line) => receive(line))

  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(0), STOP_MS).unref()
    door.close()
    core.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.stdin.on('end', stop)
  process.stdin.on('error', stop)
  // Whoever read the answers is gone.
  process.stdout.on('error', stop)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
  watchLauncher(stop)
}

function readArguments(): { dataDir: string; relays: string[] } {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, relay: { type: 'string', multiple: true } },
  })
  if (values.data === undefined) throw new UsageError('headless needs --data DIR')
  return { dataDir: resolve(values.data), relays: values.relay ?? [] }
}

class UsageError extends Error {}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'the core could not start'}\n`)
  process.exitCode = exitCodeOf(error)
}

function exitCodeOf(error: unknown): number {
  if (error instanceof FolderInUse) return EXIT_FOLDER_IN_USE
  const usage = error instanceof UsageError || error instanceof ContractFailure
  return usage || (error as { code?: unknown }).code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? EXIT_USAGE : 1
}
