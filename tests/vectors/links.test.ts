import { expect } from 'vitest'
import { decode, encode } from '#core/encoding'
import {
  formatFullLink,
  formatQueueUri,
  fullLinkCodec,
  parseQueueUri,
  queueInfoCodec,
  queueUriCodec,
  readConnectionLink,
  type ConnectionLink,
  type ContactLink,
  type InvitationLink,
} from '../../core/agent/wire/index.ts'
import { decodeSpki } from '#core/crypto'
import { bytes, expectBytes, expectRefused, hex, vectorFile } from './harness.ts'
import {
  fromInfo,
  fromRange,
  fromUri,
  toInfo,
  toRange,
  toUri,
  x448Der,
  type Pair,
  type QueueInfoFields,
  type QueueUriFields,
} from './shapes.ts'

interface LinkFields {
  mode: 'invitation' | 'contact'
  agentVersionRange: Pair
  queues: QueueUriFields[]
  clientData: string | null
  e2e?: { versionRange: Pair; key1: string; key2: string; kemPublicKey: string | null }
}

function toLink(c: LinkFields): InvitationLink | ContactLink {
  const [first, ...others] = c.queues.map(toUri)
  const common = {
    form: 'full',
    agentVersions: toRange(c.agentVersionRange),
    queues: [first!, ...others],
    clientData: c.clientData,
  } as const
  if (c.mode === 'contact') return { ...common, kind: 'contact' }
  const { versionRange, key1, key2, kemPublicKey } = c.e2e!
  const raw = (der: string): Uint8Array => decodeSpki(bytes(der)).raw
  return {
    ...common,
    kind: 'invitation',
    e2e: {
      versions: toRange(versionRange),
      key1: raw(key1),
      key2: raw(key2),
      kemKey: kemPublicKey === null ? null : bytes(kemPublicKey),
    },
  }
}

function fromLink(v: ConnectionLink): LinkFields {
  if (v.form === 'short') throw new Error('read as a short link')
  const common = {
    mode: v.kind,
    agentVersionRange: fromRange(v.agentVersions),
    queues: v.queues.map(fromUri),
    clientData: v.clientData,
  }
  if (v.kind === 'contact') return common
  const { versions, key1, key2, kemKey } = v.e2e
  return {
    ...common,
    e2e: {
      versionRange: fromRange(versions),
      key1: x448Der(key1),
      key2: x448Der(key2),
      kemPublicKey: kemKey && hex(kemKey),
    },
  }
}

/** Contact links have no keys: absent in one file, null in another. */
function expectLink(actual: ConnectionLink, expected: LinkFields): void {
  const { e2e, ...rest } = expected
  expect(fromLink(actual)).toEqual(e2e ? expected : rest)
}

vectorFile('links-full', (file) => {
  file.list(
    'links',
    (c: {
      fields: LinkFields
      parsedFields?: LinkFields
      binaryParsedFields?: LinkFields
      link: string
      binary: string
      roundTrips: boolean
    }) => {
      const link = toLink(c.fields)
      expect(formatFullLink(link)).toBe(c.link)
      expectLink(readConnectionLink(c.link), c.roundTrips ? c.fields : c.parsedFields!)
      expectBytes(encode(fullLinkCodec, link), c.binary)
      const binaryFields = c.binaryParsedFields ?? c.parsedFields ?? c.fields
      expectLink(decode(fullLinkCodec, bytes(c.binary)), binaryFields)
    },
  )
  file.list('variants', (c: { link: string; canonical: string; fields: LinkFields }) => {
    const link = readConnectionLink(c.link)
    expectLink(link, c.fields)
    if (link.form === 'full') expect(formatFullLink(link)).toBe(c.canonical)
  })
  file.list('invalid', (c: string) => expectRefused(() => readConnectionLink(c), c))
  file.list(
    'queueUris',
    (c: {
      fields: QueueUriFields
      parsedFields?: QueueUriFields
      binaryParsedFields?: QueueUriFields
      string: string
      binary: string
    }) => {
      expect(formatQueueUri(toUri(c.fields))).toBe(c.string)
      expect(fromUri(parseQueueUri(c.string))).toEqual(c.parsedFields ?? c.fields)
      expectBytes(encode(queueUriCodec, toUri(c.fields)), c.binary)
      expect(fromUri(decode(queueUriCodec, bytes(c.binary)))).toEqual(c.binaryParsedFields ?? c.fields)
    },
  )
  file.list(
    'queueInfos',
    (c: {
      fields: QueueInfoFields
      parsedFields?: QueueInfoFields
      binaryParsedFields?: QueueInfoFields
      binary: string
    }) => {
      expectBytes(encode(queueInfoCodec, toInfo(c.fields)), c.binary)
      const expected = c.binaryParsedFields ?? c.parsedFields ?? c.fields
      expect(fromInfo(decode(queueInfoCodec, bytes(c.binary)))).toEqual(expected)
    },
  )
})

vectorFile('haskell-connection-requests', (file) => {
  file.list('links', (c: { link: string; fields: LinkFields; direction: 'both' | 'parse' }) => {
    const link = readConnectionLink(c.link)
    expectLink(link, c.fields)
    if (c.direction === 'both') {
      const scheme = c.link.startsWith('https://simplex.chat/') ? 'https://simplex.chat' : 'simplex:'
      expect(formatFullLink(toLink(c.fields), scheme)).toBe(c.link)
    }
  })
  file.list('queueUris', (c: { string: string; fields: QueueUriFields; direction: 'both' | 'parse' }) => {
    expect(fromUri(parseQueueUri(c.string))).toEqual(c.fields)
    if (c.direction === 'both') expect(formatQueueUri(toUri(c.fields))).toBe(c.string)
  })
})
