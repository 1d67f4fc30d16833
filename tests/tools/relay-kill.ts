import { sayUsage } from './usage.ts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseRelayAddress } from '#core/protocol'
import { type Victim, killLoop } from '../integration/relay/kill-loop.ts'

/** `node tests/tools/relay-kill.ts [COUNT]`: `kill -9` of a relay under load, COUNT times, and whether it kept its promises. */

sayUsage('usage: node tests/tools/relay-kill.ts [COUNT]')
const COUNT = Number(process.argv[2] ?? 100)
const dataDir = mkdtempSync(join(tmpdir(), 'duplex-kill-'))

async function start(): Promise<Victim> {
  const program = join(import.meta.dirname, '../../main/relay.ts')
  const child = spawn(process.execPath, [program, '--data', dataDir, '--log-level', 'error'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { data } = JSON.parse(line.toString()) as { data: { address: string } }
  return {
    address: parseRelayAddress(data.address),
    async kill() {
      const ended = once(child, 'close')
      child.kill('SIGKILL')
      await ended
    },
  }
}

try {
  const { lives, queues, sent, acknowledged } = await killLoop(start, COUNT)
  console.log(
    `killed ${lives} times: ${queues} queues, ${sent} SENDs answered OK, ${acknowledged} ACKs answered, all kept`,
  )
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}
