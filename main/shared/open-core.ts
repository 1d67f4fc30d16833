import { readFileSync } from 'node:fs'
import { createCore, type Core } from '#core/app'
import { systemClock } from '#core/base'
import { systemRandom } from '#core/crypto'
import { stderrLog } from './log-sink.ts'

/** The core with the real clock, entropy and log: the same in every host that runs it itself. */
export function openCore(options: { dataDir: string; relays: string[] }): Promise<Core> {
  return createCore({
    dataDir: options.dataDir,
    relays: options.relays,
    embeddedRelay: options.relays.length === 0,
    clock: systemClock,
    random: systemRandom,
    log: stderrLog(),
    version: ownVersion(),
  })
}

function ownVersion(): string {
  const file = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
