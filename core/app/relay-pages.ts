/**
 * Which own relays show a page to people who open a link in a browser: looked at when a relay is added, chosen or tested,
 * and remembered. Links made there are web addresses from then on.
 */
import { type Clock, deadline, type Millis } from '#core/base'
import { hasLinkPage } from '#core/client'
import { type RelayAddress, reachOf, relayKey } from '#core/protocol'
import { type Store, setRelayPage } from '#core/store'

/** Longest look, ms: less than a person waits for a test. */
const PATIENCE: Millis = 8_000

export type LookForPage = (relay: RelayAddress, options: { signal: AbortSignal }) => Promise<boolean | null>

/** Whoever opens a link of this computer sits at this computer, and needs no page. */
const lookOutside: LookForPage = async (relay, options) =>
  reachOf(relay) !== 'this-computer' && hasLinkPage(relay, options)

export class RelayPages {
  readonly #store: Store
  readonly #clock: Clock
  readonly #look: LookForPage
  readonly #stopping = new AbortController()
  readonly #running = new Set<Promise<unknown>>()

  constructor(store: Store, clock: Clock, look: LookForPage = lookOutside) {
    this.#store = store
    this.#clock = clock
    this.#look = look
  }

  /** In the background. */
  lookSoon(relays: readonly RelayAddress[]): void {
    for (const relay of relays) {
      const look = this.look(relay, this.#stopping.signal).finally(() => this.#running.delete(look))
      this.#running.add(look)
    }
  }

  /** Null: nobody could be asked, and what was known of the relay stays so. */
  async look(relay: RelayAddress, signal: AbortSignal): Promise<boolean | null> {
    using limit = deadline(this.#clock, PATIENCE, signal, () => new Error('no answer in time'))
    const page = await this.#look(relay, { signal: limit.signal })
    if (page !== null && !this.#stopping.signal.aborted) {
      this.#store.write((tx) => setRelayPage(tx, relayKey(relay), page))
    }
    return page
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await Promise.allSettled(this.#running)
  }
}
