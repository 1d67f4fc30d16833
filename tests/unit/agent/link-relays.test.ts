import { describe, expect, it } from 'vitest'
import { parseRelayAddress } from '#core/protocol'
import {
  formatShortLink,
  LINK_RELAYS,
  PRESET_RELAYS,
  readConnectionLink,
  relayOfLink,
  restoreLink,
  shortenLink,
  type ShortLink,
} from '../../../core/agent/wire/index.ts'

function short(text: string): ShortLink {
  const link = readConnectionLink(text)
  if (link.form !== 'short') throw new Error('read as a full link')
  return link
}

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'
const ID = '7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v'

describe('short links of the preset relays', () => {
  it('are written as the examples of agent.md 5.4', () => {
    for (const text of [
      `https://smp.example.org/a#${KEY}?h=abc.onion&p=5223&c=q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s`,
      `https://smp8.simplex.im/i#${ID}/${KEY}`,
      `simplex:/a#${KEY}?h=smp8.simplex.im`,
      `simplex:/i#${ID}/${KEY}?h=smp.example.org%2Cabc.onion&c=q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s`,
    ]) {
      expect(formatShortLink(short(text))).toBe(text)
    }
  })

  it('lose what the list says and get it back, the onion name too', () => {
    for (const relay of LINK_RELAYS) {
      const link: ShortLink = { ...short(`simplex:/a#${KEY}?h=x.test`), server: relay }
      const shortened = shortenLink(link)
      expect(formatShortLink(shortened)).toBe(`simplex:/a#${KEY}?h=${relay.hosts[0]!}`)
      expect(formatShortLink({ ...shortened, scheme: 'https' })).toBe(`https://${relay.hosts[0]!}/a#${KEY}`)
      expect(relayOfLink(shortened)).toEqual(relay)
      expect(restoreLink(shortened).server.hosts).toEqual(relay.hosts)
    }
  })

  it('include one that new queues do not use', () => {
    expect(LINK_RELAYS).toHaveLength(PRESET_RELAYS.length + 1)
    expect(relayOfLink(short(`simplex:/a#${KEY}?h=smp7.simplex.im`))?.hosts).toHaveLength(2)
    expect(PRESET_RELAYS.some((text) => parseRelayAddress(text).hosts[0] === 'smp7.simplex.im')).toBe(false)
  })

  it('say a port that is not the usual one, and the usual ones not', () => {
    const relay = LINK_RELAYS[0]!
    const at = (port: string): string =>
      formatShortLink(shortenLink({ ...short(`simplex:/a#${KEY}?h=x.test`), server: { ...relay, port } }))
    expect(at('443')).toBe(at(''))
    expect(at('5223')).toBe(at(''))
    expect(at('5224')).toContain('&p=5224&c=')
  })
})

describe('the relay of a short link', () => {
  it('is unknown without fingerprint, unless everybody knows it under this very name and port', () => {
    expect(relayOfLink(short(`https://relay.test/a#${KEY}`))).toBeNull()
    expect(relayOfLink(short(`https://smp8.simplex.im/a#${KEY}?p=444`))).toBeNull()
    expect(relayOfLink(short(`simplex:/a#${KEY}?h=relay.test%2Csmp8.simplex.im`))).toBeNull()
    expect(relayOfLink(short(`https://relay.test/a#${KEY}?c=q6ur`))).toBeNull()
  })

  it('is what the link says where it says enough, whatever the list knows', () => {
    const fingerprint = 'q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s'
    const own = relayOfLink(short(`https://smp8.simplex.im/a#${KEY}?c=${fingerprint}`))
    expect(own).toEqual({
      hosts: ['smp8.simplex.im'],
      port: '',
      keyHash: new Uint8Array(32).fill(0xab),
      password: null,
    })
  })
})
