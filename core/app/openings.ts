import { type Clock, isAppError, type Log, sleep } from '#core/base'
import type { Agent } from '#core/agent'
import { type ChatContext, isOpen, noteOpened } from '#core/chat'
import { getConnection, type Store } from '#core/store'

/** A relay is asked about one link at most so often, ms. api.md, `connection.get` */
const LEAST_PAUSE = 60_000
/** How long an answer waits for the relay; what it says later is told by an event. */
const PATIENCE = 1_500

export interface OpeningsDeps {
  readonly store: Store
  readonly chat: ChatContext
  readonly agent: Agent
  readonly clock: Clock
  readonly log: Log
  /** An opening was written down. */
  readonly opened: () => void
}

/** Asks relays whether links made here were opened, while somebody looks at them. */
export class Openings {
  readonly #deps: OpeningsDeps
  readonly #asked = new Map<string, { at: number; answer: Promise<void> }>()
  readonly #stop = new AbortController()

  constructor(deps: OpeningsDeps) {
    this.#deps = deps
  }

  /** Resolves when the relay has answered, was asked lately, or takes too long. */
  async look(connectionId: string): Promise<void> {
    const { store, clock } = this.#deps
    const now = clock.now()
    for (const [id, { at }] of this.#asked) if (now - at >= LEAST_PAUSE) this.#asked.delete(id)
    const connection = store.read((db) => getConnection(db, connectionId))
    if (!connection || !isOpen(connection) || connection.openedAt !== null) return
    const known = this.#asked.get(connectionId)
    const answer = known?.answer ?? this.#ask(connectionId, connection.connId)
    if (!known) this.#asked.set(connectionId, { at: now, answer })
    await Promise.race([answer, sleep(clock, PATIENCE, this.#stop.signal).catch(() => {})])
  }

  stop(): void {
    this.#stop.abort()
  }

  async #ask(connectionId: string, connId: string): Promise<void> {
    const { agent, store, chat, log, opened } = this.#deps
    try {
      if (!(await agent.linkOpened(connId, { signal: this.#stop.signal }))) return
      store.write((tx) => {
        noteOpened(chat, tx, connectionId, connId)
        tx.afterCommit(opened)
      })
    } catch (error) {
      // Nobody waits for this: it is asked again when somebody looks again.
      log.debug('link.not-asked', { code: isAppError(error) ? error.code : 'unknown' })
    }
  }
}
