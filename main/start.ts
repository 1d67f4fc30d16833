import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './built.ts'
import { officialElectron } from './electron-runtime.ts'
import { coreArguments, OptionsError, parseHostOptions, type HostOptions } from './shared/options.ts'

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
  const env = { ...process.env }
  delete env['ELECTRON_RUN_AS_NODE']
  const child = spawn(
    runtime.binary,
    [
      root,
      ...(options.dataGiven ? coreArguments(options) : relayArguments(options)),
      ...(options.link === null ? [] : [options.link]),
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env,
    },
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  let shown = false
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.includes('"host.ready"')) shown = true
    process.stdout.write(`${line}\n`)
  })
  return new Promise((resolve) => {
    child.once('error', () => resolve('the Electron runtime does not run here'))
    child.once('exit', (code) => {
      // Code 0 without a window: another Duplex on this folder was raised and has the link.
      if (!shown && code !== 0 && code !== 2) return resolve('the Electron runtime ended at once')
      process.exitCode = code ?? 1
      resolve(null)
    })
  })
}

/** Without `--data`, Electron finds the usual folder itself and names no folder in its title. */
function relayArguments(options: HostOptions): string[] {
  return options.relays.flatMap((address) => ['--relay', address])
}

try {
  await start()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'Duplex could not start'}\n`)
  process.exitCode = error instanceof OptionsError ? 64 : 1
}
