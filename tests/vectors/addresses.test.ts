import { expect } from 'vitest'
import { decode, encode, fromBase64Url, text8, toBase64Url } from '#core/encoding'
import {
  formatRelayAddress,
  legacyRelayAddressCodec,
  parseHost,
  parseRelayAddress,
  relayAddressCodec,
  type RelayAddress,
} from '#core/protocol'
import { bytes, expectBytes, expectRefused, vectorFile } from './harness.ts'

interface ServerFields {
  basicAuth: string | null
  hosts: string[]
  keyHash: string
  port: string
}

const toAddress = (c: ServerFields): RelayAddress => ({
  hosts: c.hosts,
  port: c.port,
  keyHash: bytes(c.keyHash),
  password: c.basicAuth,
})
const withoutPassword = (address: RelayAddress): RelayAddress => ({ ...address, password: null })

/** The files call a name a domain. */
const kindOf = (kind: string): string => (kind === 'domain' ? 'name' : kind)

const refuseHost = (c: string): void => expect(parseHost(c), c).toBeNull()

vectorFile('strings', (file) => {
  file.list('base64url', (c: { bytes: string; string: string }) => {
    expect(toBase64Url(bytes(c.bytes))).toBe(c.string)
    expectBytes(fromBase64Url(c.string), c.bytes)
  })
  file.list('base64urlUnpaddedInput', (c: { bytes: string | null; input: string }) => {
    if (c.bytes === null) expectRefused(() => fromBase64Url(c.input), c.input)
    else expectBytes(fromBase64Url(c.input), c.bytes)
  })
  file.list('hosts', (c: { input: string; canonical: string; kind: string; binary: string }) => {
    expect(parseHost(c.input)).toMatchObject({ kind: kindOf(c.kind), text: c.canonical })
    expectBytes(encode(text8, c.canonical), c.binary)
  })
  file.list('invalidHosts', refuseHost)
  file.list('servers', (c: ServerFields & { string: string; binary: string; legacyBinary: string }) => {
    const address = toAddress(c)
    expect(formatRelayAddress(address, { password: true })).toBe(c.string)
    expect(parseRelayAddress(c.string)).toEqual(address)
    expectBytes(encode(relayAddressCodec, address), c.binary)
    expect(decode(relayAddressCodec, bytes(c.binary))).toEqual(withoutPassword(address))
    expectBytes(encode(legacyRelayAddressCodec, address), c.legacyBinary)
    const legacy = { ...withoutPassword(address), hosts: address.hosts.slice(0, 1) }
    expect(decode(legacyRelayAddressCodec, bytes(c.legacyBinary))).toEqual(legacy)
  })
  file.list('serversParseOnly', (c: ServerFields & { input: string; canonical: string }) => {
    expect(parseRelayAddress(c.input)).toEqual(toAddress(c))
    expect(formatRelayAddress(toAddress(c), { password: true })).toBe(c.canonical)
  })
  file.list('invalidServers', (c: string) => expectRefused(() => parseRelayAddress(c), c))
})
