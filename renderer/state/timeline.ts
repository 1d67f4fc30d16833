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

type Port = Pick<Host, 'call' | 'onEvent'>

export class Timeline extends ViewModel<TimelineState> {
  #target: ChatTarget
  readonly #host: Port
  readonly #forget: () => void
  /** Events that came while a page was read: newer than the page. */
  #held: Message[] | null = null

  constructor(host: Port, target: ChatTarget) {
    super({
      phase: 'loading',
      messages: [],
      complete: false,
      loadingEarlier: false,
      error: null,
      draft: '',
      firstUnread: null,
    })
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

  async loadEarlier(): Promise<void> {
    const { phase, complete, loadingEarlier, messages } = this.state
    const first = messages[0]
    if (phase !== 'ready' || complete || loadingEarlier || !first) return
    this.update({ loadingEarlier: true })
    try {
      const page = await this.#host.call('chat.messages', {
        ...this.#target,
        before: first.messageId,
        limit: PAGE,
      })
      const known = new Set(this.state.messages.map((message) => message.messageId))
      const earlier = page.toReversed().filter((message) => !known.has(message.messageId))
      this.update({
        messages: [...earlier, ...this.state.messages],
        complete: page.length < PAGE,
        loadingEarlier: false,
      })
    } catch (error) {
      this.update({ loadingEarlier: false, error: toFailure(error) })
    }
  }

  setDraft(draft: string): void {
    this.update({ draft })
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
