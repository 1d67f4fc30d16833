/**
 * Links that were used while their relay could not be reached: tried again when a relay answers, after a pause, and at the
 * next start. Each is a row of its own from the beginning, and becomes the connection that it was waiting for.
 */
import { isAppError, type Log, type Millis } from '#core/base'
import { queuedFailed, queuedWaits, recordQueued } from '#core/chat'
import { ContractFailure } from '#core/contract'
import type { ErrorCode, Result } from '#core/contract'
import { getConnection, listQueuedConnections } from '#core/store'
import type { AppContext } from './app-context.ts'
import { connectNow, type Wish } from './connecting.ts'
import { nameIsUsed } from './incognito-choice.ts'
import { type CheckedLink, checkLink } from './link-check.ts'
import type { Remember } from './once.ts'

/** Pauses between attempts, ms. */
const FIRST_PAUSE: Millis = 5_000
const LONGEST_PAUSE: Millis = 120_000

/** What is kept of a call: the link as repaired, and everything that was asked for with it. */
interface Queued {
  link: string
  wish: Wish
}

/** Whoever tries a link that waits, or changes who will be shown to whom it leads, holds this. */
export const rowKey = (connectionId: string): string => `row ${connectionId}`

/** The same call in another name. */
export function queuedAs(queued: string, who: Pick<Wish, 'profileId' | 'incognitoName'>): string {
  const { link, wish } = JSON.parse(queued) as Queued
  const as: Queued = { link, wish: { ...wish, ...who } }
  return JSON.stringify(as)
}

export class QueuedLinks {
  readonly #app: () => AppContext
  readonly #log: Log
  readonly #stopped = new AbortController()
  #running: Promise<void> | null = null
  #again = false
  #pause = FIRST_PAUSE
  #cancel = (): void => {}

  constructor(app: () => AppContext, log: Log) {
    this.#app = app
    this.#log = log
  }

  start(): void {
    this.hurry()
  }

  /** Keeps the call as a row; it is tried as soon as a relay answers. */
  add(checked: CheckedLink, wish: Wish, remember: Remember): Result<'connection.connect'> {
    const app = this.#app()
    // The name was chosen; the suggestion is used up by it.
    const { incognitoId: _, ...kept } = wish
    const queued: Queued = { link: checked.text, wish: kept }
    const result = app.store.write((tx) => {
      nameIsUsed(app, tx, wish)
      const { connectionId } = recordQueued(app.chat, tx, {
        profileId: wish.profileId,
        incognitoName: wish.incognitoName,
        name: wish.name ?? null,
        relay: checked.relayName,
        kind: checked.link.kind === 'invitation' ? 'invitation' : 'address',
        what: JSON.stringify(queued),
      })
      const made = { connectionId, contactId: null }
      remember(tx, made, connectionId)
      return made
    })
    this.#later()
    return result
  }

  /** A relay answers, or the network may be back. */
  hurry(): void {
    this.#pause = FIRST_PAUSE
    this.#go()
  }

  async stop(): Promise<void> {
    this.#stopped.abort(new Error('closing'))
    this.#cancel()
    await this.#running
  }

  #go(): void {
    if (this.#stopped.signal.aborted) return
    this.#cancel()
    this.#again = true
    this.#running ??= this.#run().finally(() => {
      this.#running = null
    })
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#stopped.signal.aborted) {
      this.#again = false
      const { store, links } = this.#app()
      for (const { connectionId } of store.read(listQueuedConnections)) {
        await links.run(rowKey(connectionId), () => this.#attempt(connectionId))
      }
    }
    if (!this.#stopped.signal.aborted && this.#app().store.read(listQueuedConnections).length > 0)
      this.#later()
  }

  #later(): void {
    if (this.#stopped.signal.aborted) return
    this.#cancel()
    this.#cancel = this.#app().clock.after(this.#pause, () => this.#go())
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE)
  }

  async #attempt(connectionId: string): Promise<void> {
    const app = this.#app()
    // Deleted, or changed, while others were tried.
    const now = app.store.read((db) => getConnection(db, connectionId))
    if (now?.phase !== 'queued' || now.queued === null || this.#stopped.signal.aborted) return
    const { alias } = now
    const { link, wish } = JSON.parse(now.queued) as Queued
    try {
      const wanted: Wish = { ...wish, connectionId, ...(alias !== null && { name: alias }) }
      await connectNow(app, checkLink(link), wanted, this.#stopped.signal, () => {})
    } catch (error) {
      if (this.#stopped.signal.aborted) return
      if (error instanceof ContractFailure && error.details.retryable) return
      const code = codeOf(error)
      const why = causeHere(error, code)
      if (why !== null) return app.store.write((tx) => queuedWaits(app.chat, tx, connectionId, why))
      this.#log.info('link.queued-failed', { code })
      app.store.write((tx) => queuedFailed(app.chat, tx, connectionId, code))
    }
  }
}

/** As rows keep it. */
const CODES: Partial<Record<ErrorCode, string>> = {
  LINK_USED: 'agent.link-used',
  LINK_OWN: 'agent.already-joined',
  ALREADY_CONNECTED: 'agent.already-joined',
}

/** What is missing here, in the form of rows: it can be put right, and the link is good until then. */
function causeHere(error: unknown, code: string): string | null {
  if (code === 'relay.none' || code === 'store.full' || code === 'store.read-only') return code
  // What answers in the place of the relay of the link, or does not fit it, may be put right there.
  if (code.startsWith('relay.') && code !== 'relay.refused' && !isOwn(error)) return code
  if (!(error instanceof ContractFailure) || !isOwn(error)) return null
  return `${code} ${error.details.address ?? ''}`.trimEnd()
}

function isOwn(error: unknown): boolean {
  return error instanceof ContractFailure && error.details.own === true
}

function codeOf(error: unknown): string {
  const cause = error instanceof ContractFailure ? error.cause : error
  if (isAppError(cause)) return cause.code
  return (error instanceof ContractFailure && CODES[error.code]) || 'internal.unknown'
}
