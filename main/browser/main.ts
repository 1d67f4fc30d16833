import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fstatSync } from 'node:fs'
import { join } from 'node:path'
import type { Core } from '#core/app'
import { EXIT_FOLDER_IN_USE, FolderInUse } from '../shared/data-lock.ts'
import { serveDoor } from '../shared/door.ts'
import { stderrLog } from '../shared/log-sink.ts'
import type { HostOptions } from '../shared/options.ts'
import { openCore } from '../shared/open-core.ts'
import { servePage, type PagePipe } from './server.ts'

/** api.md "Programs": a program that is told to stop is gone within 5 s, whatever a relay does meanwhile. */
const STOP_MS = 4_500

/** The browser host: the same core and the same page, on loopback, for one person with the token. */
export async function serveBrowser(root: string, options: HostOptions): Promise<void> {
  // Whatever is written belongs to the owner of the folder alone.
  process.umask(0o077)
  const core = await openOrSay(options)
  if (core !== null) await serve(root, options, core)
}

async function serve(root: string, options: HostOptions, core: Core): Promise<void> {
  const token = randomBytes(32).toString('base64url')
  // Waits for a page that can show what comes of it; the core has the next word.
  let link = options.link

  function servePipe(pipe: PagePipe): void {
    // As on stdio, the door opens with who is there; a page that comes back learns that it has to read again.
    pipe.send({ event: 'app.ready', data: core.ready })
    const door = serveDoor(core, pipe)
    pipe.onClose(() => door.close())
    if (link === null) return
    const text = link
    link = null
    core.call('app.openLink', { text }, new AbortController().signal).catch(() => undefined)
  }

  const server = await servePage({
    folder: join(root, 'dist', 'renderer'),
    port: options.port,
    token,
    onPipe: servePipe,
  })

  let stopping = false
  async function stop(): Promise<void> {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(0), STOP_MS).unref()
    await server.close()
    await core.stop()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop())
  stopWithStdin(() => void stop())

  const url = `http://127.0.0.1:${server.port}/#token=${token}`
  process.stdout.write(`${JSON.stringify({ event: 'host.ready', data: { url } })}\n`)
  if (options.open) openInBrowser(url)
}

/** Who started this over a pipe and went away wants it ended; a terminal or an absent stdin says nothing. */
function stopWithStdin(stop: () => void): void {
  const input = fstatSync(0)
  if (!input.isFIFO() && !input.isSocket()) return
  process.stdin.resume()
  process.stdin.once('end', stop)
}

async function openOrSay(options: HostOptions): Promise<Core | null> {
  try {
    return await openCore({ ...options, log: stderrLog().child('core') })
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = EXIT_FOLDER_IN_USE
    return null
  }
}

/** Best effort: the line on stdout has the address for whoever has no browser of that name. */
function openInBrowser(url: string): void {
  const [command, args]: [string, string[]] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['rundll32', ['url.dll,FileProtocolHandler', url]]
        : ['xdg-open', [url]]
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  child.once('error', () => process.stderr.write('Open the address above in a browser.\n'))
  child.unref()
}
