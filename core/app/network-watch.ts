import type { Clock, Millis } from '#core/base'
import type { RelayPool, RelayStatus } from '#core/client'
import type { Network } from '#core/contract'
import { type RelayAddress, relayKey } from '#core/protocol'

/** `network.status` at most twice a second. api.md, "Events" */
const PAUSE = 500

/** What a person sees of a relay: waiting for another try after a failure is still "offline". */
export type SeenState = 'online' | 'connecting' | 'offline' | 'idle'

export interface SeenRelay {
  state: SeenState
  since: Millis
  error: string | null
}

/** One that something of ours needs and that does not answer. */
export interface SilentRelay extends SeenRelay {
  address: RelayAddress
  state: 'connecting' | 'offline'
}

/**
 * Watches the connections to relays and says when the picture as a whole changes. A relay that nothing of ours needs is
 * no part of it, however the last attempt to reach it ended: it was removed, or only looked at.
 */
export class NetworkWatch {
  readonly #clock: Clock
  readonly #seen = new Map<string, SeenRelay & { address: RelayAddress }>()
  readonly #waiting: () => number
  readonly #needed: (relays: ReadonlySet<string>) => ReadonlySet<string>
  readonly #tell: () => void
  #silent: readonly SilentRelay[] = []
  #state: Network['state'] = 'online'
  #since: Millis
  #told: string
  #quietUntil = 0
  #planned: (() => void) | null = null

  constructor(
    clock: Clock,
    waiting: () => number,
    /** Which of these, by their keys, something waits for. */
    needed: (relays: ReadonlySet<string>) => ReadonlySet<string>,
    tell: () => void,
  ) {
    this.#clock = clock
    this.#waiting = waiting
    this.#needed = needed
    this.#tell = tell
    this.#since = clock.now()
    this.#told = this.#picture()
  }

  follow(pool: RelayPool, onRelay: (address: RelayAddress, seen: SeenRelay) => void): () => void {
    return pool.onStatus(({ address, status }) => {
      const key = relayKey(address)
      const before = this.#seen.get(key)
      const seen = { ...seenNow(before, status), address }
      this.#seen.set(key, seen)
      this.check()
      if (before?.state !== seen.state || before.error !== seen.error) onRelay(address, seen)
    })
  }

  relay(address: RelayAddress): SeenRelay {
    return this.#seen.get(relayKey(address)) ?? { state: 'idle', since: this.#since, error: null }
  }

  get state(): Network['state'] {
    return this.#state
  }

  get since(): Millis {
    return this.#since
  }

  get silent(): readonly SilentRelay[] {
    return this.#silent
  }

  /** Something may have changed: tells now, or as soon as the pause is over, or not at all. */
  check(): void {
    this.#look()
    if (this.#planned) return
    const wait = this.#quietUntil - this.#clock.now()
    if (wait > 0) {
      this.#planned = this.#clock.after(wait, () => {
        this.#planned = null
        this.check()
      })
      return
    }
    const picture = this.#picture()
    if (picture === this.#told) return
    this.#told = picture
    this.#quietUntil = this.#clock.now() + PAUSE
    this.#tell()
  }

  stop(): void {
    this.#planned?.()
    this.#planned = null
  }

  #look(): void {
    const seen = [...this.#seen].filter(([, { state }]) => state !== 'idle')
    const without = new Set(seen.filter(([, { state }]) => state !== 'online').map(([key]) => key))
    const needed = without.size > 0 ? this.#needed(without) : without
    this.#silent = seen.flatMap(([key, one]) => (needed.has(key) ? [one as SilentRelay] : []))
    const isAnyOnline = seen.some(([, { state }]) => state === 'online')
    const state = overall(this.#silent, isAnyOnline)
    if (state === this.#state) return
    this.#state = state
    this.#since = this.#clock.now()
  }

  #picture(): string {
    const silent = this.#silent.map(({ address, state, error }) => `${relayKey(address)} ${state} ${error}`)
    return [this.#state, this.#waiting(), ...silent].join('\n')
  }
}

/** Trying again after a failure looks like offline until it works; the time is that of the first failure. */
function seenNow(before: SeenRelay | undefined, status: RelayStatus): SeenRelay {
  const retrying = status.state === 'connecting' && before?.state === 'offline'
  if (retrying) return before
  const since = before?.state === status.state ? before.since : status.since
  return { state: status.state, since, error: status.state === 'online' ? null : status.error }
}

function overall(silent: readonly SilentRelay[], isAnyOnline: boolean): Network['state'] {
  if (silent.length === 0) return 'online'
  if (isAnyOnline) return 'partly'
  return silent.some(({ state }) => state === 'connecting') ? 'connecting' : 'offline'
}
