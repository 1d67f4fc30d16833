/**
 * What a pasted, scanned or dropped text means: connection links, relay addresses, security codes, and what other
 * things look like. It trims what surrounds a link, repairs what mail programs do to one, and asks nobody.
 *
 * Time is linear in the text: every scan below has bounded look-ahead, and joining wrapped lines has a budget.
 */
import { isAppError } from '#core/base'
import { MAX_LINK, MOST_FOUND, MOST_JOINED_LINES } from './constants.ts'
import { foreignScheme, looksOfText, looksOfUrl, type LooksLike } from './looks.ts'

/** What a link says about itself without asking anybody. */
export interface LinkFacts {
  kind: 'invitation' | 'address'
  form: 'full' | 'short'
  /** Host of the first relay, with its port where that is not the usual one. */
  relay: string
  /** Set where the address belongs to a group or channel, which this client cannot join. */
  community: 'group' | 'channel' | null
}

export interface LinkProblem {
  code: 'link.invalid' | 'link.version'
  /** Offset in the link, in characters. */
  at: number
}

export interface FoundText {
  kind: 'link' | 'relay' | 'securityCode' | 'other'
  /** As repaired. */
  text: string
  link?: LinkFacts
  looksLike?: LooksLike
  /** A connection link that cannot be used; `kind` is `link` where only its version is in the way. */
  problem?: LinkProblem
}

/** How single links and relay addresses are read; the grammar itself lives in other rooms. */
export interface LinkReaders {
  /**
   * A link of any version. Throws an `AppError` with the fact `at` where it does not read;
   * `problem` where it reads and is of a version that cannot be spoken.
   */
  readLink(text: string): { facts: LinkFacts; problem: LinkProblem | null }
  isRelayAddress(text: string): boolean
}

/** Where something link-like starts. */
const START =
  /(?:simplex:\/|duplex:\/|https?:\/\/|smp:\/\/|\b[a-z][a-z0-9+-]{1,15}:\/\/|\b(?:mailto|tg|sgnl|xmpp|tox|matrix):)/gi
