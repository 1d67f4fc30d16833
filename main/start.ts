import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './built.ts'
import { officialElectron } from './electron-runtime.ts'
import { UsageError, asksForHelp } from './shared/arguments.ts'
import { EXIT_USAGE } from './shared/exit-codes.ts'
import { toleratesLostLogs } from './shared/stop.ts'
import { coreArguments, parseHostOptions, USAGE, type HostOptions } from './shared/options.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** `npm start`: the desktop window where Electron runs, the browser host, saying why, where it does not. */
async function start(): Promise<void> {
  const options = parseHostOptions(process.argv.slice(2), 'strict')
  await ensureBuilt(root)
  if (!options.browser) {
    const why = whyNoWindow() ?? (await openWindow(options))
    if (why === null) return
    process.stderr.write(`No desktop window: ${why}. Duplex opens in your browser instead.\n`)
  }
  const { serveBrowser } = await import('./browser/main.ts')
  await serveBrowser(root, options)
}

/** What is known without trying. Chromium's sandbox is not given up, and it does not work for the root user. */
function whyNoWindow(): string | null {
  if (process.platform !== 'linux') return null
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return 'there is no display'
  if (process.getuid?.() === 0) return 'the window does not run as the root user'
  return null
}

/** Runs Electron until it ends; answers why it never showed a window, or null when it did. */
async function openWindow(options: HostOptions): Promise<string | null> {
  const runtime = await officialElectron(root)
  if (!runtime.found) return runtime.why
  let next: HostOptions | null = options
  while (next !== null) {
    const ended: Ended = await runWindow(runtime.binary, next)
    if (ended.why !== null) return ended.why
    next = ended.again === null ? null : { ...next, ...ended.again, link: null }
  }
  return null
}

interface Ended {
  why: string | null
  /** In the window another folder was chosen: it is opened again, on that one. */
  again: Partial<HostOptions> | null
}

function runWindow(binary: string, options: HostOptions): Promise<Ended> {
  const env: NodeJS.ProcessEnv = { ...process.env, DUPLEX_STARTER: 'yes' }
  delete env['ELECTRON_RUN_AS_NODE']
  const folder = options.dataGiven ? coreArguments(options) : relayArguments(options)
  const child = spawn(binary, [root, ...folder, ...(options.link === null ? [] : [options.link])], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  })
  const stop = (): void => void child.kill('SIGTERM')
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, stop)
  // Who reads what is said here is gone.
  process.stdout.once('error', stop)
  let shown = false
  let again: Ended['again'] = null
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.includes('"host.ready"')) shown = true
    if (line.startsWith('{"event":"host.again"')) again = againIn(line)
    else process.stdout.write(`${line}\n`)
  })
  return new Promise((resolve) => {
    child.once('error', () => resolve({ why: 'the Electron runtime does not run here', again: null }))
    child.once('close', (code) => {
      for (const signal of signals) process.off(signal, stop)
      // Code 0 without a window: another Duplex on this folder was raised and has the link.
      if (!shown && code !== 0 && code !== EXIT_USAGE)
        return resolve({ why: 'the Electron runtime ended at once', again: null })
      process.exitCode = code ?? 1
      resolve({ why: null, again })
    })
  })
}

/** Without a folder: the window has written down which one is the usual one from now on. */
function againIn(line: string): Partial<HostOptions> {
  const { data } = JSON.parse(line) as { data: { dataDir: string | null } }
  return data.dataDir === null ? {} : { dataDir: data.dataDir, dataGiven: true }
}

/** Without `--data`, Electron finds the usual folder itself and names no folder in its title. */
function relayArguments(options: HostOptions): string[] {
  return options.relays.flatMap((address) => ['--relay', address])
}

toleratesLostLogs()
if (asksForHelp(process.argv.slice(2))) process.stdout.write(`${USAGE}\n`)
else await start().catch(fail)

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : 'Duplex could not start'}\n`)
  if (error instanceof UsageError) process.stderr.write(`${USAGE}\n`)
  process.exit(error instanceof UsageError ? EXIT_USAGE : 1)
}
