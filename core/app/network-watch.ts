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

/** Watches the connections to relays and says when the picture as a whole changes. */
export class NetworkWatch {
  readonly #clock: Clock
  readonly #seen = new Map<string, SeenRelay>()
  readonly #waiting: () => number
  readonly #tell: () => void
  #state: Network['state'] = 'online'
  #since: Millis
  #told: { state: Network['state']; waiting: number }
  #quietUntil = 0
  #planned: (() => void) | null = null

  constructor(clock: Clock, waiting: () => number, tell: () => void) {
    this.#clock = clock
    this.#waiting = waiting
    this.#tell = tell
    this.#since = clock.now()
    this.#told = { state: 'online', waiting: waiting() }
  }

  follow(pool: RelayPool, onRelay: (address: RelayAddress, seen: SeenRelay) => void): () => void {
    return pool.onStatus(({ address, status }) => {
      const key = relayKey(address)
      const before = this.#seen.get(key)
      const seen = seenNow(before, status)
      this.#seen.set(key, seen)
      this.#update()
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

  /** Something may have changed: tells now, or as soon as the pause is over, or not at all. */
  check(): void {
    if (this.#planned) return
    const wait = this.#quietUntil - this.#clock.now()
    if (wait > 0) {
      this.#planned = this.#clock.after(wait, () => {
        this.#planned = null
        this.check()
      })
      return
    }
    const now = { state: this.#state, waiting: this.#waiting() }
    if (now.state === this.#told.state && now.waiting === this.#told.waiting) return
    this.#told = now
    this.#quietUntil = this.#clock.now() + PAUSE
    this.#tell()
  }

  stop(): void {
    this.#planned?.()
    this.#planned = null
  }

  #update(): void {
    const states = [...this.#seen.values()].map((seen) => seen.state).filter((state) => state !== 'idle')
    const state = overall(states)
    if (state !== this.#state) {
      this.#state = state
      this.#since = this.#clock.now()
    }
    this.check()
  }
}

/** Trying again after a failure looks like offline until it works; the time is that of the first failure. */
function seenNow(before: SeenRelay | undefined, status: RelayStatus): SeenRelay {
  const retrying = status.state === 'connecting' && before?.state === 'offline'
  if (retrying) return before
  const since = before?.state === status.state ? before.since : status.since
  return { state: status.state, since, error: status.state === 'online' ? null : status.error }
}

function overall(states: readonly SeenState[]): Network['state'] {
  if (states.every((state) => state === 'online')) return 'online'
  if (states.some((state) => state === 'online')) return 'partly'
  return states.includes('connecting') ? 'connecting' : 'offline'
}
