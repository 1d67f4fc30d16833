import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export type Runtime = { found: true; binary: string } | { found: false; why: string }

/** The official Electron that `npm ci` installed the recipe of; its binary is downloaded once, on the first start. */
export async function officialElectron(root: string): Promise<Runtime> {
  const installed = installedElectron(root)
  if (installed !== null) return { found: true, binary: installed }
  process.stderr.write('Downloading the Electron runtime once (about 120 MB) ...\n')
  const problem = await download(join(root, 'node_modules', 'electron', 'install.js'))
  const binary = installedElectron(root)
  if (binary !== null) return { found: true, binary }
  return { found: false, why: problem ?? 'the Electron runtime could not be downloaded' }
}

/** The binary of the `electron` package, or null while it has not been downloaded. */
export function installedElectron(root: string): string | null {
  const folder = join(root, 'node_modules', 'electron')
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim())
  return existsSync(binary) ? binary : null
}

function download(script: string): Promise<string | null> {
  return new Promise((resolve) => {
    if (!existsSync(script)) return resolve('the electron package is not installed')
    const watch = new URL('electron-download.ts', import.meta.url).href
    const env = { ...process.env, DUPLEX_WATCH_DOWNLOAD: 'yes', ELECTRON_GET_NO_PROGRESS: '1' }
    // stdout belongs to `host.ready`
    const child = spawn(process.execPath, ['--import', watch, script], { stdio: ['ignore', 2, 'pipe'], env })
    // Its own report of a fault is a stack; what it says itself is enough.
    createInterface({ input: child.stderr! }).on('line', (line) => {
      if (/^(?:Electron: |No byte )/.test(line.trim())) process.stderr.write(`${line.trim()}\n`)
    })
    const stop = (): void => void child.kill('SIGTERM')
    process.once('exit', stop)
    child.once('error', () => resolve('the Electron installer does not run'))
    child.once('exit', (code) => {
      process.off('exit', stop)
      resolve(code === 0 ? null : 'the Electron runtime could not be downloaded')
    })
  })
}
