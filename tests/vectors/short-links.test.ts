import { expect } from 'vitest'
import { EMPTY } from '#core/base'
import { decode, encode } from '#core/encoding'
import { parseRelayAddress } from '#core/protocol'
import {
  formatShortLink,
  readConnectionLink,
  relayOfLink,
  restoreLink,
  restoreServer,
  shortenLink,
  shortenServer,
  shortLinkCodec,
  type ConnectionLink,
  type ContactType,
  type ShortLink,
  type ShortLinkServer,
} from '../../core/agent/wire/index.ts'
import { bytes, expectBytes, expectRefused, hex, vectorFile } from './harness.ts'
import { toServer, type ServerFields } from './shapes.ts'

interface ShortFields {
  mode: 'invitation' | 'contact'
  scheme: 'simplex' | 'https'
  server: ServerFields
  linkKey: string
  linkId?: string
  contactType?: ContactType
}

function toLinkServer({ hosts, port, keyHash }: ServerFields): ShortLinkServer {
  return { hosts, port, keyHash: keyHash === '' ? null : bytes(keyHash) }
}

function fromLinkServer({ hosts, port, keyHash }: ShortLinkServer): ServerFields {
  return { hosts: [...hosts], port, keyHash: hex(keyHash ?? EMPTY) }
}

function toShort(c: ShortFields): ShortLink {
  const { scheme } = c
  const common = {
    form: 'short',
    scheme,
    server: toLinkServer(c.server),
    linkKey: bytes(c.linkKey),
  } as const
  return c.mode === 'invitation'
    ? { ...common, kind: 'invitation', linkId: bytes(c.linkId!) }
    : { ...common, kind: 'contact', contactType: c.contactType! }
}

function fromShort(link: ShortLink): ShortFields {
  return {
    mode: link.kind,
    scheme: link.scheme,
    server: fromLinkServer(link.server),
    linkKey: hex(link.linkKey),
    ...(link.kind === 'invitation' ? { linkId: hex(link.linkId) } : { contactType: link.contactType }),
  }
}

function short(text: string): ShortLink {
  const link: ConnectionLink = readConnectionLink(text)
  if (link.form !== 'short') throw new Error('read as a full link')
  return link
}

interface LinkCase {
  link: string
  fields: ShortFields
}

vectorFile('links-short', (file) => {
  file.list('links', (c: LinkCase & { binary: string; binaryParsedFields?: ShortFields }) => {
    expect(fromShort(short(c.link))).toEqual(c.fields)
    expect(formatShortLink(toShort(c.fields))).toBe(c.link)
    expectBytes(encode(shortLinkCodec, toShort(c.fields)), c.binary)
    const fromBinary = decode(shortLinkCodec, bytes(c.binary))
    expect(fromShort(fromBinary)).toEqual(c.binaryParsedFields ?? c.fields)
  })
  file.list('variants', (c: LinkCase & { canonical: string }) => {
    expect(fromShort(short(c.link))).toEqual(c.fields)
    expect(formatShortLink(short(c.link))).toBe(c.canonical)
  })
  file.list('invalid', (c: string) => expectRefused(() => readConnectionLink(c), c))
  file.list(
    'shorten',
    (c: { presetServers: string[]; cases: { link: string; shortened: string; restored: string }[] }) => {
      const relays = c.presetServers.map(parseRelayAddress)
      expect(c.cases.length).toBeGreaterThan(0)
      for (const { link, shortened, restored } of c.cases) {
        expect(formatShortLink(shortenLink(short(link), relays))).toBe(shortened)
        expect(formatShortLink(restoreLink(short(link), relays))).toBe(restored)
      }
    },
  )
})

interface ServerCase {
  preset: ServerFields[]
  server: ServerFields
  result: ServerFields
}

vectorFile('haskell-short-links', (file) => {
  file.list('links', (c: LinkCase) => {
    expect(fromShort(short(c.link))).toEqual(c.fields)
    expect(formatShortLink(toShort(c.fields))).toBe(c.link)
  })
  file.list('shortenServer', ({ preset, server, result }: ServerCase) => {
    expect(fromLinkServer(shortenServer(toLinkServer(server), preset.map(toServer)))).toEqual(result)
  })
  file.list('restoreServer', ({ preset, server, result }: ServerCase) => {
    expect(fromLinkServer(restoreServer(toLinkServer(server), preset.map(toServer)))).toEqual(result)
  })
  file.list('pairs', (c: { preset: ServerFields[]; long: string; short: string }) => {
    const relays = c.preset.map(toServer)
    expect(formatShortLink(shortenLink(short(c.long), relays))).toBe(c.short)
    expect(formatShortLink(restoreLink(short(c.short), relays))).toBe(c.long)
    expect(relayOfLink(short(c.short), relays)).toEqual(relays[0])
  })
})
