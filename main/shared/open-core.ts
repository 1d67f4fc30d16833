import { readFileSync } from 'node:fs'
import { createCore, type Core } from '#core/app'
import { systemClock } from '#core/base'
import { systemRandom } from '#core/crypto'
import type { Log } from '#core/base'
import { lockFolder } from './data-lock.ts'

/** The core of this program on a data folder that nobody else uses. Throws `FolderInUse`. */
export async function openCore(options: {
  dataDir: string
  relays: readonly string[]
  log: Log
}): Promise<Core> {
  const lock = lockFolder(options.dataDir)
  try {
    const core = await createCore({
      dataDir: options.dataDir,
      relays: options.relays,
      embeddedRelay: options.relays.length === 0,
      clock: systemClock,
      random: systemRandom,
      log: options.log,
      version: appVersion(),
    })
    return {
      ...core,
      async stop() {
        await core.stop()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

function appVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(text) as { version: string }
  return version
}
