import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Tests start our programs hundreds of times from the same sources, which Node need not read and compile anew each time. */
const COMPILED = `${root}.cache/node`

export interface Step {
  name: string
  command: string
  args: string[]
  env?: NodeJS.ProcessEnv
}

/** A program of `node_modules`, run by this Node: no shell, no `.cmd`, the same on every system. */
export function tool(name: string, script: string, args: string[], env?: NodeJS.ProcessEnv): Step {
  const step = { name, command: process.execPath, args: [`${root}node_modules/${script}`, ...args] }
  return env === undefined ? step : { ...step, env }
}

/** Everything that needs no run of the program itself. */
export function staticSteps(): Step[] {
  return [
    tool('types', 'typescript/bin/tsc', ['-b']),
    tool('lint', 'oxlint/bin/oxlint', []),
    tool('format', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']),
    tool('unused code', 'knip/bin/knip.js', ['--no-progress']),
  ]
}

/** Runs one step and shows what it says as it says it, or, when quiet, only what a failed one said. */
export function run(step: Step, show: 'all' | 'failures'): Promise<boolean> {
  const started = performance.now()
  return new Promise((resolve) => {
    const child = spawn(step.command, step.args, {
      cwd: root,
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, ...step.env },
      stdio: show === 'all' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    const keep = (data: Buffer): void => void (said += data.toString('utf8'))
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    child.once('error', (error) => keep(Buffer.from(`${error.message}\n`)))
    child.once('close', (code) => {
      const seconds = ((performance.now() - started) / 1_000).toFixed(1)
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${step.name} (${seconds} s)`)
      if (code !== 0 && said !== '') console.log(said.trimEnd())
      resolve(code === 0)
    })
  })
}

/** All of them, two at a time; answers how many failed. */
export async function runInPairs(steps: readonly Step[]): Promise<number> {
  const queue = [...steps]
  let failed = 0
  const work = async (): Promise<void> => {
    for (let step = queue.shift(); step !== undefined; step = queue.shift())
      if (!(await run(step, 'failures'))) failed += 1
  }
  await Promise.all([work(), work()])
  return failed
}
