/**
 * One conversation: its messages, oldest first, as far back as was asked for, kept true by events; and what is being typed.
 * It belongs to a row: when a joined link becomes a contact, the same timeline goes on under the contact's id.
 */
import type { ContractError, ContractEvent, Message } from '#core/contract'
import type { Host } from '../host/index.ts'
import { toFailure } from '../host/index.ts'
import { ViewModel } from './view-model.ts'

export type ChatTarget = { contactId: string } | { connectionId: string }

export interface TimelineState {
  phase: 'loading' | 'ready' | 'failed'
  messages: readonly Message[]
  /** Nothing earlier exists. */
  complete: boolean
  loadingEarlier: boolean
  /** Why the last load or send did not work; what was typed is back in `draft`. */
  error: ContractError | null
  draft: string
  /** The first message that was unread when the chat was opened. */
  firstUnread: string | null
}

const PAGE = 50 // the contract's own default
const LONG_PAGE = 500 // the most of one call: on the way back to an old message
const SAVE_AFTER_MS = 500 // ours: long enough for a word, short enough to be kept when the power goes

type Port = Pick<Host, 'call' | 'onEvent'>

export class Timeline extends ViewModel<TimelineState> {
  #target: ChatTarget
  readonly #host: Port
  readonly #forget: () => void
  /** Events that came while a page was read: newer than the page. */
  #held: Message[] | null = null
  #draftSaved: string
  #saving: ReturnType<typeof setTimeout> | undefined

  constructor(host: Port, target: ChatTarget, draft = '') {
    super({
      phase: 'loading',
      messages: [],
      complete: false,
      loadingEarlier: false,
      error: null,
      draft,
      firstUnread: null,
    })
    this.#draftSaved = draft
    this.#host = host
    this.#target = target
    this.#forget = host.onEvent((event) => this.#onEvent(event))
  }

  get target(): ChatTarget {
    return this.#target
  }

  dispose(): void {
    this.#forget()
  }

  /** The joined link became a contact; its messages keep their ids. */
  retarget(target: ChatTarget): void {
    if (sameTarget(this.#target, target)) return
    this.#target = target
    void this.load()
  }

  /** Reads the newest page. `unread` of the contact says where the line of new messages stands. */
  async load(unread = 0): Promise<void> {
    this.#held = []
    try {
      const page = await this.#host.call('chat.messages', { ...this.#target, limit: PAGE })
      const known = this.state.messages
      const newest = page.toReversed()
      const kept = known.slice(0, indexOf(known, newest[0]))
      const messages = (this.#held ?? []).reduce(
        putMessage,
        kept.length < known.length ? [...kept, ...newest] : newest,
      )
      this.#held = null
      const complete = page.length < PAGE || (this.state.complete && messages.length > newest.length)
      const firstUnread = unread > 0 ? firstOfLastIncoming(messages, unread) : this.state.firstUnread
      this.update({ phase: 'ready', messages, complete, error: null, firstUnread })
    } catch (error) {
      this.#held = null
      this.update({ phase: this.state.phase === 'ready' ? 'ready' : 'failed', error: toFailure(error) })
    }
  }

  /** What was known is no longer true: begins anew. */
  reset(): Promise<void> {
    this.update({ messages: [], complete: false, firstUnread: null })
    return this.load()
  }

  /** Reads back as far as that message; false when there is none. */
  async reveal(messageId: string): Promise<boolean> {
    const isHere = (): boolean => this.state.messages.some((one) => one.messageId === messageId)
    while (!isHere() && this.state.phase === 'ready' && !this.state.complete) {
      const before = this.state.messages.length
      await this.loadEarlier(LONG_PAGE)
      if (this.state.messages.length === before) break
    }
    return isHere()
  }

  async loadEarlier(limit = PAGE): Promise<void> {
    const { phase, complete, loadingEarlier, messages } = this.state
    const first = messages[0]
    if (phase !== 'ready' || complete || loadingEarlier || !first) return
    this.update({ loadingEarlier: true })
    try {
      const page = await this.#host.call('chat.messages', {
        ...this.#target,
        before: first.messageId,
        limit,
      })
      const known = new Set(this.state.messages.map((message) => message.messageId))
      const earlier = page.toReversed().filter((message) => !known.has(message.messageId))
      this.update({
        messages: [...earlier, ...this.state.messages],
        complete: page.length < limit,
        loadingEarlier: false,
      })
    } catch (error) {
      this.update({ loadingEarlier: false, error: toFailure(error) })
    }
  }

