import type { Store, WriteTx } from '#core/store'
import { forgetOnceBefore, getOnce, putOnce } from '#core/store'
import { type Clock } from '#core/base'
import { ContractFailure } from '#core/contract'

/** How long a repeated call is recognised: longer than anybody retries, ms. */
const KEPT = 7 * 24 * 3_600_000

/** Writes down, in the transaction that makes the thing, what a repetition of the call answers. */
export type Remember = (tx: WriteTx, result: unknown, about: string | null) => void

/** The same method with the same `once` makes one thing and answers with it. api.md, "Envelope" */
export class OnceCalls {
  readonly #store: Store
  readonly #clock: Clock
  readonly #running = new Map<string, Promise<unknown>>()

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
    store.write((tx) => forgetOnceBefore(tx, clock.now() - KEPT))
  }

  /** `make` starts at once, in this tick, unless the call is known or running. */
  async run<T>(
    method: string,
    once: string | undefined,
    make: (remember: Remember) => Promise<T> | T,
  ): Promise<T> {
    if (once === undefined) return make(() => {})
    const key = `${method} ${once}`
    for (;;) {
      const known = this.#store.read((db) => getOnce(db, method, once))
      if (known !== null) return JSON.parse(known) as T
      const running = this.#running.get(key)
      if (!running) break
      try {
        return (await running) as T
      } catch (error) {
        // Whoever stopped the first call did not stop this one.
        if (!(error instanceof ContractFailure) || error.code !== 'CANCELLED') throw error
      }
    }
    const mine = this.#make(method, once, make)
    this.#running.set(key, mine)
    try {
      return await mine
    } finally {
      if (this.#running.get(key) === mine) this.#running.delete(key)
    }
  }

  async #make<T>(method: string, once: string, make: (remember: Remember) => Promise<T> | T): Promise<T> {
    return make((tx, result, about) =>
      putOnce(tx, { method, once, result: JSON.stringify(result), about }, this.#clock.now()),
    )
  }
}
