import { join } from 'node:path'
import { AppError, type Clock, equalBytes, isAppError, type Log, type Millis, type Random } from '#core/base'
import type { Reach } from '#core/contract'
import { formatRelayAddress, type RelayAddress } from '#core/protocol'
import { createRelay, identityExists, type Relay } from '#core/relay'
import { type ReadDb, type Store, getSetting, putSetting } from '#core/store'
import { readRelay } from './link-readers.ts'

/** `yes` and `no` as somebody switched it; `auto`: as the choice of relays says. */
const ON = 'embedded.on'
const REACH = 'embedded.reach'
/** The address that links made last name. */
const PLACE = 'embedded.place'

/** Where the relay of this computer was when it last ran; null: never. */
export function lastPlace(db: ReadDb): RelayAddress | null {
  return readRelay(getSetting(db, PLACE) ?? '')
}

/** Pauses before it is tried again, ms: a port may be free in a moment, or when another program ends. */
const TRY_AGAIN: readonly Millis[] = [2_000, 5_000, 15_000, 60_000]

/** Why it is not there although it is wanted; `port`: the one that its links name, and that it does not get. */
export interface EmbeddedTrouble {
  readonly reason: 'port-taken' | 'runtime' | 'lost' | 'failed'
  readonly port: number | null
}

const REASONS: Readonly<Record<string, EmbeddedTrouble['reason']>> = {
  'relay.port': 'port-taken',
  'relay.runtime': 'runtime',
  'relay.lost': 'lost',
}

/** The relay inside this process: its switch, how far it can be reached, and the address that follows from that. */
export class EmbeddedRelay {
  readonly #deps: { dataDir: string; store: Store; clock: Clock; random: Random; log: Log }
  #relay: Relay | null = null
  #reach: Reach = 'this-computer'
  #trouble: EmbeddedTrouble | null = null
  #attempts = 0
  #cancelRetry = (): void => {}
  /** It has come up by itself, or the reason why not has changed. */
  onChange: () => void = () => undefined

  constructor(deps: { dataDir: string; store: Store; clock: Clock; random: Random; log: Log }) {
    this.#deps = deps
  }

  get address(): RelayAddress | null {
    return this.#relay?.address ?? null
  }

  get trouble(): EmbeddedTrouble | null {
    return this.#trouble
  }

  get reach(): Reach | null {
    return this.#relay ? this.#reach : null
  }

  /**
   * Queues keep the address that they were made with, and this computer gets others in other networks: what is kept in this
   * process is found here, whatever place its address names.
   */
  dialAt(address: RelayAddress): RelayAddress {
    const own = this.address
    if (!own || !equalBytes(own.keyHash, address.keyHash)) return address
    return { ...address, hosts: ['127.0.0.1'], port: own.port }
  }

  /** Queues are kept there, of ours or of somebody else: whoever switches it off cuts them off. */
  get inUse(): boolean {
    return (this.#relay?.stats().queues ?? 0) > 0
  }

  /**
   * Comes up as it was left. Where nobody has switched it, `chosen` decides: new links are made there. Else it goes on
   * serving queues that it has, and is off without any. A relay that does not come up (its port is taken, a runtime
   * that cannot host one) leaves the rest of the app working, says why, and is tried again: never at another port,
   * which no link names.
   */
  async start(chosen: boolean): Promise<void> {
    const { store, dataDir } = this.#deps
    const on = store.read((db) => getSetting(db, ON))
    const reach = store.read((db) => getSetting(db, REACH))
    this.#reach = reach === 'local-network' || reach === 'internet' ? reach : 'this-computer'
    const isWanted = on === 'yes' || (on !== 'no' && chosen)
    if (on === 'no' || (!isWanted && !identityExists(join(dataDir, 'relay')))) return
    try {
      await this.#open()
      if (!isWanted && !this.inUse) await this.stop()
    } catch (error) {
      this.#failed(error)
    }
  }

  /** At once what would be tried later: the network is another one, a person pressed a button. */
  async retry(): Promise<void> {
    this.#cancelRetry()
    if (this.#trouble === null || this.#relay !== null) return
    try {
      await this.#open()
      this.onChange()
    } catch (error) {
      this.#failed(error)
    }
  }

  #failed(error: unknown): void {
    const { log, clock, store } = this.#deps
    log.error('embedded-relay.failed', { code: isAppError(error) ? error.code : 'unknown' })
    const port = Number(store.read(lastPlace)?.port ?? 0) || null
    const reason = REASONS[isAppError(error) ? error.code : ''] ?? 'failed'
    const isNews = this.#trouble?.reason !== reason
    this.#trouble = { reason, port }
    if (isNews) this.onChange()
    // What the runtime lacks it lacks for good, and files do not come back by themselves.
    if (reason === 'runtime' || reason === 'lost') return
    const pause = TRY_AGAIN[Math.min(this.#attempts++, TRY_AGAIN.length - 1)]!
    // It ends with a core that is closing: nobody waits for it then.
    this.#cancelRetry = clock.after(pause, () => void this.retry().catch(() => undefined))
  }

  async update(change: { on?: boolean; reachableFrom?: Reach }): Promise<void> {
    const on = change.on ?? this.#relay !== null
    await this.#become(on, change.reachableFrom ?? this.#reach)
    const { store } = this.#deps
    store.write((tx) => {
      if (change.on !== undefined) putSetting(tx, ON, on ? 'yes' : 'no')
      putSetting(tx, REACH, this.#reach)
    })
  }

  /** The choice of relays has changed. What it keeps for anybody is kept on. */
  async follow(chosen: boolean): Promise<void> {
    const { store } = this.#deps
    const on = store.read((db) => getSetting(db, ON))
    // switched on for others, whatever we ourselves use
    if (!chosen && on === 'yes') return
    await this.#become(chosen || this.inUse, this.#reach)
    if (chosen && on === 'no') store.write((tx) => putSetting(tx, ON, 'auto'))
  }

  async stop(): Promise<void> {
    this.#cancelRetry()
    this.#trouble = null
    const relay = this.#relay
    this.#relay = null
    await relay?.stop()
  }

  async #become(on: boolean, reach: Reach): Promise<void> {
    const reopen = on && (this.#relay === null || reach !== this.#reach)
    if (!on || reopen) await this.stop()
    this.#reach = reach
    if (reopen) await this.#open(true)
  }

  /** `anew`: somebody wants one whatever became of the last. */
  async #open(anew = false): Promise<void> {
    const { dataDir, store, clock, random, log } = this.#deps
    if (!anew && store.read(lastPlace) !== null && !identityExists(join(dataDir, 'relay')))
      throw new AppError('relay.lost', 'the folder of the relay is gone')
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
    this.#trouble = null
    this.#attempts = 0
    const place = formatRelayAddress(relay.address, { password: false })
    store.write((tx) => putSetting(tx, PLACE, place))
  }
}
