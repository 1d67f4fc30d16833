import { alarm, type Clock, type Millis } from '#core/base'
import { type ChatContext, publishAddress } from '#core/chat'
import { getAddress, isReplacing, listAllAddresses, type ReadDb, type Store } from '#core/store'

/** How often it is looked whether the old relay of a replaced link has done its part, ms. */
const REPLACE_LOOK = 1_000

export function isStillReplacing(db: ReadDb, addressId: string): boolean {
  const address = getAddress(db, addressId)
  return address !== null && isReplacing(db, address)
}

/** Tells what of an address changes by itself: the date on which it stops, and the end of a replacement. */
export class AddressTimes {
  readonly #store: Store
  readonly #chat: ChatContext
  readonly #clock: Clock
  readonly #replacing = new Set<string>()
  #cancel = (): void => {}
  /** The next date on which one stops, as it was last planned. */
  #stopsAt: Millis = Infinity
  #stopped = false

  constructor(store: Store, chat: ChatContext, clock: Clock) {
    this.#store = store
    this.#chat = chat
    this.#clock = clock
  }

  /** Something of an address changed, or its time has come: looks, and plans the next look. */
  check(): void {
    if (this.#stopped) return
    this.#cancel()
    const now = this.#clock.now()
    if (now >= this.#stopsAt) this.tellAll()
    const { replacing, next } = this.#store.read((db) => {
      const addresses = listAllAddresses(db)
      return {
        replacing: addresses.filter((one) => isReplacing(db, one)).map(({ addressId }) => addressId),
        next: Math.min(
          ...addresses.map(({ stopAt }) => (stopAt !== null && stopAt > now ? stopAt : Infinity)),
        ),
      }
    })
    const done = [...this.#replacing].filter((addressId) => !replacing.includes(addressId))
    this.#replacing.clear()
    for (const addressId of replacing) this.#replacing.add(addressId)
    this.#tell(done)
    this.#stopsAt = next
    if (replacing.length > 0) this.#cancel = this.#clock.after(REPLACE_LOOK, () => this.check())
    else if (next !== Infinity) this.#cancel = alarm(this.#clock, next, () => this.check())
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
  }

  /** What is told with every address has changed: which relays are switched on. */
  tellAll(): void {
    this.#tell(this.#store.read((db) => listAllAddresses(db).map(({ addressId }) => addressId)))
  }

  #tell(addressIds: readonly string[]): void {
    if (addressIds.length === 0) return
    this.#store.write((tx) => {
      for (const addressId of addressIds) {
        this.#chat.changes.record(tx, { type: 'address.updated', addressId })
        publishAddress(this.#chat, tx, addressId)
      }
    })
  }
}
