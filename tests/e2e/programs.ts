import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** One of our programs as a person starts it; what it says on stderr is kept in a file. */
export interface Program {
  /** Data of the event that it begins with. */
  ready: Record<string, unknown>
  child: ChildProcess
  stop(): Promise<void>
}

/** Starts `main/<script>` and waits for the event that says that it is ready. */
export async function startProgram(
  script: string,
  args: readonly string[],
  event: string,
  logFile: string,
  nodeOptions: readonly string[] = [],
): Promise<Program> {
  mkdirSync(dirname(logFile), { recursive: true })
  const child = spawn(process.execPath, [...nodeOptions, `${root}main/${script}`, ...args], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stderr.pipe(createWriteStream(logFile, { flags: 'a' }))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const ready = await new Promise<Record<string, unknown>>((resolve, reject) => {
    void ended.then((code) =>
      reject(new Error(`${script} ended with ${code} before it was ready, see ${logFile}`)),
    )
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as { event?: string; data?: Record<string, unknown> }
      if (said.event === event) resolve(said.data ?? {})
    })
  })
  return {
    ready,
    child,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await ended
    },
  }
}

export interface RelayProgram {
  address: string
  /** How many queues were ever made there: a link is one. */
  queuesMade(): Promise<number>
  stop(): Promise<void>
  /** The same relay again, at the same address. */
  start(): Promise<void>
}

export async function startRelay(folder: string): Promise<RelayProgram> {
  const run = (): Promise<Program> =>
    startProgram(
      'relay.ts',
      ['--data', `${folder}/relay`, '--metrics-port', '0'],
      'relay.ready',
      `${folder}/logs/relay.log`,
    )
  let program = await run()
  const address = String(program.ready['address'])
  return {
    address,
    async queuesMade() {
      const text = await (await fetch(String(program.ready['metrics']))).text()
      return Number(/^duplex_relay_queues_created_total (\d+)$/m.exec(text)?.[1])
    },
    stop: () => program.stop(),
    async start() {
      program = await run()
      if (program.ready['address'] !== address) throw new Error('the relay came back under another address')
    },
  }
}
