import dns from 'node:dns'
import { afterEach, expect, test, vi } from 'vitest'
import { systemClock } from '#core/base'
import { randomBytes } from '#core/crypto'
import { isOverlayName, preferredHost, type RelayAddress } from '#core/protocol'
import { dialTls } from '#core/transport'

afterEach(() => vi.restoreAllMocks())

const relay = (...hosts: string[]): RelayAddress => ({
  hosts,
  port: '',
  keyHash: randomBytes(32),
  password: null,
})
const signal = new AbortController().signal

test.each([
  'o5vmywmrnaxalvz6wi3zicyftgio6psuvyniis6gco6bp6ekl4cqj4id.onion',
  'ABC.ONION',
  'abc.onion.',
  'smp.example.i2p',
  'smp.example.exit',
])('a resolver never hears of %s', async (host) => {
  const lookup = vi.spyOn(dns, 'lookup')
  await expect(dialTls(relay(host), { signal, clock: systemClock })).rejects.toMatchObject({
    code: 'transport.host-kind',
  })
  expect(lookup).not.toHaveBeenCalled()
})

test('of a relay with a name of each kind the public one is used, in whatever order and case', () => {
  for (const hosts of [
    ['abc.onion', 'smp.example.org'],
    ['smp.example.org', 'ABC.onion.'],
  ])
    expect(preferredHost(relay(...hosts))).toBe('smp.example.org')
  expect(isOverlayName('onion.example.org')).toBe(false)
})
