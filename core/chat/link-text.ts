/**
 * What a pasted, scanned or dropped text means: connection links, relay addresses, security codes, and what other
 * things look like. It trims what surrounds a link, repairs what mail programs, pages and people do to one
 * (link-repair.ts), and asks nobody.
 *
 * Time is linear in the text: every scan below has bounded look-ahead, and joining wrapped lines has a budget.
 */
import { isAppError } from '#core/base'
import { MAX_LINK, MOST_FOUND, MOST_JOINED_LINES } from './constants.ts'
import {
  beforeHost,
  endOfLink,
  INVISIBLE,
  linkInside,
  LINK_START,
  mayGoOnAsLink,
  plainText,
  repairedLink,
  unescaped,
  unquoted,
  WRAPPED,
} from './link-repair.ts'
import { foreignScheme, looksOfText, looksOfUrl, type LooksLike, ofThisNetwork } from './looks.ts'

/** What a link says about itself without asking anybody. */
export interface LinkFacts {
  kind: 'invitation' | 'address'
  form: 'full' | 'short'
  /** Host of the first relay, with its port where that is not the usual one. */
  relay: string
  /** Set where the address belongs to a group, a channel or a channel's relay, which this client cannot join. */
  community: 'group' | 'channel' | 'relay' | null
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
   * A link of any version, and the one way to write it. Throws an `AppError` with the fact `at` where it does not
   * read; `problem` where it reads and is of a version that cannot be spoken.
   */
  readLink(text: string): { text: string; facts: LinkFacts; problem: LinkProblem | null }
  isRelayAddress(text: string): boolean
}

export function findLinks(text: string, readers: LinkReaders): FoundText[] {
  const clean = unescaped(text.replace(INVISIBLE, ''))
  const scan: Scan = { clean, readers, joinsLeft: MOST_JOINED_LINES }
  const found: { at: number; item: FoundText }[] = []
  const start = new RegExp(LINK_START)
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

interface Read {
  item: FoundText
  end: number
}

function readAt(scan: Scan, at: number): Read {
  const { clean } = scan
  const end = endOfLink(clean, at)
  const before = beforeHost(clean, at)
  const raw = (before?.part ?? '') + clean.slice(at, Math.min(end, at + MAX_LINK + 1))
  const text = repairedLink(raw)
  if (text.startsWith('smp:')) return { item: readRelay(scan, text), end }
  const kind = ofThisNetwork(text)
  if (before?.is === 'unsure' && kind !== null) {
    return { item: { kind: 'other', text, problem: { code: 'link.invalid', at: 0 } }, end }
  }
  if (kind === 'connection') {
    const item = readConnectionLink(scan, text)
    if (item.problem?.code !== 'link.invalid') return goesOn(scan, raw, { item, end })
    return joined(scan, raw, end) ?? { item: decoded(scan, at) ?? item, end }
  }
  if (kind !== null) return { item: { kind: 'other', text, looksLike: kind }, end }
  const inside = linkInside(text)
  if (inside !== null) {
    const item = readConnectionLink(scan, inside)
    if (item.problem === undefined) return { item, end }
  }
  const whole = mayGoOnAsLink(raw) ? joined(scan, raw, end) : null
  return whole ?? { item: { kind: 'other', text, looksLike: foreignScheme(text) ?? looksOfUrl(text) }, end }
}

function readConnectionLink(scan: Scan, text: string): FoundText {
  if (text.length > MAX_LINK) return { kind: 'other', text, problem: { code: 'link.invalid', at: MAX_LINK } }
  try {
    const { text: link, facts, problem } = scan.readers.readLink(text)
    if (facts.community) return { kind: 'other', text: link, looksLike: facts.community }
    return { kind: 'link', text: link, link: facts, ...(problem && { problem }) }
  } catch (error) {
    if (!isAppError(error)) throw error
    const at = typeof error.facts['at'] === 'number' ? error.facts['at'] : 0
    return { kind: 'other', text, problem: { code: 'link.invalid', at } }
  }
}

/** A link that a mail program broke over several lines: lines are added until it reads. */
function joined(scan: Scan, first: string, from: number): Read | null {
  let text = first
  let width = first.length
  for (let next = nextLine(scan, from, text); next !== null; next = nextLine(scan, next.end, text)) {
    text += next.text
    const item = read(scan, text)
    if (item && !item.problem) {
      const isFull = next.text.length >= width
      return goesOn(scan, text, { item, end: next.end }, isFull ? next.text.length : Infinity)
    }
    width = Math.max(width, next.text.length)
  }
  return null
}

/**
 * A link that reads already may be broken before a part that may be left out, and through the last host of all. What
 * follows belongs to it where it is a line of its own with signs of links in it, or where all lines so far were full.
 */
function goesOn(scan: Scan, raw: string, whole: Read, width = Infinity): Read {
  let best = whole
  let text = raw
  let before = width === Infinity ? 0 : width
  for (let next = nextLine(scan, whole.end, text); next !== null; next = nextLine(scan, next.end, text)) {
    if (!next.isWhole || !(before >= width || /^\?|[&%=]/.test(next.text))) break
    text += next.text
    const item = read(scan, text)
    if (item && !item.problem) best = { item, end: next.end }
    before = next.text.length
  }
  return best
}

function read(scan: Scan, raw: string): FoundText | null {
  const text = repairedLink(raw)
  return ofThisNetwork(text) === 'connection' ? readConnectionLink(scan, text) : null
}

interface Line {
  text: string
  end: number
  /** Nothing else stands in it. */
  isWhole: boolean
}

function nextLine(scan: Scan, from: number, before: string): Line | null {
  if (scan.joinsLeft === 0 || before.length > MAX_LINK) return null
  WRAPPED.lastIndex = from
  const next = WRAPPED.exec(scan.clean)
  if (!next || STARTS_ANEW.test(next[1]!)) return null
  scan.joinsLeft--
  const end = WRAPPED.lastIndex
  return { text: next[1]!, end, isWhole: /^[ \t]*(?:\r?\n|$)/.test(scan.clean.slice(end, end + 100)) }
}

const STARTS_ANEW = /^(?:simplex|duplex|https?|smp):/i

/** The source of a mail, copied as it travels (RFC 2045, 6.7). */
function decoded(scan: Scan, at: number): FoundText | null {
  if (scan.joinsLeft === 0) return null
  const text = unquoted(scan.clean.slice(at, at + MAX_LINK))
  if (text === null) return null
  scan.joinsLeft--
  const item = read(scan, plainText(text))
  return item && !item.problem ? item : null
}

function readRelay(scan: Scan, text: string): FoundText {
  let end = text.length
  while (text[end - 1] === '/') end--
  const found = [text, text.slice(0, end)].find((one) => scan.readers.isRelayAddress(one))
  return found === undefined ? { kind: 'other', text, looksLike: 'text' } : { kind: 'relay', text: found }
}

/** 60 to 78 digits, whole or in groups of five. agent.md 3.8: the decimal form of 256 bits. */
const CODE = /(?<![\d%])(?:(?:\d{5}\s{1,8}){11,15}\d{1,5}|\d{60,78})(?!\d)/g

function securityCodes(clean: string): { at: number; item: FoundText }[] {
  return [...clean.matchAll(CODE)].map((match) => {
    const digits = match[0].replace(/\s+/g, '')
    return { at: match.index, item: { kind: 'securityCode', text: digits.replace(/(\d{5})(?=\d)/g, '$1 ') } }
  })
}
