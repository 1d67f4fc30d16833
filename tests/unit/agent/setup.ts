import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import type { Clock } from '#core/base'
import { randomBytes } from '#core/crypto'
import type { RelayAddress } from '#core/protocol'
import { MemoryNetwork } from './memory-network.ts'
import { Party, until } from './party.ts'

/** Real databases, and a whole scenario in most tests: a loaded machine needs more than the default. */
vi.setConfig({ testTimeout: 60_000 })

/** Time that runs a thousand times faster, so that waiting for a retry is no waiting. */
export function fastClock(start = Date.now()): Clock & { skip(ms: number): void } {
  let skipped = 0
  return {
    now: () => start + skipped + (Date.now() - start) * 1000,
    skip: (ms) => void (skipped += ms),
    after(ms, fn) {
      const timer = setTimeout(fn, ms / 1000)
      return () => clearTimeout(timer)
    },
  }
}

export interface World extends AsyncDisposable {
  readonly network: MemoryNetwork
  readonly relayA: RelayAddress
  readonly relayB: RelayAddress
  readonly alice: Party
  readonly bob: Party
  readonly clock: Clock
  /** That much later. */
  skip(ms: number): void
  party(name: string, relay: RelayAddress): Party
}

const address = (host: string): RelayAddress => ({
  hosts: [host],
  port: '',
  keyHash: randomBytes(32),
  password: null,
})

/** In memory where there is such a disk: these tests make hundreds of databases, and end processes, not the power. */
function fastDisk(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
}

/** Two installations that are not yet started, and a relay for each. */
export function makeWorld(clock = fastClock()): World {
  const folder = mkdtempSync(join(fastDisk(), 'duplex-agent-'))
  const network = new MemoryNetwork(clock)
  const relayA = address('a.example.org')
  const relayB = address('b.example.org')
  const parties: Party[] = []
  const party = (name: string, relay: RelayAddress): Party => {
    const one = new Party({
      name,
      relay,
      path: join(folder, `${name}.db`),
      clock,
      pool: () => network.pool(name),
    })
    parties.push(one)
    return one
  }
  return {
    network,
    relayA,
    relayB,
    alice: party('alice', relayA),
    bob: party('bob', relayB),
    clock,
    skip: (ms) => clock.skip(ms),
    party,
    async [Symbol.asyncDispose]() {
      for (const one of parties) await one.kill().catch(() => {})
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Invites, joins, and waits until both say that they are connected. */
export async function connect(alice: Party, bob: Party): Promise<void> {
  await bob.join(await alice.invite())
  await until(() => alice.details('connected').length === 1 && bob.details('connected').length === 1)
}
