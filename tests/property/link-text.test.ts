import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findLinks } from '#core/chat'
import { linkReaders } from '../../core/app/link-readers.ts'

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'
const FINGERPRINT = 'q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s'
const SHORT = `https://relay.example.org/a#${KEY}?h=abc.onion&c=${FINGERPRINT}`
const OWN = `simplex:/i#7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v/${KEY}?h=relay.example.org&c=${FINGERPRINT}`
const FULL = `simplex:/contact#/?v=2-7&smp=smp%3A%2F%2F${FINGERPRINT}%3D%40relay.example.org%2Fzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3N%23%2F%3Fv%3D1-4%26dh%3DMCowBQYDK2VuAyEA9bLW5g-Ud-MQwpgtqqbJE2wQihd3xZR-RI-jfWgXRVc%253D%26q%3Dc`

const links = fc.constantFrom(SHORT, OWN, FULL)
/** What people, pages and programs put beside a link. */
const beside = fc.constantFrom(
  '',
  ' ',
  '\n',
  '<',
  '>',
  '(',
  ')',
  '。',
  '）',
  '،',
  '—',
  '→ ',
  '谢谢',
  '\u00a0',
  '“',
  '”',
  '*',
  '\u200b',
)
/** What happens to it on its way; each leaves a link that a person would still take for one. */
const changes: readonly ((link: string) => string)[] = [
  (link) => link,
  (link) => link.replace(/^https:/, 'HTTPS:').replace(/^simplex:/, 'Simplex:'),
  (link) => link.replace(/^https:/, 'http:'),
  (link) => link.replace(/^simplex:/, 'duplex:'),
  (link) => link.replace(/^https:\/\//, ''),
  (link) => link.replace('relay.example.org', 'Relay.Example.ORG'),
  (link) => link.replace('#', '?utm_source=a.b/c&fbclid=X#'),
  (link) => link.replace('#', '%23'),
  (link) => link.replaceAll('&', '&amp;'),
  (link) => `https://passes.example.net/url?x=1&q=${encodeURIComponent(link)}&z=2`,
  (link) => encodeURIComponent(link),
  (link) => link.replaceAll('=', '=3D'),
]
const change = fc.constantFrom(...changes)
const lines = fc.record({
  width: fc.integer({ min: 20, max: 100 }),
  join: fc.constantFrom('\n', '\r\n', '\n> ', '\n  ', ' \n'),
})

function broken(text: string, { width, join }: { width: number; join: string }): string {
  return text.replace(new RegExp(`(.{${width}})(?=.)`, 'g'), `$1${join}`)
}

/** The relay that a link leads to is the one that was meant, or there is no link. */
function relaysIn(text: string): string[] {
  return findLinks(text, linkReaders).flatMap(({ kind, link }) =>
    kind === 'link' && link ? [link.relay] : [],
  )
}

describe('a link in whatever state it arrives', () => {
  it('CHL-2: is found between anything, changed in any one way', () => {
    fc.assert(
      fc.property(links, beside, beside, change, (link, before, behind, changed) => {
        expect(relaysIn(`${before}${changed(link)}${behind}`)).toEqual(['relay.example.org'])
      }),
      { numRuns: 400 },
    )
  })

  it('PLN-7: broken over lines it is found whole', () => {
    fc.assert(
      fc.property(links, lines, (link, how) => {
        expect(findLinks(broken(link, how), linkReaders).map(({ text }) => text)).toEqual(
          findLinks(link, linkReaders).map(({ text }) => text),
        )
      }),
      { numRuns: 400 },
    )
  })

  it('never leads to another relay, whatever is changed, broken, and lost at its end', () => {
    fc.assert(
      fc.property(links, change, change, lines, fc.nat(900), (link, one, other, how, length) => {
        const text = broken(other(one(link)), how).slice(0, length)
        for (const relay of relaysIn(text)) expect(relay).toBe('relay.example.org')
      }),
      { numRuns: 1_000 },
    )
  })
})
