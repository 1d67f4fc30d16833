import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** The key of the address is good once, but a list of processes shows it to everybody on this computer before that. */
const NAME = 'open.html'

/**
 * Opens the address by way of a file that only its owner can read: what the browser is told on its command line is the
 * file's name. The answer takes the file away again. Best effort: the address stands in the terminal too.
 */
export function openInBrowser(url: string, dataDir: string): () => void {
  const file = writeOpener(url, dataDir)
  if (file === null) return () => undefined
  const [command, args]: [string, string[]] =
    process.platform === 'darwin'
      ? ['open', [file]]
      : process.platform === 'win32'
        ? ['rundll32', ['url.dll,FileProtocolHandler', file]]
        : ['xdg-open', [file]]
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  child.once('error', () =>
    process.stderr.write('No browser opened by itself: open the address above in one.\n'),
  )
  child.unref()
  return () => rmSync(join(dataDir, NAME), { force: true })
}

/** The address of the file as a URL; null where it cannot be written. */
export function writeOpener(url: string, dataDir: string): string | null {
  const path = join(dataDir, NAME)
  const text = `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Duplex</title><meta http-equiv="refresh" content="0;url=${url}"><p><a href="${url}">Open Duplex</a></p>\n`
  try {
    // One that is there has the rights of whoever made it.
    rmSync(path, { force: true })
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' })
    return pathToFileURL(path).href
  } catch {
    process.stderr.write('Open the address above in a browser.\n')
    return null
  }
}
