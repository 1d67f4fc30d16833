import { spawn, type ChildProcess } from 'node:child_process'
import { watch } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './built.ts'
import { asksForHelp } from './shared/arguments.ts'
import { EXIT_USAGE } from './shared/exit-codes.ts'

/**
 * `npm run dev`: builds and starts again whenever a source changes. Data lives in `.cache/dev`, or in
 * `.cache/dev-NAME` with `--profile NAME`, so that nothing here touches the folder of an installed Duplex.
 */
const USAGE = `usage: npm run dev -- [--profile NAME] [options of npm start]

  --profile NAME    another folder, .cache/dev-NAME
  npm run dev:browser is the same in your browser; for the other options: npm start -- --help`

const root = fileURLToPath(new URL('..', import.meta.url))
const args = process.argv.slice(2)
const at = args.indexOf('--profile')
const profile = at < 0 ? 'dev' : `dev-${args.splice(at, 2)[1] ?? 'other'}`
if (asksForHelp(args)) {
  process.stdout.write(`${USAGE}\n`)
  process.exit(0)
}
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
  const started = spawn(
    process.execPath,
    ['--disable-sigusr1', 'main/start.ts', '--data', `.cache/${profile}`, ...args],
    { cwd: root, stdio: 'inherit' },
  )
  // What it was told is wrong, and stays so.
  started.once('exit', (code) => code === EXIT_USAGE && process.exit(code))
  child = started
}

for (const folder of ['core', 'main', 'preload', 'renderer']) {
  watch(`${root}${folder}`, { recursive: true }, () => {
    clearTimeout(waiting)
    waiting = setTimeout(() => void restart(), 200)
  })
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (child === null || child.exitCode !== null) process.exit(0)
    child.once('exit', () => process.exit(0))
    child.kill('SIGTERM')
  })
await restart()
