import { existsSync, readdirSync, statSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Sources that end up in `dist`. The rest of the core runs as it is and needs no build. */
const sources = [
  'renderer',
  'preload',
  'main',
  'core/base',
  'core/contract',
  'vite.config.ts',
  'package.json',
]
const outputs = ['dist/renderer/index.html', 'dist/main/main.js', 'dist/preload/preload.cjs']

/** Builds the window unless what is built is newer than every source. Takes about a second. */
export async function ensureBuilt(root: string): Promise<void> {
  const built = outputs.map((path) => join(root, path))
  const oldest = Math.min(...built.map((path) => (existsSync(path) ? statSync(path).mtimeMs : 0)))
  if (oldest > Math.max(...sources.map((path) => newest(join(root, path))))) return
  process.stderr.write('Building the window ...\n')
  await build(root)
}

function newest(path: string): number {
  if (!existsSync(path)) return 0
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))))
}

function build(root: string): Promise<void> {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  return new Promise((resolve, reject) => {
    // stdout belongs to `host.ready`; what the build says goes to stderr.
    const child = spawn(process.execPath, [vite, 'build', '--app', '--logLevel', 'warn'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
    })
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error('the window could not be built')),
    )
  })
}
