import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type RelayAddress, parseRelayAddress } from '#core/protocol'
import { afterTest } from './setup.ts'

const program = fileURLToPath(new URL('../../../main/relay.ts', import.meta.url))

export interface RelayProgram {
  readonly address: RelayAddress
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  /** Resolves with the exit code, or the signal's name. */
  readonly ended: Promise<number | string>
}

export interface StartedProgram {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  readonly ended: Promise<number | string>
}

export function spawnRelay(
  args: readonly string[],
  stdin: 'pipe' | 'ignore' = 'pipe',
  env: NodeJS.ProcessEnv = process.env,
): StartedProgram {
  const child = spawn(process.execPath, [program, ...args], { stdio: [stdin, 'pipe', 'pipe'], env })
  let stdout = ''
  let stderr = ''
  child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string)
  afterTest(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { child, stdout: () => stdout, stderr: () => stderr, ended }
}

/** Ready when this resolves. */
export async function startRelay(
  args: readonly string[],
  stdin: 'pipe' | 'ignore' = 'pipe',
  env: NodeJS.ProcessEnv = process.env,
): Promise<RelayProgram> {
  const started = spawnRelay(args, stdin, env)
  const line = await Promise.race([
    new Promise<string>((resolve) => {
      started.child.stdout!.on('data', () => {
        const at = started.stdout().indexOf('\n')
        if (at >= 0) resolve(started.stdout().slice(0, at))
      })
    }),
    started.ended.then((code) => {
      throw new Error(`the relay ended with ${code}: ${started.stderr()}`)
    }),
  ])
  const ready = JSON.parse(line) as { event: string; data: { address: string } }
  if (ready.event !== 'relay.ready') throw new Error('not relay.ready')
  return { ...started, address: parseRelayAddress(ready.data.address) }
}
