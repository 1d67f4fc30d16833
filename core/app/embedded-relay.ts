import { join } from 'node:path'
import { type Clock, isAppError, type Log, type Random } from '#core/base'
import type { Reach } from '#core/contract'
import type { RelayAddress } from '#core/protocol'
import { createRelay, type Relay } from '#core/relay'
import { type Store, getSetting, putSetting } from '#core/store'

const ON = 'embedded.on'
const REACH = 'embedded.reach'

/** The relay inside this process: its switch, how far it can be reached, and the address that follows from that. */
export class EmbeddedRelay {
  readonly #deps: { dataDir: string; store: Store; clock: Clock; random: Random; log: Log }
  #relay: Relay | null = null
  #address: RelayAddress | null = null
  #reach: Reach = 'this-computer'

  constructor(deps: { dataDir: string; store: Store; clock: Clock; random: Random; log: Log }) {
    this.#deps = deps
  }

  get address(): RelayAddress | null {
    return this.#address
  }

  get reach(): Reach | null {
    return this.#relay ? this.#reach : null
  }

  /**
   * Comes up as it was left; `onAtFirst` is for a fresh data folder. A relay that does not (its port is taken, a runtime
   * that cannot host one) leaves the rest of the app working, and shows as switched off.
   */
  async start(onAtFirst: boolean): Promise<void> {
    const { store } = this.#deps
    const on = store.read((db) => getSetting(db, ON)) ?? (onAtFirst ? 'yes' : 'no')
    const reach = store.read((db) => getSetting(db, REACH))
    this.#reach = reach === 'local-network' || reach === 'internet' ? reach : 'this-computer'
    if (on !== 'yes') return
    try {
      await this.#open()
    } catch (error) {
      this.#deps.log.error('embedded-relay.failed', { code: isAppError(error) ? error.code : 'unknown' })
    }
  }

  async update(change: { on?: boolean; reachableFrom?: Reach }): Promise<void> {
    const { store } = this.#deps
    const on = change.on ?? this.#relay !== null
    const reach = change.reachableFrom ?? this.#reach
    const reopen = on && (this.#relay === null || reach !== this.#reach)
    if (!on || reopen) await this.stop()
    this.#reach = reach
    if (reopen) await this.#open()
    store.write((tx) => {
      putSetting(tx, ON, on ? 'yes' : 'no')
      putSetting(tx, REACH, reach)
    })
  }

  async stop(): Promise<void> {
    const relay = this.#relay
    this.#relay = null
    this.#address = null
    await relay?.stop()
  }

  async #open(): Promise<void> {
    const { dataDir, clock, random, log } = this.#deps
    // The port is kept by the relay itself, so that links that name it stay good.
    const relay = await createRelay({
      dataDir: join(dataDir, 'relay'),
      host: this.#reach === 'this-computer' ? '127.0.0.1' : '0.0.0.0',
      port: 0,
      password: null,
      clock,
      random,
      log: log.child('relay'),
    })
    this.#relay = relay
    this.#address = relay.address
  }
}
