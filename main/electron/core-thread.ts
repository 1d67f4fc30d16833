import { parentPort } from 'node:worker_threads'
import { ContractFailure } from '#core/contract'
import { serveDoor } from '../shared/door.ts'
import { EXIT_USAGE } from '../shared/exit-codes.ts'
import { stderrLog } from '../shared/log-sink.ts'
import { openCore } from '../shared/open-core.ts'
import { parseHostOptions } from '../shared/options.ts'

/**
 * The core as a thread of Electron, where there is no Node binary: the same program as `headless` with a message port
 * for a pipe. Slower, and out of reach of relays with Ed448 certificates; the shell says so.
 */
const port = parentPort
if (port !== null) await serve(port).catch(fail)

async function serve(pipe: NonNullable<typeof parentPort>): Promise<void> {
  const options = parseHostOptions(process.argv.slice(2), 'strict')
  const core = await openCore({ ...options, log: stderrLog().child('core') })
  pipe.postMessage({ event: 'app.ready', data: core.ready })
  const door = serveDoor(core, {
    send: (message) => pipe.postMessage(message),
    // What the door answers on stdio it answers here: the shell has checked nothing but who asks.
    onMessage: (fn) => void pipe.on('message', (message: unknown) => message !== null && fn(message)),
  })
  pipe.on('message', (message: unknown) => {
    if (message !== null) return
    door.close()
    void core.stop().then(() => process.exit(0))
  })
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : 'the core could not start'}\n`)
  process.exit(error instanceof ContractFailure ? EXIT_USAGE : 1)
}
