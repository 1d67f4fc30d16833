/**
 * Requests on their way to being accepted: one attempt at a time for each, a few side by side, and again after a pause
 * while the relay is silent. What is to be accepted is in the store, so that a restart goes on.
 */
import { AppError, type Clock, isAppError, type Log } from '#core/base'
import type { Agent } from '#core/agent'
import {
  acceptanceFailed,
  acceptanceInfo,
  acceptedElsewhere,
  type ChatContext,
  recordAcceptance,
  requestGone,
} from '#core/chat'
import type { RelayAddress } from '#core/protocol'
import { getRequest, listAcceptingIds, type RequestRecord, type Store } from '#core/store'
import { toFailure } from './failures.ts'
import { relayName } from './link-readers.ts'

/** `later`: the relay is silent, it will be tried again. */
export type Outcome = { is: 'done' | 'later' | 'gone' | 'overtaken' } | { is: 'failed'; code: string }

/** Handshakes side by side: each holds a queue being made, and a flood must not take all there is. */
const SIDE_BY_SIDE = 4
/** Pauses between attempts, ms. */
const FIRST_PAUSE = 2_000
const LONGEST_PAUSE = 60_000

export interface AcceptanceDeps {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly agent: Agent
  readonly chat: ChatContext
  /** For the own queue; null: none is switched on. */
  relayForNew(): RelayAddress | null
}

export class Acceptances {
  readonly #deps: AcceptanceDeps
  readonly #stopped = new AbortController()
  readonly #attempts = new Map<string, Promise<Outcome>>()
  readonly #pauses = new Map<string, { pause: number; cancel: () => void }>()
  readonly #queue: (() => void)[] = []
  #active = 0

  constructor(deps: AcceptanceDeps) {
    this.#deps = deps
  }

  /** Goes on with what was begun before. */
  start(): void {
    for (const requestId of this.#deps.store.read(listAcceptingIds)) void this.attempt(requestId)
  }

  /** The network may be back: tries at once whatever waits for its next attempt. */
  hurry(): void {
    for (const requestId of [...this.#pauses.keys()]) void this.attempt(requestId)
  }

  async stop(): Promise<void> {
    this.#stopped.abort(new AppError('relay.closed', 'closing'))
    for (const { cancel } of this.#pauses.values()) cancel()
    for (const go of this.#queue.splice(0)) go()
    await Promise.all(this.#attempts.values())
  }

  /** The attempt that runs, or a new one. Never rejects. */
  attempt(requestId: string): Promise<Outcome> {
    const running = this.#attempts.get(requestId)
    if (running) return running
    const mine = this.#run(requestId).finally(() => this.#attempts.delete(requestId))
    this.#attempts.set(requestId, mine)
    return mine
  }

  async #run(requestId: string): Promise<Outcome> {
    const known = this.#pauses.get(requestId)
    known?.cancel()
    const outcome = await this.#inTurn(() => this.#once(requestId))
    if (outcome.is !== 'later' || this.#stopped.signal.aborted) {
      this.#pauses.delete(requestId)
      return outcome
    }
    const pause = Math.min(known ? known.pause * 2 : FIRST_PAUSE, LONGEST_PAUSE)
    const cancel = this.#deps.clock.after(pause, () => void this.attempt(requestId))
    this.#pauses.set(requestId, { pause, cancel })
    return outcome
  }

  async #inTurn(work: () => Promise<Outcome>): Promise<Outcome> {
    if (this.#active >= SIDE_BY_SIDE) await new Promise<void>((go) => this.#queue.push(go))
    else this.#active++
    try {
      return this.#stopped.signal.aborted ? { is: 'later' } : await work()
    } finally {
      // The place goes to the next in the queue, or is free.
      const next = this.#queue.shift()
      if (next) next()
      else this.#active--
    }
  }

  async #once(requestId: string): Promise<Outcome> {
    const { store, chat, log } = this.#deps
    try {
      const request = store.read((db) => getRequest(db, requestId))
      // Rejected meanwhile, or done.
      if (request?.state !== 'accepting') return { is: 'done' }
      await this.#accept(request)
      return { is: 'done' }
    } catch (error) {
      const code = isAppError(error) ? error.code : 'internal.unknown'
      if (this.#stopped.signal.aborted) return { is: 'later' }
      if (code === 'agent.already-joined') {
        store.write((tx) => acceptedElsewhere(chat, tx, requestId))
        return { is: 'done' }
      }
      if (code === 'agent.request-gone' || code === 'agent.not-found') {
        // The agent knows it no more because somebody here has rejected it meanwhile.
        if (store.read((db) => getRequest(db, requestId)) === null) return { is: 'overtaken' }
        store.write((tx) => requestGone(chat, tx, requestId))
        return { is: 'gone' }
      }
      if (toFailure(error).details.retryable && code !== 'internal.unknown') return { is: 'later' }
      log.warn('request.acceptance-failed', { code })
      store.write((tx) => acceptanceFailed(chat, tx, requestId, code))
      return { is: 'failed', code }
    }
  }

  async #accept(request: RequestRecord): Promise<void> {
    const { store, chat, agent } = this.#deps
    const replyRelay = this.#deps.relayForNew()
    if (!replyRelay) throw new AppError('relay.unreachable', 'no relay is switched on')
    const connInfo = store.write((tx) => acceptanceInfo(tx, request))
    const options = { connInfo, replyRelay, signal: this.#stopped.signal }
    await agent.acceptRequest(request.agentKey, options, (tx, { connId }) =>
      recordAcceptance(chat, tx, request.requestId, { connId, relay: relayName(replyRelay) }),
    )
  }
}
