/** The timelines of rows opened so far, so that a draft and the place in a chat outlive a look at another one. */
import type { Host } from '../host/index.ts'
import { Timeline } from './timeline.ts'
import type { ChatTarget } from './timeline.ts'

const KEPT = 30 // ours: chats a person hops between in a sitting; older ones are read again

export class Timelines {
  readonly #host: Pick<Host, 'call' | 'onEvent'>
  readonly #byRow = new Map<string, Timeline>()

  constructor(host: Pick<Host, 'call' | 'onEvent'>) {
    this.#host = host
  }

  of(rowId: string, target: ChatTarget, unread: number, draft: string | null = null): Timeline {
    const known = this.#byRow.get(rowId)
    if (known) {
      this.#byRow.delete(rowId)
      this.#byRow.set(rowId, known)
      return known
    }
    const made = new Timeline(this.#host, target, draft ?? '')
    this.#byRow.set(rowId, made)
    void made.load(unread)
    this.#dropOldest()
    return made
  }

  /** The messages are gone: the next look reads what is left. */
  forget(rowId: string): void {
    void this.#byRow.get(rowId)?.reset()
  }

  /** After a broken door: events were missed. */
  reloadAll(): void {
    for (const timeline of this.#byRow.values()) void timeline.load()
  }

  #dropOldest(): void {
    for (const [rowId, timeline] of this.#byRow) {
      if (this.#byRow.size <= KEPT) return
      if (timeline.state.draft !== '') continue
      timeline.dispose()
      this.#byRow.delete(rowId)
    }
  }
}
