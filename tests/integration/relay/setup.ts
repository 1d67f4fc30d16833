import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { type Clock, silentLog, systemClock } from '#core/base'
import { systemRandom } from '#core/crypto'
import { type Relay, type RelayLimits, type RelayOptions, createRelay } from '#core/relay'
import { TestClient } from './client.ts'

const cleanups: (() => Promise<void> | void)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

export function afterTest(cleanup: () => Promise<void> | void): void {
  cleanups.push(cleanup)
}

export function aFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'duplex-relay-'))
  afterTest(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

export interface RelayWishes extends Partial<Omit<RelayOptions, 'limits'>> {
  readonly limits?: Partial<RelayLimits>
}

export async function aRelay(wishes: RelayWishes = {}): Promise<Relay> {
  const { dataDir = aFolder(), limits, ...rest } = wishes
  const relay = await createRelay({
    dataDir,
    host: '127.0.0.1',
    port: 0,
    password: null,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    ...rest,
    ...(limits && { limits }),
  })
  afterTest(() => relay.stop())
  return relay
}

export async function aClient(relay: Pick<Relay, 'address'>, version?: number): Promise<TestClient> {
  const client = await TestClient.connect(
    relay.address,
    version === undefined ? undefined : { min: version, max: version },
  )
  afterTest(() => client.close())
  return client
}

export type MovableClock = Clock & { advance(ms: number): void }

/** Timers keep real time: what is to happen later is asked for after the move. */
export function movableClock(): MovableClock {
  let offset = 0
  return {
    now: () => systemClock.now() + offset,
    after: (ms, fn) => systemClock.after(ms, fn),
    advance: (ms) => void (offset += ms),
  }
}
