import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog, systemClock } from '#core/base'
import { createRelayPool, type RelayPool } from '#core/client'
import { systemRandom } from '#core/crypto'
import type { RelayAddress } from '#core/protocol'
import { createRelay, type Relay } from '#core/relay'
import { Party } from '../../unit/agent/party.ts'

/** A real relay that can be stopped and comes back at the same address. */
export class TestRelay {
  readonly dataDir: string
  #relay: Relay | null = null
  #address: RelayAddress | null = null

  constructor(dataDir: string) {
    this.dataDir = dataDir
  }

  get address(): RelayAddress {
    return this.#address!
  }

  get relay(): Relay {
    return this.#relay!
  }

  async start(): Promise<this> {
    this.#relay = await createRelay({
      dataDir: this.dataDir,
      host: '127.0.0.1',
      port: this.#address ? Number(this.#address.port) : 0,
      password: null,
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
    })
    this.#address ??= this.#relay.address
    return this
  }

  async stop(): Promise<void> {
    const relay = this.#relay
    this.#relay = null
    await relay?.stop()
  }
}

export interface RealWorld extends AsyncDisposable {
  readonly folder: string
  relay(name: string): Promise<TestRelay>
  party(name: string, relay: TestRelay, wrap?: (pool: RelayPool) => RelayPool): Party
}

export function makeRealWorld(): RealWorld {
  const folder = mkdtempSync(join(tmpdir(), 'duplex-agents-'))
  const parties: Party[] = []
  const relays: TestRelay[] = []
  return {
    folder,
    async relay(name) {
      const relay = new TestRelay(join(folder, name))
      relays.push(relay)
      return relay.start()
    },
    party(name, relay, wrap = (pool) => pool) {
      const one = new Party({
        name,
        relay: relay.address,
        path: join(folder, `${name}.db`),
        clock: systemClock,
        pool: () => wrap(createRelayPool({ clock: systemClock, random: systemRandom, log: silentLog })),
      })
      parties.push(one)
      return one
    },
    async [Symbol.asyncDispose]() {
      for (const one of parties) await one.kill().catch(() => {})
      for (const relay of relays) await relay.stop().catch(() => {})
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
