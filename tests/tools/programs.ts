/**
 * The real programs as child processes: `relay`, `headless`, `npm start -- --browser`. A test drives them by the contract alone,
 * kills them at will and reads their logs. Every program is ended when its owner says so; `endAll` ends what is left.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type {
  ContractError,
  EventName,
  Events,
  MethodName,
  Params,
  Result,
} from '../../core/contract/index.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Patience of a test with a program, ms; on a loaded machine a start alone takes seconds. */
const PATIENCE = 120_000

const running = new Set<Program>()

/** Ends every program that a test file left running. */
export async function endAll(): Promise<void> {
  await Promise.all([...running].map((program) => program.kill()))
}

export function tempDir(name = 'duplex'): string {
  return mkdtempSync(join(tmpdir(), `${name}-`))
}

export function filesUnder(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

export class CallFailed extends Error {
  readonly code: ContractError['code']
  readonly reason: string | undefined
  readonly details: NonNullable<ContractError['details']>

  constructor(method: string, error: ContractError) {
    super(`${method}: ${error.code}: ${error.message}`)
    this.code = error.code
    this.reason = error.reason
    this.details = error.details ?? { retryable: false }
  }
}

/** A child process that prints JSON lines. */
export class Program {
  readonly child: ChildProcessWithoutNullStreams
  /** Everything on stderr so far. */
  log = ''
  /** Every event line so far. */
  readonly events: { event: string; data: unknown }[] = []
  readonly exited: Promise<number | null>
  readonly #listeners = new Set<(line: Line) => void>()

  constructor(
    script: string,
    args: readonly string[],
    env: Record<string, string> = {},
    as: { uid?: number; gid?: number } = {},
  ) {
    this.child = spawn(process.execPath, [join(ROOT, script), ...args], {
      cwd: ROOT,
      stdio: 'pipe',
      env: { ...process.env, ...env },
      ...as,
    })
    running.add(this)
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.log += text))
    this.child.stdin.on('error', () => {})
    createInterface({ input: this.child.stdout }).on('line', (text) => this.#receive(text))
    this.exited = new Promise((resolve) =>
      this.child.once('close', (code) => {
        running.delete(this)
        resolve(code)
      }),
    )
  }

  #receive(text: string): void {
    const line = JSON.parse(text) as Line
    if (line.event !== undefined) this.events.push({ event: line.event, data: line.data })
    for (const listener of [...this.#listeners]) listener(line)
  }

  onLine(listener: (line: Line) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** The first event, past or to come, that `matches`. */
  async waitForEvent<E extends EventName>(
    name: E,
    matches: (data: Events[E]) => boolean = () => true,
    patience = PATIENCE,
  ): Promise<Events[E]> {
    const data = await this.waitForLine(name, (value) => matches(value as Events[E]), patience)
    return data as Events[E]
  }

  waitForLine(name: string, matches: (data: unknown) => boolean, patience = PATIENCE): Promise<unknown> {
    const past = this.events.find(({ event, data }) => event === name && matches(data))
    if (past) return Promise.resolve(past.data)
    return new Promise((resolve, reject) => {
      const stop = this.onLine((line) => {
        if (line.event !== name || !matches(line.data)) return
        finish()
        resolve(line.data)
      })
      const fail = (why: string): void => {
        finish()
        reject(new Error(`${why} while waiting for ${name}\n${this.log.slice(-2_000)}`))
      }
      const timer = setTimeout(() => fail('no such event'), patience)
      const finish = (): void => {
        clearTimeout(timer)
        stop()
      }
      void this.exited.then((code) => fail(`the program ended with ${code}`))
    })
  }

  /** As a power cut would: nothing is asked. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.exited
  }

  /** The exit code of a clean stop. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal)
    return this.exited
  }
}

interface Line {
  id?: string | number | null
  result?: unknown
  error?: ContractError
  event?: string
  data?: unknown
}

export class Headless extends Program {
  #nextId = 1

  constructor(
    options: { dataDir: string; relays: readonly string[] },
    env: Record<string, string> = {},
    as: { uid?: number; gid?: number } = {},
  ) {
    super(
      'main/headless.ts',
      ['--data', options.dataDir, ...options.relays.flatMap((relay) => ['--relay', relay])],
      env,
      as,
    )
  }

  /** Sends a call and gives its id, for `call.cancel`. */
  start(method: string, params: unknown): { id: number; answer: Promise<unknown> } {
    const id = this.#nextId++
    const answer = new Promise<unknown>((resolve, reject) => {
      const stop = this.onLine((line) => {
        if (line.id !== id) return
        stop()
        if (line.error) reject(new CallFailed(method, line.error))
        else resolve(line.result)
      })
      void this.exited.then(() => reject(new Error(`the program ended before ${method} was answered`)))
    })
    answer.catch(() => {})
    this.child.stdin.write(`${JSON.stringify({ id, method, params })}\n`)
    return { id, answer }
  }

  call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
    return this.start(method, params).answer as Promise<Result<M>>
  }

  /** The error that a call must end with; fails where it succeeds. `params` may be wrong on purpose. */
  async refused(method: string, params: unknown): Promise<CallFailed> {
    try {
      await this.start(method, params).answer
    } catch (error) {
      if (error instanceof CallFailed) return error
      throw error
    }
    throw new Error(`${method} was not refused`)
  }
}

export async function startHeadless(
  dataDir: string,
  relays: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Headless> {
  const program = new Headless({ dataDir, relays }, env)
  await program.waitForEvent('app.ready')
  return program
}

export interface RunningRelay {
  program: Program
  dataDir: string
  /** As printed by the program. */
  address: string
  port: number
  /** URL of its figures. */
  metrics: string | null
}

/** A relay on 127.0.0.1; without a port on a free one. Start it again with the same folder and port to bring it back. */
export async function startRelay(
  options: { dataDir?: string; port?: number; metrics?: boolean; password?: string } = {},
): Promise<RunningRelay> {
  const dataDir = options.dataDir ?? tempDir('duplex-relay')
  const program = new Program('main/relay.ts', [
    ...['--data', dataDir, '--host', '127.0.0.1'],
    ...['--port', String(options.port ?? 0)],
    ...(options.metrics ? ['--metrics-port', '0'] : []),
    ...(options.password === undefined ? [] : ['--password', options.password]),
  ])
  const data = (await program.waitForLine('relay.ready', () => true)) as {
    address: string
    metrics?: string
  }
  const { address, metrics = null } = data
  return { program, dataDir, address, port: portOf(address), metrics }
}

/** How many commands of a type the relay has been given so far. */
export async function commandsAt({ metrics }: RunningRelay, type: string): Promise<number> {
  if (metrics === null) throw new Error('this relay was started without figures')
  const text = await (await fetch(metrics)).text()
  return Number(
    new RegExp(`^duplex_relay_commands_total\\{type="${type}"\\} (.+)$`, 'm').exec(text)?.[1] ?? 0,
  )
}

export function portOf(address: string): number {
  return Number(/:(\d+)$/.exec(address)?.[1] ?? 5223)
}

/** Waits until `ready` gives something; for state that no event tells. */
export async function until<T>(
  ready: () => Promise<T | null | undefined | false>,
  patience = PATIENCE,
): Promise<T> {
  const end = Date.now() + patience
  for (;;) {
    const value = await ready()
    if (value) return value
    if (Date.now() > end) throw new Error('waited too long')
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
