import { expect, test } from 'vitest'
import { createOutsideLinks } from '../../../main/electron/outside-links.ts'

function heard() {
  const texts: string[] = []
  return { texts, links: createOutsideLinks((text) => void texts.push(text)) }
}

test('DSK-1: a link from outside waits until a page can show what comes of it, and is given on once', () => {
  const { texts, links } = heard()
  links.take('duplex:/one')
  expect(texts).toEqual([])
  links.pageIsUp()
  expect(texts).toEqual(['duplex:/one'])
  links.take('duplex:/two')
  expect(texts).toEqual(['duplex:/one', 'duplex:/two'])
  links.pageIsGone()
  links.take('duplex:/three')
  expect(texts).toHaveLength(2)
  links.pageIsUp()
  expect(texts.at(-1)).toBe('duplex:/three')
})

test('LND-6: of several that wait, the newest comes last and at most one before it', () => {
  const { texts, links } = heard()
  for (const text of ['a', 'b', 'c']) links.take(text)
  links.pageIsUp()
  expect(texts).toEqual(['b', 'c'])
})

test('what is no text, empty or longer than any link is passed over', () => {
  const { texts, links } = heard()
  links.pageIsUp()
  for (const value of [null, undefined, 7, {}, '', 'x'.repeat(1_048_577)]) links.take(value)
  expect(texts).toEqual([])
})
