import { expect } from 'vitest'
import { isAppError, type Random } from '#core/base'
import { decodeSpki, ed25519PublicKey, spkiOf } from '#core/crypto'
import {
  contactLinkKeys,
  formatFullLink,
  formatShortLink,
  linkDataKey,
  openLinkData,
  readConnectionLink,
  resolveLinkData,
  sealLinkPart,
  signFixedData,
  signUserData,
  unsealLinkData,
  verifyLinkData,
  type ContactLink,
  type FixedLinkData,
  type InvitationLink,
  type LinkDataCode,
  type LinkOwner,
  type SealedLinkData,
  type ShortLink,
  type UserLinkData,
} from '../../core/agent/wire/index.ts'
import { base64, bytes, expectBytes, expectOptional, hex, vectorFile } from './harness.ts'
import { fromRange, toRange, type Pair } from './shapes.ts'

interface Sealed {
  mode: 'invitation' | 'contact'
  linkKey: string
  sbKey: string
  encFixedData: string
  encUserDataB64: string
}

interface OwnerFields {
  ownerId: string
  ownerKeyDer: string
  authOwnerSig: string
}

interface ContactFields {
  direct: boolean
  owners: OwnerFields[]
  relays: string[]
  userData: string
}

interface Case extends Sealed {
  agentVersionRange: Pair
  connReq: string
  connReqDecoded?: string
  linkEntityId: string | null
  linkId: string | null
  rootPrivateKey: string
  rootPublicKeyDer: string
  signedFixedData: string
  signedUserData: string
  /** One-time links. */
  userData?: string
  userContactData?: ContactFields
  userDataSignedBy?: string
}

function request(text: string): InvitationLink | ContactLink {
  const link = readConnectionLink(text)
  if (link.form !== 'full') throw new Error('read as a short link')
  return link
}

function shortLink(text: string): ShortLink {
  const link = readConnectionLink(text)
  if (link.form !== 'short') throw new Error('read as a full link')
  return link
}

const toOwner = (c: OwnerFields): LinkOwner => ({
  id: bytes(c.ownerId),
  key: decodeSpki(bytes(c.ownerKeyDer)).raw,
  signature: bytes(c.authOwnerSig),
})
const fromOwner = (v: LinkOwner): OwnerFields => ({
  ownerId: hex(v.id),
  ownerKeyDer: hex(spkiOf('ed25519', v.key)),
  authOwnerSig: hex(v.signature),
})

function toUser(c: Case): UserLinkData {
  const agentVersions = toRange(c.agentVersionRange)
  const contact = c.userContactData
  if (!contact) return { kind: 'invitation', agentVersions, userBytes: bytes(c.userData!) }
  return {
    kind: 'contact',
    agentVersions,
    direct: contact.direct,
    owners: contact.owners.map(toOwner),
    relays: contact.relays.map(shortLink),
    userBytes: bytes(contact.userData),
  }
}

function expectUser(actual: UserLinkData, c: Case): void {
  expect(fromRange(actual.agentVersions)).toEqual(c.agentVersionRange)
  const expected = c.userContactData
  expectBytes(actual.userBytes, expected?.userData ?? c.userData!)
  if (!expected || actual.kind === 'invitation') {
    expect(actual.kind).toBe(c.mode)
    return
  }
  expect(actual.direct).toBe(expected.direct)
  expect(actual.owners.map(fromOwner)).toEqual(expected.owners)
  // The binary form has no scheme.
  const links = actual.relays.map((relay) => formatShortLink({ ...relay, scheme: 'simplex' }))
  expect(links).toEqual(
    expected.relays.map((text) => formatShortLink({ ...shortLink(text), scheme: 'simplex' })),
  )
}

const sealedOf = (c: Sealed): SealedLinkData => ({
  fixed: bytes(c.encFixedData),
  user: base64(c.encUserDataB64),
})
const linkOf = (c: Sealed) => ({ kind: c.mode, linkKey: bytes(c.linkKey) })

/** The nonce in front of a blob, drawn once more. */
const nonceOf = (sealed: Uint8Array): Random => ({ bytes: (length) => sealed.slice(0, length) })

