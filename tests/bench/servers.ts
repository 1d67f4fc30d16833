import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type RelayAddress, parseRelayAddress } from '#core/protocol'
import { startProgram } from '../e2e/programs.ts'

/** What a process has used: seconds of processor, bytes of memory. */
export interface Usage {
  readonly cpu: number
  readonly rss: number
}

export interface BenchServer {
  readonly address: RelayAddress
  usage(): Promise<Usage>
  /** Takes garbage away. */
  collect(): void
  stop(): Promise<void>
}

const COLLECT = ['--import', new URL('collect.ts', import.meta.url).href]

export async function startEcho(): Promise<BenchServer> {
  const child = fork(new URL('echo.ts', import.meta.url), { execArgv: COLLECT })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  const keyHash = new Uint8Array(32)
  return {
    address: { hosts: ['127.0.0.1'], port: String(port), keyHash, password: null },
    async usage() {
      child.send('usage')
      return ((await once(child, 'message')) as [Usage])[0]
    },
    collect: () => void child.kill('SIGUSR2'),
    async stop() {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

/** The program that operators run, on a folder that is on a disk or in memory. */
export async function startBenchRelay(dataDir: string): Promise<BenchServer> {
  const args = ['--data', dataDir, '--metrics-port', '0', '--log-level', 'warn']
  const log = join(dataDir, '..', 'relay.log')
  const program = await startProgram('relay.ts', args, 'relay.ready', log, COLLECT)
  return {
    address: parseRelayAddress(String(program.ready['address'])),
    async usage() {
      const text = await (await fetch(String(program.ready['metrics']))).text()
      const value = (name: string): number => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1])
      return { cpu: value('process_cpu_seconds_total'), rss: value('process_resident_memory_bytes') }
    },
    collect: () => void program.child.kill('SIGUSR2'),
    stop: () => program.stop(),
  }
}

export function aFolder(parent: string): { path: string; remove(): void } {
  const outer = mkdtempSync(join(parent, 'duplex-bench-'))
  const path = join(outer, 'relay')
  mkdirSync(path)
  return { path, remove: () => rmSync(outer, { recursive: true, force: true }) }
}
