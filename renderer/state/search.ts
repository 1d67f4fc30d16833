/**
 * The search field: plain text filters, a link switches to link mode. The core looks at text that could hold a link
 * (`link.parse`, which asks nobody); for other text it looks through the messages of this computer (CHL-4).
 *
 *   filter --one link--> link (its dialog opens) --closed--> filter, empty
 *          --several--> choose --picked--> link
 */
import { Emitter } from '#core/base'
import type { Found, FoundMessage } from '#core/contract'
import type { Host } from '../host/index.ts'
import type { Router } from './router.ts'
import { ViewModel } from './view-model.ts'

export interface LinkFound {
  text: string
  kind: 'invitation' | 'address'
  relay: string
}

type Mode =
  /** `hits`: messages that hold the text. */
  | { mode: 'filter'; text: string; hits: readonly FoundMessage[] }
  /** `rows`: what the plan says the link already is here. */
  | { mode: 'link'; text: string; link: LinkFound; rows: readonly string[] | null }
  | { mode: 'choose'; text: string; links: readonly LinkFound[] }

/** `unreadOnly` narrows the list in every mode but that of a link. */
export type SearchState = Mode & { unreadOnly: boolean }

const EMPTY: Mode = { mode: 'filter', text: '', hits: [] }

const PAUSE_MS = 150 // ours: somebody who types fast looks through the messages once
const LEAST_LETTERS = 2 // ours: one letter is in every message

export class Search extends ViewModel<SearchState> {
  readonly #host: Pick<Host, 'call'>
  readonly #router: Router
  readonly #focus = new Emitter<void>()
  #focusAsked = false
  #turn = 0
  #pause: ReturnType<typeof setTimeout> | undefined

  constructor(host: Pick<Host, 'call'>, router: Router) {
    super({ ...EMPTY, unreadOnly: false })
    this.#host = host
    this.#router = router
    router.subscribe(() => {
      if (router.overlay?.name !== 'connect' && this.state.mode === 'link') this.clear()
    })
  }

  /** Ctrl+K: the field takes the focus. */
  askFocus(): void {
    this.#focusAsked = true
    this.#focus.emit()
  }

  /** A field that appears after the question, as on the way back from the settings, answers it too. */
  onFocusAsked(fn: () => void): () => void {
    const answer = (): void => {
      this.#focusAsked = false
      fn()
    }
    const forget = this.#focus.on(answer)
    if (this.#focusAsked) answer()
    return forget
  }

  clear(): void {
    this.#turn += 1
    clearTimeout(this.#pause)
    this.#go(EMPTY)
  }

  /** `pasted` text that tried to be a link gets an answer even when it is none (plan I). */
  async setText(text: string, pasted = false): Promise<void> {
    const turn = ++this.#turn
    clearTimeout(this.#pause)
    // what was found for the last letters stays until the next answer, so that the list does not flicker
    const hits = this.state.mode === 'filter' && text.trim() !== '' ? this.state.hits : []
    this.#go({ mode: 'filter', text, hits })
    if (!mayHoldLink(text)) return this.#findMessages(text, turn)
    const found = await this.#host.call('link.parse', { text }).catch(() => [] as Found[])
    if (turn !== this.#turn) return
    const links = found.flatMap(asLink)
    const [first, second] = distinct(links)
    if (first && second) this.#go({ mode: 'choose', text, links: distinct(links) })
    else if (first) this.pick(first)
    else if (pasted && triedToBeLink(text, found)) this.#router.connect(text)
  }

  #findMessages(text: string, turn: number): void {
    if (text.trim().length < LEAST_LETTERS) return this.#go({ mode: 'filter', text, hits: [] })
    this.#pause = setTimeout(() => {
      this.#host.call('chat.find', { text: text.trim() }).then(
        ({ messages }) => {
          if (turn === this.#turn) this.#go({ mode: 'filter', text, hits: messages })
        },
        () => undefined,
      )
    }, PAUSE_MS)
  }

  pick(link: LinkFound): void {
    this.#go({ mode: 'link', text: link.text, link, rows: null })
    this.#router.connect(link.text)
  }

  showUnreadOnly(unreadOnly: boolean): void {
    this.set({ ...this.state, unreadOnly })
  }

  #go(next: Mode): void {
    this.set({ ...next, unreadOnly: this.state.unreadOnly })
  }

  /** The link is known here: the list shows that row alone. */
  showRows(rows: readonly string[]): void {
    if (this.state.mode === 'link') this.set({ ...this.state, rows })
  }
}

/**
 * Cheap and generous: whatever has neither a colon before a slash, nor a path before the sign of its keys, nor one of
 * both as `%23` or `%3A`, nor an `@` before a name with a dot, is no link in any of the accepted forms.
 */
function mayHoldLink(text: string): boolean {
  return /:[\s\u200b-\u200d\ufeff]*\/|\/[a-z]{1,10}\/?(?:\?[^\s#]*)?[\s\u200b-\u200d\ufeff>]*(?:#|%23)|%3a%2f|(?:^|\s)[@#][^\s.]+\.[^\s]/i.test(
    text,
  )
}

function triedToBeLink(text: string, found: readonly Found[]): boolean {
  if (/\b(?:simplex|duplex)\s*:/i.test(text)) return true
  // the paths of links, with too little behind them: it was cut on its way
  if (/https?:\/\/\S+?\/(?:i|a|c|g|r|invitation|contact)\/?(?:\?[^\s#]*)?(?:#|%23)/i.test(text)) return true
  return found.some(
    (one) => one.looksLike !== undefined && one.looksLike !== 'web' && one.looksLike !== 'text',
  )
}

function asLink(found: Found): LinkFound[] {
  if (found.kind !== 'link' || !found.link) return []
  return [{ text: found.text, kind: found.link.kind, relay: found.link.relay }]
}

function distinct(links: readonly LinkFound[]): readonly LinkFound[] {
  return links.filter((link, index) => links.findIndex((other) => other.text === link.text) === index)
}