function checkMaking(c: Case): void {
  const root = bytes(c.rootPrivateKey)
  expectBytes(spkiOf('ed25519', ed25519PublicKey(root)), c.rootPublicKeyDer)
  const fixed: FixedLinkData = {
    agentVersions: toRange(c.agentVersionRange),
    rootKey: ed25519PublicKey(root),
    request: request(c.connReq),
    entityId: c.linkEntityId === null ? null : bytes(c.linkEntityId),
  }
  const { linkKey, signed } = signFixedData(root, fixed)
  expectBytes(linkKey, c.linkKey)
  expectBytes(signed, c.signedFixedData)
  const signedUser = signUserData(bytes(c.userDataSignedBy ?? c.rootPrivateKey), toUser(c))
  expectBytes(signedUser, c.signedUserData)
  const key = linkDataKey(linkOf(c))
  expectBytes(key, c.sbKey)
  if (c.mode === 'contact') expectOptional(contactLinkKeys(linkKey).linkId, c.linkId)
  const sealed = sealedOf(c)
  expectBytes(sealLinkPart('fixed', key, signed, nonceOf(sealed.fixed)), hex(sealed.fixed))
  expectBytes(sealLinkPart('user', key, signedUser, nonceOf(sealed.user)), hex(sealed.user))
}

function checkReading(c: Case): void {
  const signed = unsealLinkData(bytes(c.sbKey), sealedOf(c))
  expectBytes(signed.fixed, c.signedFixedData)
  expectBytes(signed.user, c.signedUserData)
  const { fixed, user } = openLinkData(linkOf(c), sealedOf(c))
  expect(fromRange(fixed.agentVersions)).toEqual(c.agentVersionRange)
  expectBytes(spkiOf('ed25519', fixed.rootKey), c.rootPublicKeyDer)
  expectOptional(fixed.entityId, c.linkEntityId)
  expect(formatFullLink(fixed.request)).toBe(c.connReqDecoded ?? c.connReq)
  expectUser(user, c)
  const [queue] = fixed.request.queues
  const common = { form: 'short', scheme: 'https', linkKey: bytes(c.linkKey), server: queue.server } as const
  const link: ShortLink =
    c.mode === 'contact'
      ? { ...common, kind: 'contact', contactType: 'contact' }
      : { ...common, kind: 'invitation', linkId: new Uint8Array(24) }
  const data = resolveLinkData(link, { senderId: queue.senderId, sealed: sealedOf(c) })
  expect(data.fixed).toEqual(fixed)
}

/** Our codes for each stated problem; of one that this list does not have, any refusal will do. */
const CODES: Readonly<Record<string, readonly LinkDataCode[]>> = {
  'link key does not match fixed data hash': ['link-data.hash'],
  'fixed data signed with a wrong key': ['link-data.fixed-signature'],
  'user data signed with a wrong key': ['link-data.user-signature'],
  'owner authorized by a wrong key': ['link-data.owner-signature'],
  'owner listed before the owner that authorized it': ['link-data.owner-signature'],
  'duplicate owner id': ['link-data.owner-duplicate'],
  'owner uses root key': ['link-data.owner-root-key'],
  // Cut within its signature, or after it: then the hash is another one before the encoding is broken.
  'fixed data truncated': ['link-data.malformed', 'link-data.hash'],
}

function codeOf(fn: () => unknown): string {
  try {
    fn()
  } catch (error) {
    if (isAppError(error)) return error.code
    throw error
  }
  return 'accepted'
}

vectorFile('link-data', (file) => {
  file.list('cases', (c: Case) => {
    checkMaking(c)
    checkReading(c)
  })
  file.list('mustFail', (c: Sealed & { problem: string }) => {
    // It opens with its key: what is refused is what it says.
    const signed = unsealLinkData(bytes(c.sbKey), sealedOf(c))
    const code = codeOf(() => verifyLinkData(linkOf(c), signed))
    const expected = CODES[c.problem]
    expect(code, c.problem).toMatch(/^link-data\./)
    if (expected) expect(expected, c.problem).toContain(code)
    expect(codeOf(() => openLinkData(linkOf(c), sealedOf(c)))).toMatch(/^link-data\./)
  })
})
