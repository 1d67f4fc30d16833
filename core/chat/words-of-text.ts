/** Text as it is compared in searches: case and accents do not matter. The index of messages folds words alike. */
import type { Words } from '#core/store'

/** As the index cuts text into words (unicode61): letters, digits and private use; marks belong to what they stand on. */
const WORD = /[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\p{M}]*/gu
/** More words than these do not narrow a search any further. */
const MOST_WORDS = 12
/** Longest text that is looked for, UTF-16 units. */
const MOST_TEXT = 500
/** The beginning of a word is looked for from so many letters on: one letter begins half of all words. */
const LEAST_BEGUN = 2

export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
}

/** What somebody has typed: the last word may go on. */
export function wordsOf(text: string): Words {
  const short = text.slice(0, MOST_TEXT)
  const words = [...short.matchAll(WORD)].map(([word]) => word).slice(0, MOST_WORDS)
  const last = words.at(-1)
  const begun = last !== undefined && [...last].length >= LEAST_BEGUN && short.endsWith(last)
  return begun ? { whole: words.slice(0, -1), begun: last } : { whole: words, begun: null }
}

export interface Excerpt {
  before: string
  hit: string
  after: string
}

/** How much of a message stands around a hit, UTF-16 units. */
const BEFORE = 40
const AFTER = 120

/** The first of the words in a message, with what stands around it on one line. */
export function excerptOf(text: string, { whole, begun }: Words): Excerpt {
  const wanted = new Set(whole.map(folded))
  const start = begun === null ? null : folded(begun)
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const plain = folded(word)
    if (!wanted.has(plain) && (start === null || !plain.startsWith(start))) continue
    const end = index + word.length
    const before = oneLine(text.slice(Math.max(0, index - BEFORE), index))
    const after = oneLine(text.slice(end, end + AFTER))
    return {
      before: index > BEFORE ? `…${before}` : before,
      hit: word,
      after: text.length - end > AFTER ? `${after}…` : after,
    }
  }
  return { before: '', hit: '', after: oneLine(text.slice(0, BEFORE + AFTER)) }
}

/** Also without the halves of characters that were cut through. */
function oneLine(text: string): string {
  return text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '').replace(/\s+/g, ' ')
}
