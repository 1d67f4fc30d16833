/**
 * What a data folder goes through while nobody looks at a window: a core that asks whether its links were opened, then one
 * that starts MINUTES later. `node tests/tools/later.ts FOLDER RELAY MINUTES`
 */
import { sayUsage } from './usage.ts'
import { openInstallation } from '../../core/app/index.ts'
import { silentLog, systemClock } from '../../core/base/index.ts'
import { systemRandom } from '../../core/crypto/index.ts'
import type { Connection } from '../../core/contract/index.ts'

sayUsage('usage: node tests/tools/later.ts FOLDER RELAY MINUTES')
const [dataDir = '', relay = '', minutes = '0'] = process.argv.slice(2)
const signal = new AbortController().signal

for (const later of [0, Number(minutes) * 60_000]) {
  const core = await openInstallation({
    dataDir,
    relays: [relay],
    clock: { ...systemClock, now: () => Date.now() + later },
    random: systemRandom,
    log: silentLog,
    version: '0.0.0',
    claim: () => ({ release: () => undefined }),
  })
  for (const { connectionId } of (await core.call('connection.list', {}, signal)) as Connection[]) {
    await core.call('connection.get', { connectionId }, signal)
  }
  await core.stop()
}
process.stdout.write(`${JSON.stringify({ event: 'later.done', data: {} })}\n`)
