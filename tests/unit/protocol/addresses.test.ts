import { describe, expect, test } from 'vitest'
import { decode, encode } from '#core/encoding'
import {
  type RelayAddress,
  effectivePort,
  formatRelayAddress,
  hostKind,
  legacyRelayAddressCodec,
  parseHost,
  parseRelayAddress,
  passwordBytes,
  preferredHost,
  relayAddressCodec,
  relayKey,
} from '#core/protocol'

const HASH = 'LcJUMfVhwD8yxjAiSaDzzGF3-kLG4Uh0Fl_ZIjrRwjI='

function parse(rest: string): RelayAddress {
  return parseRelayAddress(`smp://${HASH}${rest}`)
}

describe('smp.md 8: the address of a relay', () => {
  test('has a fingerprint with or without padding, hosts, maybe a port, maybe a password', () => {
    expect(parse('@relay.example')).toMatchObject({ hosts: ['relay.example'], port: '', password: null })
    expect(parseRelayAddress(`smp://${HASH.slice(0, -1)}@h`).keyHash).toHaveLength(32)
    expect(parse(':s3cret.pass_-@a,b.onion:0443')).toMatchObject({
      hosts: ['a', 'b.onion'],
      port: '443',
      password: 's3cret.pass_-',
    })
  })

  test.each([
    ['no scheme', `${HASH}@h`],
    ['another scheme', `xftp://${HASH}@h`],
    ['one slash', `smp:/${HASH}@h`],
    ['no fingerprint', 'smp://@h'],
    ['a fingerprint in another alphabet', 'smp://ab+/@h'],
    ['no host', `smp://${HASH}@`],
    ['an empty host', `smp://${HASH}@a,,b`],
    ['a comma at the end', `smp://${HASH}@a,`],
    ['no port after the colon', `smp://${HASH}@a:`],
    ['a port that is no number', `smp://${HASH}@a:port`],
    ['a port that is none', `smp://${HASH}@a:65536`],
    ['an empty password', `smp://${HASH}:@a`],
    ['a slash in the password', `smp://${HASH}:a/b@a`],
    ['a space in the password', `smp://${HASH}:a b@a`],
    ['a control letter in the password', `smp://${HASH}:a\u0007@a`],
    ['a space at the end', `smp://${HASH}@a `],
    ['a path', `smp://${HASH}@a/`],
    ['onion with more behind it', `smp://${HASH}@abc.onion.org`],
    ['onion with more before it', `smp://${HASH}@sub.abc.onion`],
    ['five numbers', `smp://${HASH}@192.168.0.0.1`],
    ['a bracket that stays open', `smp://${HASH}@[::1`],
  ])('is refused with %s', (_why, text) => {
    expect(() => parseRelayAddress(text)).toThrow(expect.objectContaining({ code: 'protocol.address' }))
  })

  test('never shows its secrets in the error', () => {
    try {
      parse(':hush@a b')
      expect.unreachable()
    } catch (error) {
      expect(JSON.stringify([String(error), error])).not.toMatch(/hush|LcJU/)
    }
  })

  test('is the same key for all ways to write one server', () => {
    const plain = relayKey(parse('@Relay.example'))
    expect(relayKey(parse('@relay.example:5223'))).toBe(plain)
    expect(relayKey(parse(':secret@relay.example:05223'))).toBe(plain)
    expect(relayKey(parse('@relay.example:443'))).not.toBe(plain)
    expect(relayKey({ ...parse('@relay.example'), keyHash: new Uint8Array(32) })).not.toBe(plain)
  })

  test('is written with its password only where that is asked for', () => {
    const address = parse(':secret@a,b:443')
    expect(formatRelayAddress(address, { password: true })).toBe(`smp://${HASH}:secret@a,b:443`)
    expect(formatRelayAddress(address, { password: false })).toBe(`smp://${HASH}@a,b:443`)
    expect(passwordBytes(address)).toEqual(new TextEncoder().encode('secret'))
    expect(passwordBytes(parse('@a'))).toBeNull()
  })

  test('chooses the first public name, and an onion name where there is no other', () => {
    expect(preferredHost(parse('@b.onion,a,c'))).toBe('a')
    expect(preferredHost(parse('@b.onion,c.onion'))).toBe('b.onion')
    expect(effectivePort(parse('@a'))).toBe('5223')
  })

  test('has no password in its binary forms, and these refuse what is no host or port', () => {
    const address = parse(':secret@a,b:443')
    expect(decode(relayAddressCodec, encode(relayAddressCodec, address))).toEqual({
      ...address,
      password: null,
    })
    expect(decode(legacyRelayAddressCodec, encode(legacyRelayAddressCodec, address)).hosts).toEqual(['a'])
    const bad = (hosts: string[], port: string): Uint8Array =>
      encode(relayAddressCodec, { ...address, hosts, port })
    expect(() => decode(relayAddressCodec, bad(['a b'], '1'))).toThrow('not a host')
    expect(() => decode(relayAddressCodec, bad(['a'], 'x'))).toThrow('not a port')
    expect(() => bad([], '1')).toThrow()
  })
})

describe('smp.md 8: hosts', () => {
  test.each([
    ['1.2.3.4', 'ipv4', '1.2.3.4'],
    ['010.0.0.1', 'ipv4', '10.0.0.1'],
    ['192.168.1', 'name', '192.168.1'],
    ['256.1.1.1', 'name', '256.1.1.1'],
    ['::1', 'ipv6', '::1'],
    ['[::1]', 'ipv6', '::1'],
    ['::', 'ipv6', '::'],
    ['2001:DB8:0:0:0:0:0:1', 'ipv6', '2001:db8::1'],
    ['2001:db8:0:1:0:0:0:1', 'ipv6', '2001:db8:0:1::1'],
    ['1:0:2:0:3:0:4:0', 'ipv6', '1:0:2:0:3:0:4:0'],
    ['::ffff:192.0.2.1', 'ipv6', '::ffff:c000:201'],
    ['abc.onion', 'onion', 'abc.onion'],
    ['.onion', 'onion', '.onion'],
    ['relay-1.example', 'name', 'relay-1.example'],
    ['dead.beef', 'name', 'dead.beef'],
  ])('%s is %s %s', (text, kind, canonical) => {
    expect(parseHost(text)).toEqual({ kind, text: canonical, length: text.length })
    expect(hostKind(canonical)).toBe(kind)
  })

  test.each(['', ':', '1:2', '1::2::3', '12345::', '::1x', ':::', 'a:b', 'a;b', 'a#b', 'a/b', 'ABC.onion'])(
    '%j is none',
    (text) => {
      expect(parseHost(text)).toBeNull()
    },
  )

  test('an IPv6 host survives being written down together with a port', () => {
    const address = parse('@[2001:db8::1]:443')
    expect(address).toMatchObject({ hosts: ['2001:db8::1'], port: '443' })
    expect(parseRelayAddress(formatRelayAddress(address, { password: false }))).toEqual(address)
  })
})