  setDraft(draft: string): void {
    this.update({ draft })
    this.#saveSoon()
  }

  /** Keeps what is being typed in the data folder, so that it outlives this window. Links that have no contact yet keep none. */
  #saveSoon(): void {
    clearTimeout(this.#saving)
    this.#saving = setTimeout(() => this.flushDraft(), SAVE_AFTER_MS)
  }

  flushDraft(): void {
    clearTimeout(this.#saving)
    const { draft } = this.state
    if (!('contactId' in this.#target) || draft === this.#draftSaved) return
    this.#draftSaved = draft
    const text = draft.trim() === '' ? null : draft
    this.#host.call('chat.setDraft', { contactId: this.#target.contactId, text }).catch(() => undefined)
  }

  /** The chat is looked at anew: the line of new messages stands before the last `unread` of the other side. */
  showUnread(unread: number): void {
    if (this.state.phase !== 'ready') return
    this.update({ firstUnread: unread > 0 ? firstOfLastIncoming(this.state.messages, unread) : null })
  }

  /** Sends what is typed. The field empties at once; a refusal gives the text back, unless something new was typed. */
  async send(newId: () => string = () => crypto.randomUUID()): Promise<void> {
    const text = this.state.draft
    if (text.trim() === '') return
    this.update({ draft: '', error: null, firstUnread: null })
    try {
      const message = await this.#host.call('message.send', { ...this.#target, text, once: newId() })
      this.#put(message)
      this.#saveSoon()
    } catch (error) {
      const draft = this.state.draft === '' ? text : `${text}\n${this.state.draft}`
      this.update({ draft, error: toFailure(error) })
    }
  }

  async retry(messageId: string): Promise<void> {
    try {
      this.#put(await this.#host.call('message.retry', { messageId }))
    } catch (error) {
      this.update({ error: toFailure(error) })
    }
  }

  #onEvent(event: ContractEvent): void {
    if (event.event !== 'message.received' && event.event !== 'message.updated') return
    const message = event.data
    const known = this.state.messages.some((one) => one.messageId === message.messageId)
    if (known || isOf(message, this.#target)) this.#put(message)
  }

  #put(message: Message): void {
    if (this.#held) this.#held.push(message)
    if (this.state.phase === 'ready') this.update({ messages: putMessage(this.state.messages, message) })
  }
}

/** In its place when known, else at the end: events come in the order of the store. */
export function putMessage(messages: readonly Message[], message: Message): readonly Message[] {
  const at = messages.findLastIndex((one) => one.messageId === message.messageId)
  return at === -1 ? [...messages, message] : messages.with(at, message)
}

function indexOf(messages: readonly Message[], message: Message | undefined): number {
  const at = messages.findIndex((one) => one.messageId === message?.messageId)
  return at === -1 ? messages.length : at
}

function firstOfLastIncoming(messages: readonly Message[], count: number): string | null {
  const incoming = messages.filter((message) => message.direction === 'in')
  return incoming[Math.max(0, incoming.length - count)]?.messageId ?? null
}

function isOf(message: Message, target: ChatTarget): boolean {
  if ('contactId' in target) return message.contactId === target.contactId
  return message.contactId === null && message.connectionId === target.connectionId
}

function sameTarget(a: ChatTarget, b: ChatTarget): boolean {
  if ('contactId' in a) return 'contactId' in b && a.contactId === b.contactId
  return 'connectionId' in b && a.connectionId === b.connectionId
}
