import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { isAppError, type Random } from '#core/base'
import { cryptoReady, ed25519PublicKey, ed25519Sign } from '#core/crypto'
import { decode, encode, type Codec } from '#core/encoding'
import type { RelayAddress } from '#core/protocol'
import {
  fixedLinkDataCodec,
  formatShortLink,
  linkDataKey,
  linkKeyOf,
  linkOwnerCodec,
  makeLinkData,
  openLinkData,
  readConnectionLink,
  resolveLinkData,
  restoreLink,
  sealLinkPart,
  shortenLink,
  shortLinkCodec,
  signOwner,
  userBytesCodec,
  userLinkDataCodec,
  verifyLinkData,
  type ContactLink,
  type ContactType,
  type FixedLinkData,
  type InvitationLink,
  type ShortLink,
  type ShortLinkServer,
  type UserLinkData,
} from '../../core/agent/wire/index.ts'

beforeAll(cryptoReady)

/* ---- arbitrary values */

const exactly = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length })
const host = fc.oneof(
  fc.constantFrom('relay.test', 'smp1.example.org', 'localhost', '192.0.2.1', 'abc.onion', '2001:db8::1'),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,20}\.test$/),
)
const hosts = fc.array(host, { minLength: 1, maxLength: 4 })
const port = fc.oneof(fc.constantFrom('', '443', '5223'), fc.integer({ min: 1, max: 65_535 }).map(String))
const relay: fc.Arbitrary<RelayAddress> = fc.record({
  hosts,
  port,
  keyHash: exactly(32),
  password: fc.constant(null),
})
const linkServer: fc.Arbitrary<ShortLinkServer> = fc.record({
  hosts,
  port,
  keyHash: fc.option(exactly(32)),
})

const common = {
  form: fc.constant('short' as const),
  scheme: fc.constantFrom<'simplex' | 'https'>('simplex', 'https'),
  server: linkServer,
  linkKey: exactly(32),
}
const shortLink: fc.Arbitrary<ShortLink> = fc.oneof(
  fc.record({ ...common, kind: fc.constant('invitation' as const), linkId: exactly(24) }),
  fc.record({
    ...common,
    kind: fc.constant('contact' as const),
    contactType: fc.constantFrom<ContactType>('contact', 'group', 'channel', 'relay'),
  }),
)

const versions = fc.constantFrom({ min: 2, max: 7 }, { min: 4, max: 4 }, { min: 5, max: 9 })
const queue = fc.record({
  versions: fc.constant({ min: 4, max: 4 }),
  server: relay,
  senderId: exactly(24),
  dhKey: exactly(32),
  mode: fc.constantFrom<'M' | 'C'>('M', 'C'),
})
const contact: fc.Arbitrary<ContactLink> = fc.record({
  form: fc.constant('full' as const),
  kind: fc.constant('contact' as const),
  agentVersions: versions,
  queues: fc.tuple(queue),
  clientData: fc.option(fc.string({ unit: 'grapheme', maxLength: 40 })),
})
const invitation: fc.Arbitrary<InvitationLink> = fc
  .tuple(contact, exactly(56), exactly(56))
  .map(([link, key1, key2]) => {
    const e2e = { versions: { min: 2, max: 3 }, key1, key2, kemKey: null }
    return { ...link, kind: 'invitation', e2e }
  })
const request: fc.Arbitrary<InvitationLink | ContactLink> = fc.oneof(contact, invitation)

const userBytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.constantFrom(0, 254, 255, 256, 6000).map((length) => new Uint8Array(length).fill(length & 0xff)),
)
const owner = fc.record({ id: exactly(16), key: exactly(32), signature: exactly(64) })
const contactUser: fc.Arbitrary<UserLinkData> = fc.record({
  kind: fc.constant('contact' as const),
  agentVersions: versions,
  direct: fc.boolean(),
  owners: fc.array(owner, { maxLength: 3 }),
  relays: fc.array(
    shortLink.map((link) => ({ ...link, scheme: 'https' as const })),
    { maxLength: 3 },
  ),
  userBytes,
})
const invitationUser: fc.Arbitrary<UserLinkData> = fc.record({
  kind: fc.constant('invitation' as const),
  agentVersions: versions,
  userBytes,
})
const user = fc.oneof(contactUser, invitationUser)
const fixed: fc.Arbitrary<FixedLinkData> = fc.record({
  agentVersions: versions,
  rootKey: exactly(32),
  request,
  entityId: fc.option(fc.uint8Array({ maxLength: 32 })),
})

function backAndForth<T>(codec: Codec<T>, values: fc.Arbitrary<T>): void {
  fc.assert(
    fc.property(values, (value) => {
      expect(decode(codec, encode(codec, value))).toEqual(value)
    }),
  )
}

const nonce = (value: Uint8Array): Random => ({ bytes: () => value })

/* ---- what is written reads back */

describe('short links', () => {
  it('read back as they were written, as text and as bytes', () => {
    fc.assert(
      fc.property(shortLink, (link) => {
        expect(readConnectionLink(formatShortLink(link))).toEqual(link)
        expect(decode(shortLinkCodec, encode(shortLinkCodec, link))).toEqual({ ...link, scheme: 'https' })
      }),
      { numRuns: 300 },
    )
  })

  it('keep their relay through shortening and restoring', () => {
    fc.assert(
      fc.property(shortLink, fc.array(relay, { maxLength: 3 }), fc.boolean(), (link, others, known) => {
        const { keyHash } = link.server
        const own = keyHash ? [{ ...link.server, keyHash, password: null }] : []
        const relays = known ? [...own, ...others] : others
        const shortened = shortenLink(link, relays)
        expect(shortenLink(shortened, relays)).toEqual(shortened)
        const restored = restoreLink(shortened, relays)
        expect(restoreLink(restored, relays)).toEqual(restored)
        if (keyHash) expect(restored.server.keyHash).toEqual(keyHash)
        if (known && keyHash) expect(restored).toEqual(link)
      }),
      { numRuns: 300 },
    )
  })
})

describe('link data', () => {
  it('reads back as it was written', () => {
    backAndForth(userBytesCodec, userBytes)
    backAndForth(linkOwnerCodec, owner)
    backAndForth(userLinkDataCodec, user)
    backAndForth(fixedLinkDataCodec, fixed)
  })

  it('reads back with what a newer version adds at the end', () => {
    fc.assert(
      fc.property(user, fc.uint8Array({ maxLength: 40 }), (data, more) => {
        expect(decode(userLinkDataCodec, Uint8Array.of(...encode(userLinkDataCodec, data), ...more))).toEqual(
          data,
        )
      }),
    )
  })

  it('opens under its link and no other, whole and untouched', () => {
    const made = fc
      .tuple(exactly(32), request, userBytes, exactly(24))
      .map(([root, connection, bytes, random]) => {
        const agentVersions = { min: 2, max: 7 }
        const id = new Uint8Array(16).fill(1)
        const owners = [signOwner(root, { id, key: ed25519PublicKey(new Uint8Array(32).fill(1)) })]
        const data: UserLinkData =
          connection.kind === 'contact'
            ? { kind: 'contact', agentVersions, direct: true, owners, relays: [], userBytes: bytes }
            : { kind: 'invitation', agentVersions, userBytes: bytes }
        return {
          connection,
          data,
          link: makeLinkData(root, { request: connection, user: data }, nonce(random)),
        }
      })
    fc.assert(
      fc.property(
        made,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        ({ connection, data, link }, at, change) => {
          const { kind } = connection
          const key = { kind, linkKey: link.linkKey }
          const opened = openLinkData(key, link.sealed)
          expect(opened.user).toEqual(data)
          expect(opened.fixed.request).toEqual(connection)
          const linkKey = withChange(link.linkKey, at, change)
          expect(refusal(() => openLinkData({ kind, linkKey }, link.sealed))).toBe('link-data.decrypt')
          for (const part of ['fixed', 'user'] as const) {
            const sealed = { ...link.sealed, [part]: withChange(link.sealed[part], at, change) }
            expect(refusal(() => openLinkData(key, sealed))).toBe('link-data.decrypt')
          }
        },
      ),
      { numRuns: 50 },
    )
  })
})

