import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readConnectionLink } from '../../../core/agent/wire/index.ts'
import { type Place, openedLink } from '../../../main/landing/page/link.ts'

const KEY = 'q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s'
const LINK_ID = '7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v'
const LINK_KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'
const CONTACT = `#/?v=2-7&smp=smp%3A%2F%2F${KEY}%3D%40smp.example.org%2Fzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3N%23%2F%3Fv%3D1-4%26dh%3DMCowBQYDK2VuAyEA9bLW5g-Ud-MQwpgtqqbJE2wQihd3xZR-RI-jfWgXRVc%253D%26q%3Dc`

function place(url: string): Place {
  const { protocol, host, hostname, pathname, hash } = new URL(url)
  return { protocol, host, hostname, pathname, hash }
}

describe('flows.md 10: what the page makes of the address bar', () => {
  test.each([
    `https://smp.example.org/i#${LINK_ID}/${LINK_KEY}`,
    `https://smp.example.org/a#${LINK_KEY}?h=abc.onion&p=5223&c=${KEY}`,
    `https://smp.example.org/contact${CONTACT}`,
  ])('LND-1: the app reads the same out of the link of the button as out of the one opened', (url) => {
    const opened = openedLink(place(url))!
    expect(opened.share).toBe(url)
    const { scheme: _, ...expected } = { scheme: '', ...readConnectionLink(url) }
    for (const link of [opened.app, opened.network]) expect(readConnectionLink(link)).toMatchObject(expected)
  })

  test('from disk the kind is read from the link itself, and a link that needs its host is refused', () => {
    expect(openedLink(place(`file:///tmp/page.html${CONTACT}`))?.kind).toBe('contact')
    expect(openedLink(place(`file:///tmp/page.html#${LINK_KEY}?h=smp.example.org`))?.kind).toBe('contact')
    expect(openedLink(place(`file:///tmp/page.html#${LINK_KEY}`))).toBeNull()
  })

  test('LND-3: nothing that stands behind the # makes it throw, and what it lets through stays a link', () => {
    const hashes = fc.oneof(
      fc.string().map((text) => `#${text}`),
      fc.nat(CONTACT.length).map((end) => CONTACT.slice(0, end)),
      fc.string({ unit: 'binary' }).map((text) => `#/?v=2&smp=${text}`),
      fc.string().map((text) => `#${LINK_KEY}?${text}`),
    )
    const paths = fc.constantFrom('/i', '/a', '/invitation', '/contact', '/', '/__proto__', '/constructor')
    fc.assert(
      fc.property(hashes, paths, (hash, pathname) => {
        const opened = openedLink({ protocol: 'https:', host: 'h.org', hostname: 'h.org', pathname, hash })
        if (opened === null) return
        expect(opened.app).toMatch(/^duplex:\/(i|a|invitation|contact)#[\x21-\x7e]+$/)
        expect(opened.network).toMatch(/^simplex:\/(i|a|invitation|contact)#[\x21-\x7e]+$/)
      }),
    )
  })
})
