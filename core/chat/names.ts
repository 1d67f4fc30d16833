import { MAX_NAME, MAX_PUNCTUATION_RUN } from './constants.ts'

const LETTER_NUMBER_SYMBOL = /^[\p{L}\p{N}\p{S}]$/u
/**
 * Letters and symbols that are drawn as nothing: what Unicode lets programs ignore (the fillers of Hangul among them),
 * the empty cell of Braille, an empty note head, the blanks of hieroglyphs.
 */
const BLANK = /[\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{1d159}\u{13441}\u{13442}]/u
const PUNCTUATION = /^\p{P}$/u
const MARK = /^\p{M}$/u
const SPACE = /^[\p{Zs}\t\n\v\f\r]$/u

/**
 * The valid display name nearest to `text`: built character by character by the rules of chat.md 2.3.
 * A name is valid when it equals this and is not empty.
 */
export function nearestName(text: string): string {
  return allowed(text).slice(0, MAX_NAME).join('').replace(/ +$/, '')
}

/** What is offered in place of a name that is not valid: the nearest one; of one that is too long, whole words. */
export function suggestedName(text: string): string {
  const kept = allowed(text)
  if (kept.length <= MAX_NAME) return nearestName(text)
  // one more: where it is the space, the word before it is whole
  const space = kept.slice(0, MAX_NAME + 1).lastIndexOf(' ')
  const words = space > 0 ? kept.slice(0, space).join('') : fitting(kept.join(''), 'word')
  const name = words.replace(/[\p{P}\p{Zs}]+$/u, '')
  return name === '' ? fitting(kept.join(''), 'grapheme') : name
}

/** As many whole ones from the beginning as a name holds. */
function fitting(text: string, granularity: 'word' | 'grapheme'): string {
  let taken = ''
  let length = 0
  for (const { segment } of new Intl.Segmenter('und', { granularity }).segment(text)) {
    length += [...segment].length
    if (length > MAX_NAME) break
    taken += segment
  }
  return taken
}

function allowed(text: string): string[] {
  const kept: string[] = []
  let run = 0
  for (const raw of text) {
    const char = SPACE.test(raw) ? ' ' : raw
    if (!mayFollow(kept.at(-1), char, run)) continue
    if (PUNCTUATION.test(char)) run++
    else if (char !== ' ') run = 0
    kept.push(char)
  }
  return kept
}

export function isValidName(text: string): boolean {
  return text !== '' && nearestName(text) === text
}

function mayFollow(before: string | undefined, char: string, run: number): boolean {
  if (char === "'") return false
  const solid = LETTER_NUMBER_SYMBOL.test(char) && !BLANK.test(char)
  if (before === undefined) return solid && char > ' ' && char !== '#' && char !== '@'
  const punctuation = PUNCTUATION.test(char)
  if (before === ' ') return solid || (punctuation && run === 0)
  if (PUNCTUATION.test(before)) return solid || char === ' ' || (punctuation && run < MAX_PUNCTUATION_RUN)
  return solid || char === ' ' || punctuation || MARK.test(char)
}

/** Control, format (bidirectional overrides, zero width) and unassigned characters, and lone surrogates. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/gu
/** Zero width joiner between symbols: without it a family or a flag falls apart. */
const JOINER = '\u200d'
/** Between others they would be gaps; joiners and what chooses the look of an emoji stay with what they stand on. */
const GAPS = /[\p{L}\p{S}]/gu
const SEEN = /[\p{L}\p{N}\p{P}\p{S}]/u
/** More combining marks than this on one letter only serve to smear neighbouring lines. */
const MARK_PILE = /(\p{M}{4})\p{M}+/gu

/**
 * A name or line of a peer, made fit for one line on screen; empty where nothing of it can be seen. Peers' names are not validated on receipt
 * (chat.md 2.3): the raw value is kept for comparing, this one is for eyes.
 */
export function displayLine(text: string, maxLength: number = MAX_NAME): string {
  const seen = text
    .slice(0, maxLength * 16)
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]/g, ' ')
    .replace(UNSEEN, (char) => (char === JOINER ? char : ''))
    .replace(GAPS, (char) => (BLANK.test(char) ? ' ' : char))
    .replace(MARK_PILE, '$1')
    .replace(/[\p{Zs}]+/gu, ' ')
    .trim()
  if (!SEEN.test(seen)) return ''
  const chars = [...seen]
  return chars.length <= maxLength ? seen : `${chars.slice(0, maxLength - 1).join('')}…`
}