/* ---- anything at all */

describe('hostile link data', () => {
  const codecs: readonly Codec<unknown>[] = [
    shortLinkCodec,
    userBytesCodec,
    linkOwnerCodec,
    userLinkDataCodec,
    fixedLinkDataCodec,
  ]
  const any = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .tuple(
        fc.oneof(
          fixed.map((data) => encode(fixedLinkDataCodec, data)),
          user.map((data) => encode(userLinkDataCodec, data)),
        ),
        fc.nat(),
        fc.nat({ max: 255 }),
      )
      .map(([bytes, at, change]) => withChange(bytes, at, change)),
    user.chain((data) => {
      const bytes = encode(userLinkDataCodec, data)
      return fc.nat({ max: bytes.length }).map((length) => bytes.slice(0, length))
    }),
  )

  it('as bytes decodes or is a DecodeError', () => {
    fc.assert(
      fc.property(any, (input) => {
        for (const codec of codecs) {
          const code = refusal(() => decode(codec, input))
          if (code !== null) expect(code).toBe('encoding.decode')
        }
      }),
      { numRuns: 500 },
    )
  })

  it('sealed, signed or under its own hash is refused with a code and without a word of it', () => {
    const seed = new Uint8Array(32).fill(7)
    const signed = (data: Uint8Array): Uint8Array => Uint8Array.of(64, ...ed25519Sign(seed, data), ...data)
    const kind = fc.constantFrom<'invitation' | 'contact'>('invitation', 'contact')
    fc.assert(
      fc.property(kind, any, any, exactly(24), (of, one, two, random) => {
        // The author of a link can put anything behind it that hashes and signs well.
        const own = { kind: of, linkKey: linkKeyOf(one) }
        const parts = { fixed: signed(one), user: signed(two) }
        const key = linkDataKey(own)
        const sealed = {
          fixed: sealLinkPart('fixed', key, parts.fixed.slice(0, 1900), nonce(random)),
          user: sealLinkPart('user', key, parts.user, nonce(random)),
        }
        const server = { hosts: ['relay.test'], port: '', keyHash: null }
        const link: ShortLink = {
          ...{ form: 'short', scheme: 'https', server, linkKey: own.linkKey },
          ...({ kind: 'contact', contactType: 'contact' } as const),
        }
        for (const read of [
          () => verifyLinkData(own, parts),
          () => verifyLinkData(own, { fixed: one, user: two }),
          () => openLinkData(own, sealed),
          () => openLinkData(own, { fixed: one, user: two }),
          () => resolveLinkData(link, { senderId: random, sealed }),
        ]) {
          const code = refusal(read)
          if (code !== null) expect(code).toMatch(/^link-data\.[a-z-]+$/)
        }
      }),
      { numRuns: 300 },
    )
  })
})

function withChange(bytes: Uint8Array, at: number, change: number): Uint8Array {
  const changed = bytes.slice()
  if (changed.length > 0) changed[at % changed.length]! ^= change
  return changed
}

function refusal(fn: () => unknown): string | null {
  try {
    fn()
  } catch (error) {
    if (!isAppError(error)) throw error
    // Numbers and names of parts only: safe to log.
    const facts = Object.entries(error.facts).filter(
      ([name]) => error.code.startsWith('link-data.') && name !== 'part',
    )
    for (const [, value] of facts) expect(typeof value).toBe('number')
    return error.code
  }
  return null
}