/** What no link contains unescaped: it ends there. agent.md 5.1 escapes all of these. */
const END = /[\s<>"'`|\\^{}()[\]*\u2018-\u201f\u00ab\u00bb\u2039\u203a\u300c-\u300f]/g
const TRAILING = '.,;:!?…'
/** Not drawn, but copied along: zero width characters, soft hyphens, direction marks, byte order marks. */
const INVISIBLE = /[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g
/** A line break inside a link, with the quote marks of a reply, and the piece of link after it. */
const WRAPPED = /[ \t]*\r?\n[ \t>]*([A-Za-z0-9\-._~%&=#/?;:+@,]+)/y

export function findLinks(text: string, readers: LinkReaders): FoundText[] {
  const clean = text.replace(INVISIBLE, '')
  const scan: Scan = { clean, readers, joinsLeft: MOST_JOINED_LINES }
  const found: { at: number; item: FoundText }[] = []
  const start = new RegExp(START)
  for (let match = start.exec(clean); match && found.length < MOST_FOUND; match = start.exec(clean)) {
    const { item, end } = readAt(scan, match.index)
    found.push({ at: match.index, item })
    start.lastIndex = Math.max(end, match.index + match[0].length)
  }
  found.push(...securityCodes(clean))
  if (found.length > 0) return found.toSorted((a, b) => a.at - b.at).map(({ item }) => item)
  const rest = clean.trim()
  return rest === '' ? [] : [{ kind: 'other', text: rest, looksLike: looksOfText(rest) }]
}

interface Scan {
  clean: string
  readers: LinkReaders
  joinsLeft: number
}

function readAt(scan: Scan, at: number): { item: FoundText; end: number } {
  const end = endOfLink(scan.clean, at)
  const text = repaired(scan.clean.slice(at, Math.min(end, at + MAX_LINK + 1)))
  if (/^smp:/i.test(text)) return { item: readRelay(scan, text), end }
  if (!mayBeConnectionLink(text)) {
    const looksLike = foreignScheme(text) ?? looksOfUrl(text)
    return { item: { kind: 'other', text, looksLike }, end }
  }
  const item = readConnectionLink(scan, text)
  if (item.problem?.code !== 'link.invalid') return { item, end }
  return joined(scan, text, end) ?? { item, end }
}

/** The longest run without a character that links escape; at least one character long. */
function endOfLink(clean: string, at: number): number {
  END.lastIndex = at + 1
  return END.exec(clean)?.index ?? clean.length
}

function repaired(raw: string): string {
  let end = raw.length
  while (end > 0 && TRAILING.includes(raw[end - 1]!)) end--
  const text = raw.slice(0, end).replaceAll('&amp;', '&')
  const colon = text.indexOf(':')
  return text.slice(0, colon).toLowerCase() + text.slice(colon)
}

/** Ours by scheme, or a web address of the shape that connection links have. agent.md 5.1, 5.4 */
function mayBeConnectionLink(text: string): boolean {
  if (/^(simplex|duplex):/.test(text)) return true
  return /^https:\/\/[^/#?]{1,300}\/(invitation|contact|[iagcrIAGCR])\/?#/.test(text)
}

function readConnectionLink(scan: Scan, text: string): FoundText {
  const plain = text.replace(USER, '$1')
  const link = plain.startsWith('duplex:') ? `simplex:${plain.slice('duplex:'.length)}` : plain
  if (link.length > MAX_LINK) return { kind: 'other', text, problem: { code: 'link.invalid', at: MAX_LINK } }
  try {
    const { facts, problem } = scan.readers.readLink(link)
    if (facts.community) return { kind: 'other', text: link, looksLike: facts.community }
    return { kind: 'link', text: link, link: facts, ...(problem && { problem }) }
  } catch (error) {
    if (!isAppError(error)) throw error
    const at = typeof error.facts['at'] === 'number' ? error.facts['at'] : 0
    return { kind: 'other', text: link, problem: { code: 'link.invalid', at } }
  }
}

/** A name in front of the host means nothing to a relay and only makes the host look like another: it is cut off, and warned of. */
const USER = /^(https:\/\/)[^/?#@]{0,300}@/

/** A link that a mail program broke over several lines: lines are added until it reads. */
function joined(scan: Scan, first: string, from: number): { item: FoundText; end: number } | null {
  let text = first
  WRAPPED.lastIndex = from
  while (scan.joinsLeft > 0 && text.length <= MAX_LINK) {
    const next = WRAPPED.exec(scan.clean)
    if (!next || START_OF_LINK.test(next[1]!)) return null
    scan.joinsLeft--
    text += next[1]!
    const end = WRAPPED.lastIndex
    const item = readConnectionLink(scan, repaired(text))
    if (!item.problem) return { item, end }
    WRAPPED.lastIndex = end
  }
  return null
}

const START_OF_LINK = /^(?:simplex|duplex|https?|smp):/i

function readRelay(scan: Scan, text: string): FoundText {
  if (scan.readers.isRelayAddress(text)) return { kind: 'relay', text }
  return { kind: 'other', text, looksLike: 'text' }
}

/** 60 to 78 digits, whole or in groups of five. agent.md 3.8: the decimal form of 256 bits. */
const CODE = /(?<![\d%])(?:(?:\d{5}\s{1,8}){11,15}\d{1,5}|\d{60,78})(?!\d)/g

function securityCodes(clean: string): { at: number; item: FoundText }[] {
  return [...clean.matchAll(CODE)].map((match) => {
    const digits = match[0].replace(/\s+/g, '')
    return { at: match.index, item: { kind: 'securityCode', text: digits.replace(/(\d{5})(?=\d)/g, '$1 ') } }
  })
}
