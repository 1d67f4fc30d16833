import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { Worker } from 'node:worker_threads'
import { EXIT_USAGE } from '../shared/exit-codes.ts'

export type Message = Record<string, unknown>

/**
 * What the shell is told about the core besides its messages. `failing`: it ends again and again, and is still started
 * again. `usage` is final: it was told something that it does not understand.
 */
export type CoreState = 'running' | 'restarting' | 'degraded' | 'failing' | 'usage'

export interface CoreProcess {
  send(message: Message): void
  stop(): Promise<void>
}

interface Running {
  send(message: Message): void
  stop(): Promise<void>
}

interface CoreOptions {
  /** Folder that holds `main`, `core` and their modules. */
  root: string
  nodeBinary: string | null
  args: readonly string[]
  /** The folder is not made where it is missing. */
  mustExist: boolean
  onMessage(message: Message): void
  onState(state: CoreState): void
  /** It ended by itself. */
  onDeath(code: number | null, signal: string | null): void
}

/** How long to wait before a core that died is started again, ms: at once, and more patiently if it dies again soon. */
const RESTART_AFTER = [0, 1_000, 5_000, 15_000, 60_000]
/** A core that lived so long died of something new, ms. */
const LIVED = 60_000
/** Deaths in a row after which a person is told. */
const TELL_AFTER = 3
/** api.md "Programs": a program stops within 5 s; what is still there a little later is ended. */
const STOP_MS = 6_000

/** Node 24 as shipped with the app, or as installed for development; null where there is none. */
export function findNodeBinary(root: string, resources: string): string | null {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const places = [join(resources, 'core', 'node', name), join(root, 'node_modules', 'node', 'bin', name)]
  return places.find((place) => existsSync(place)) ?? null
}

/**
 * Starts the core and owns it: messages both ways, a new start when it dies (the shell is told), a clean end. Without a
 * Node binary it runs as a thread of this process and says so.
 */
export function startCore(options: CoreOptions): CoreProcess {
  let deaths = 0
  let startedAt = Date.now()
  let stopping = false
  let waiting: NodeJS.Timeout | undefined
  let running: Running = launch()

  function launch(): Running {
    startedAt = Date.now()
    const events = { onMessage: receive, onExit: exited }
    if (options.nodeBinary === null) return degrade(events)
    return startChild(options.nodeBinary, options, events, () => degrade(events))
  }

  function degrade(events: CoreEvents): Running {
    options.onState('degraded')
    return startThread(options, events)
  }

  function receive(message: Message): void {
    if (message['event'] === 'app.ready') options.onState('running')
    options.onMessage(message)
  }

  function exited(code: number | null, signal: string | null): void {
    if (stopping) return
    if (code === EXIT_USAGE) return options.onState('usage')
    options.onDeath(code, signal)
    deaths = Date.now() - startedAt > LIVED ? 1 : deaths + 1
    options.onState(deaths > TELL_AFTER ? 'failing' : 'restarting')
    const wait = RESTART_AFTER[Math.min(deaths - 1, RESTART_AFTER.length - 1)]
    waiting = setTimeout(() => (running = launch()), wait)
  }

  return {
    send: (message) => running.send(message),
    stop() {
      stopping = true
      clearTimeout(waiting)
      return running.stop()
    },
  }
}

interface CoreEvents {
  onMessage(message: Message): void
  onExit(code: number | null, signal: string | null): void
}

function startChild(
  binary: string,
  options: CoreOptions,
  events: CoreEvents,
  instead: () => Running,
): Running {
  const script = join(options.root, 'main', 'headless.ts')
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    binary,
    // Nobody opens a debugger in it by a signal.
    ['--disable-sigusr1', script, ...options.args],
    { stdio: ['pipe', 'pipe', 'inherit'], env: coreEnvironment(options.mustExist), windowsHide: true },
  )
  let gone = false
  let replacement: Running | null = null
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.once('error', () => {
    // The binary is there but does not run (wrong processor, no right to execute it).
    if (child.pid === undefined) replacement = instead()
  })
  child.once('exit', (code, signal) => {
    gone = true
    events.onExit(code, signal)
  })
  // A core that has just died closes its end; its exit is what is acted on.
  child.stdin.on('error', () => undefined)
  createInterface({ input: child.stdout, crlfDelay: Infinity }).on('line', (line) => {
    const message = parseLine(line)
    if (message !== null) events.onMessage(message)
  })
  return {
    send(message) {
      if (replacement !== null) replacement.send(message)
      else if (child.stdin.writable) child.stdin.write(`${JSON.stringify(message)}\n`)
    },
    async stop() {
      if (replacement !== null) return replacement.stop()
      child.stdin.end()
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      if (child.pid !== undefined && !gone) await ended
      clearTimeout(timer)
    },
  }
}

function startThread(options: CoreOptions, events: CoreEvents): Running {
  const worker = new Worker(join(options.root, 'main', 'electron', 'core-thread.ts'), {
    argv: [...options.args],
  })
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  worker.on('message', (message: Message) => events.onMessage(message))
  worker.on('error', (error) => process.stderr.write(`core thread: ${error.name}\n`))
  worker.once('exit', (code) => events.onExit(code, null))
  return {
    send: (message) => worker.postMessage(message),
    async stop() {
      worker.postMessage(null)
      const timer = setTimeout(() => void worker.terminate(), STOP_MS)
      await ended
      clearTimeout(timer)
    },
  }
}

/** What the core inherits: nothing that would open a debugger in it, or load code into it. */
function coreEnvironment(mustExist: boolean): NodeJS.ProcessEnv {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:NODE_|ELECTRON_|npm_)/i.test(name)),
  )
  // The window says that the folder is in use, and waits for it.
  return { ...env, DUPLEX_STAY: 'yes', ...(mustExist && { DUPLEX_FOLDER: 'existing' }) }
}

function parseLine(line: string): Message | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Message) : null
  } catch {
    return null
  }
}
