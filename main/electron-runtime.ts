import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Long enough for a hundred megabytes over a slow line; a network that never answers must not hold the start up. */
const DOWNLOAD_MS = 180_000

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
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'ignore'] })
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      resolve(`the download of the Electron runtime took more than ${DOWNLOAD_MS / 1000} s`)
    }, DOWNLOAD_MS)
    child.once('error', () => resolve('the Electron installer does not run'))
    child.once('exit', (code) => {
      clearTimeout(timer)
      resolve(code === 0 ? null : 'the Electron runtime could not be downloaded')
    })
  })
}
