import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { Worker } from 'node:worker_threads'

export type Message = Record<string, unknown>

/** What the shell is told about the core besides its messages. `in-use` and `failed` are final. */
export type CoreState = 'running' | 'restarting' | 'degraded' | 'in-use' | 'failed'

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
  onMessage(message: Message): void
  onState(state: CoreState): void
}

/** A core that dies this often within a minute is not started again: the data folder needs a person. */
const RESTARTS_PER_MINUTE = 3
/** api.md "Programs": a program stops within 5 s; what is still there a little later is ended. */
const STOP_MS = 6_000
/** api.md "Programs": the exit code of the second process on one data folder. */
const FOLDER_IN_USE = 2

/** Node 24 as shipped with the app, or as installed for development; null where there is none. */
export function findNodeBinary(root: string, resources: string): string | null {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const places = [join(resources, 'core', 'node', name), join(root, 'node_modules', 'node', 'bin', name)]
  return places.find((place) => existsSync(place)) ?? null
}

/**
 * Starts the core and owns it: messages both ways, a new start when it dies (the shell is told), a clean end. Without a Node binary it runs as a thread of this process and says so.
 */
export function startCore(options: CoreOptions): CoreProcess {
  let deaths: number[] = []
  let stopping = false
  let running: Running = launch()

  function launch(): Running {
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

  function exited(code: number | null): void {
    if (stopping) return
    if (code === FOLDER_IN_USE) return options.onState('in-use')
    const now = Date.now()
    deaths = [...deaths.filter((at) => now - at < 60_000), now]
    if (deaths.length > RESTARTS_PER_MINUTE) return options.onState('failed')
    options.onState('restarting')
    running = launch()
  }

  return {
    send: (message) => running.send(message),
    stop() {
      stopping = true
      return running.stop()
    },
  }
}

interface CoreEvents {
  onMessage(message: Message): void
  onExit(code: number | null): void
}

function startChild(
  binary: string,
  options: CoreOptions,
  events: CoreEvents,
  instead: () => Running,
): Running {
  const script = join(options.root, 'main', 'headless.ts')
  const env = { ...process.env }
  delete env['ELECTRON_RUN_AS_NODE']
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(binary, [script, ...options.args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env,
    windowsHide: true,
  })
  let replacement: Running | null = null
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.once('error', () => {
    // The binary is there but does not run (wrong processor, no right to execute it).
    if (child.pid === undefined) replacement = instead()
  })
  child.once('exit', (code) => events.onExit(code))
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
      if (child.pid !== undefined) await ended
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
  worker.once('exit', (code) => events.onExit(code))
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

function parseLine(line: string): Message | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Message) : null
  } catch {
    return null
  }
}
