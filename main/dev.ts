import { spawn, type ChildProcess } from 'node:child_process'
import { watch } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './built.ts'

/**
 * `npm run dev`: builds and starts again whenever a source changes. Data lives in `.cache/dev`, or in
 * `.cache/dev-NAME` with `--profile NAME`, so that nothing here touches the folder of an installed Duplex.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const args = process.argv.slice(2)
const at = args.indexOf('--profile')
const profile = at < 0 ? 'dev' : `dev-${args.splice(at, 2)[1] ?? 'other'}`
let child: ChildProcess | null = null
let waiting: NodeJS.Timeout | undefined

async function restart(): Promise<void> {
  const old = child
  child = null
  if (old !== null && old.exitCode === null) {
    old.kill('SIGTERM')
    await new Promise((resolve) => old.once('exit', resolve))
  }
  try {
    await ensureBuilt(root)
  } catch {
    return // What is wrong stands above; the next change tries again.
  }
  child = spawn(process.execPath, ['main/start.ts', '--data', `.cache/${profile}`, ...args], {
    cwd: root,
    stdio: 'inherit',
  })
}

for (const folder of ['core', 'main', 'preload', 'renderer']) {
  watch(`${root}${folder}`, { recursive: true }, () => {
    clearTimeout(waiting)
    waiting = setTimeout(() => void restart(), 200)
  })
}
await restart()
