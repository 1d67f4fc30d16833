import { describe, expect, it } from 'vitest'
import { excerptOf, folded, wordsOf } from '#core/chat'

describe('what somebody types into a search', () => {
  it('is words, of which the last may go on, unless it ends with something else', () => {
    expect(wordsOf('hello wor')).toEqual({ whole: ['hello'], begun: 'wor' })
    expect(wordsOf('hello world ')).toEqual({ whole: ['hello', 'world'], begun: null })
    expect(wordsOf('x')).toEqual({ whole: ['x'], begun: null })
    expect(wordsOf('"drop" AND (table*')).toEqual({ whole: ['drop', 'AND', 'table'], begun: null })
    expect(wordsOf('?!… 👍')).toEqual({ whole: [], begun: null })
    expect(wordsOf('word '.repeat(10_000)).whole.length).toBeLessThanOrEqual(12)
  })

  it('does not mind case and accents', () => {
    expect(folded(' Ťuřková ')).toBe('turkova')
    expect(folded('ÅNGSTRÖM')).toBe('angstrom')
  })
})

describe('the line of a message around a hit', () => {
  it('shows the word as it was written, and what stands before and after it', () => {
    const words = wordsOf('cafe')
    expect(excerptOf('See you at the\nCAFÉS, at nine', words)).toEqual({
      before: 'See you at the ',
      hit: 'CAFÉS',
      after: ', at nine',
    })
  })

  it('is cut without breaking a character, and says where', () => {
    const found = excerptOf(`${'😀'.repeat(60)} needle ${'😀'.repeat(90)}`, wordsOf('needle'))
    expect(found.before.startsWith('…')).toBe(true)
    expect(found.after.endsWith('…')).toBe(true)
    expect((found.before + found.after).isWellFormed()).toBe(true)
  })

  it('has no hit where only the index sees one', () => {
    expect(excerptOf('nothing of it', wordsOf('other'))).toMatchObject({ hit: '', after: 'nothing of it' })
  })
})
