/** The contract on stdin and stdout, one JSON object a line; logs on stderr. */
import { resolve } from 'node:path'
import { troubleText } from '#core/app'
import { ContractFailure } from '#core/contract'
import { UsageError, asksForHelp, folderNamed, readArguments } from './shared/arguments.ts'
import { serveDoor } from './shared/door.ts'
import { EXIT_FOLDER_IN_USE, EXIT_USAGE, exitCodeOfState } from './shared/exit-codes.ts'
import { onLines } from './shared/lines.ts'
import { stderrLog } from './shared/log-sink.ts'
import { openCore } from './shared/open-core.ts'
import { stopOnRequest } from './shared/stop.ts'

const USAGE = `usage: npm run --silent headless -- --data DIR [--relay URL]...

  --data DIR    the folder of this installation, made where it is missing
  --relay URL   a relay to use, as smp://fingerprint@host[:port]; may be given several times

One JSON object a line: calls on stdin, answers and events on stdout, logs on stderr. It ends when stdin ends.
Exit codes: 0; 2 another Duplex works on the folder; 64 the command line; and where the folder could not be used
until the end: 65 damaged, 74 disk full, 77 read-only, 78 written by a newer Duplex.`

async function main(): Promise<void> {
  // Whatever is written belongs to the owner of the folder alone.
  process.umask(0o077)
  const { dataDir, relays } = given(process.argv.slice(2))
  const log = stderrLog(process.env['DUPLEX_LOG'] === 'debug' ? 'debug' : 'info')
  // Lines that come before the core is up wait in the stream, which nobody reads yet.
  const core = await openCore({
    ...{ dataDir, relays, log: log.child('core') },
    mustExist: process.env['DUPLEX_FOLDER'] === 'existing',
  })
  if (core.trouble !== null) process.stderr.write(`${troubleText(core.trouble.cause)}\n`)
  // The window shows who is there, and waits for the folder; a script has to know at once.
  if (core.trouble?.state === 'in-use' && process.env['DUPLEX_STAY'] === undefined) {
    await core.stop()
    process.exit(EXIT_FOLDER_IN_USE)
  }

  let receive: (message: unknown) => void = () => {}
  const send = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`)
  // Before the first line: whoever reads it may say at once that this is enough.
  let closeDoor = (): void => undefined
  stopOnRequest(
    () => {
      closeDoor()
      return core.stop()
    },
    () => exitCodeOfState(core.trouble?.state ?? 'ready'),
    'always',
  )
  send({ event: 'app.ready', data: core.ready })
  const door = serveDoor(core, { send, onMessage: (listener) => void (receive = listener) })
  closeDoor = () => door.close()
  onLines(process.stdin, (line) => receive(line))
}

function given(args: readonly string[]): { dataDir: string; relays: string[] } {
  const flags = { data: { type: 'string' }, relay: { type: 'string', multiple: true } } as const
  const { values } = readArguments(args, flags, 'no words')
  if (typeof values['data'] !== 'string') throw new UsageError('headless needs --data DIR')
  const relays = Array.isArray(values['relay']) ? values['relay'].map(String) : []
  return { dataDir: resolve(folderNamed('data', values['data'])), relays }
}

if (asksForHelp(process.argv.slice(2))) process.stdout.write(`${USAGE}\n`)
else {
  try {
    await main()
  } catch (error) {
    const usage = error instanceof UsageError || error instanceof ContractFailure
    process.stderr.write(`${error instanceof Error ? error.message : 'the core could not start'}\n`)
    if (usage) process.stderr.write(`${USAGE.split('\n')[0]}\n`)
    process.exit(usage ? EXIT_USAGE : 1)
  }
}
