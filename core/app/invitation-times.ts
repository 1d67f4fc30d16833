import { alarm, type Clock } from '#core/base'
import { type ChatContext, dueAt, passTime } from '#core/chat'
import { listTimedInvitations, type Store } from '#core/store'

/** Revokes links whose date is past, and tells of opened ones that nobody completes. INV-9, INV-13 */
export class InvitationTimes {
  readonly #store: Store
  readonly #chat: ChatContext
  readonly #clock: Clock
  #cancel = (): void => {}
  #stopped = false

  constructor(store: Store, chat: ChatContext, clock: Clock) {
    this.#store = store
    this.#chat = chat
    this.#clock = clock
  }

  /** At the start, after sleep, and when a date or an opening was written down: does what is due, and plans the next look. */
  check(): void {
    if (this.#stopped) return
    this.#cancel()
    this.#cancel = () => {}
    const timed = this.#store.read(listTimedInvitations)
    if (Math.min(...timed.map(dueAt)) <= this.#clock.now()) {
      this.#store.write((tx) => passTime(this.#chat, tx, timed))
    }
    const next = Math.min(...this.#store.read(listTimedInvitations).map(dueAt))
    if (next === Infinity) return
    this.#cancel = alarm(this.#clock, next, () => this.check())
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
  }
}
