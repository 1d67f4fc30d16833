import { readFileSync } from 'node:fs'
import { type Installation, openInstallation } from '#core/app'
import { systemClock } from '#core/base'
import { systemRandom } from '#core/crypto'
import type { Log } from '#core/base'
import { lockFolder } from './data-lock.ts'

/** The core of this program on a data folder; its `trouble` says where the folder cannot be used. */
export function openCore(options: {
  dataDir: string
  relays: readonly string[]
  log: Log
  /** The folder is not made where it is missing. */
  mustExist?: boolean
}): Promise<Installation> {
  const { dataDir, relays, log } = options
  return openInstallation({
    ...{ dataDir, relays, log },
    clock: systemClock,
    random: systemRandom,
    version: appVersion(),
    claim: () => lockFolder(dataDir, options.mustExist !== true),
  })
}

function appVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(text) as { version: string }
  return version
}
