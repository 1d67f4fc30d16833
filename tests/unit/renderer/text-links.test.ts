import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { textParts } from '../../../renderer/state/index.ts'

const links = (text: string): string[] =>
  textParts(text)
    .filter((part) => part.link)
    .map((part) => part.text)

describe('links inside a message', () => {
  test('LND-8: every form of a connection link can be pressed, without the sentence around it', () => {
    const full = 'simplex:/invitation#/?v=2-7&smp=smp%3A%2F%2Fk%40h%2Fq%23%2F%3Fv%3D1-4&e2e=v%3D2-3'
    expect(links(`look: ${full}, and write`)).toEqual([full])
    expect(links(`(${full})`)).toEqual([full])
    for (const link of [
      'duplex:/contact#/?v=2-7&smp=x',
      'https://smp.example.org/i#7-_v/AAEC?c=k',
      'https://smp.example.org:5223/a#AAEC',
      'https://simplex.chat/invitation#/?v=2-7&smp=x',
    ])
      expect(links(`${link}\nnext line`)).toEqual([link])
    expect(links(`${full} ${full}`)).toHaveLength(2)
  })

  test('other addresses and markup stay text', () => {
    for (const text of [
      'https://example.org/',
      'https://example.org/i',
      'javascript:alert(1)',
      '<a href="https://example.org">x</a>',
      'mailto:a@example.org',
      'time 10:30, either/or',
    ])
      expect(links(text)).toEqual([])
  })

  test('put together, the parts are the text again, whatever it is', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('simplex:/', 'https://h/i#', '. ', ')'),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        expect(
          textParts(text)
            .map((part) => part.text)
            .join(''),
        ).toBe(text)
      }),
    )
  })

  test('a text of a megabyte is read in no time', () => {
    const begun = performance.now()
    textParts('simplex:/'.repeat(50_000))
    textParts('https://'.repeat(100_000))
    textParts('simplex:/' + ')'.repeat(500_000))
    expect(performance.now() - begun).toBeLessThan(1_000)
  })
})
