import { beforeAll, describe, expect, it } from 'vitest'
import { fromHex, isAppError, toHex } from '#core/base'
import { cryptoReady, ed25519PublicKey, ed25519Sign, x25519PublicKey } from '#core/crypto'
import { encode } from '#core/encoding'
import {
  contactLinkKeys,
  fixedLinkDataCodec,
  invitationLinkKey,
  linkDataKey,
  linkKeyOf,
  makeLinkData,
  makeUserData,
  openLinkData,
  PADDED_LINK_USER,
  requestAt,
  resolveLinkData,
  sealLinkPart,
  senderIdOf,
  signFixedData,
  signOwner,
  signUserData,
  verifyLinkData,
  type LinkOwner,
  type NewLinkData,
  type UserLinkData,
} from '../../../core/agent/wire/index.ts'
import {
  aContact,
  anInvitation,
  anyRandom,
  aQueue,
  contactData,
  counting,
  invitationData,
  linkTo,
  owner,
  publishContact,
  publishInvitation,
  ROOT,
  seed,
  VERSIONS,
  type Published,
} from './link-data-builders.ts'

beforeAll(cryptoReady)

function codeOf(fn: () => unknown): string {
  try {
    fn()
  } catch (error) {
    if (isAppError(error)) return error.code
    throw error
  }
  return 'accepted'
}

const resolved = ({ link, answer }: Published): string => codeOf(() => resolveLinkData(link, answer))

describe('keys of short links', () => {
  it('are those of the examples of agent.md 5.5', () => {
    const { linkId, key } = contactLinkKeys(counting(32))
    expect(toHex(linkId)).toBe('3232adb6fd5d0e30ab33495f6d24543458eae3aab2b1b535')
    expect(toHex(key)).toBe('efcfdbca49d0a09566bb06c017e29d74861ce710afa58587a698fd4b85179d4a')
    expect(toHex(invitationLinkKey(counting(32)))).toBe(
      '7f3160cc1a195495e752e2204b71508fca7c0e7bcca32935bf1f4af2ac05b787',
    )
    expect(toHex(senderIdOf(counting(24)))).toBe('3ae1a7e6f8e0007f53167b85c478203b8445ac2b7b092da2')
  })
})

describe('fixed link data', () => {
  it('is the example of agent.md 5.6, to the last key', () => {
    const request = aContact(aQueue({ dhKey: x25519PublicKey(new Uint8Array(32).fill(6)) }))
    const fixed = {
      agentVersions: VERSIONS,
      rootKey: ed25519PublicKey(ROOT),
      request,
      entityId: null,
    }
    const bytes = encode(fixedLinkDataCodec, fixed)
    expect(bytes).toHaveLength(195)
    const { linkKey, signed } = signFixedData(ROOT, fixed)
    expect(signed).toHaveLength(260)
    expect(linkKey).toEqual(linkKeyOf(bytes))
    expect(toHex(linkKey)).toBe('33007e36f819a63d95072d1497e4c0a21bca8f8a49cdf153d163c72d9574e650')
    const { linkId, key } = contactLinkKeys(linkKey)
    expect(toHex(linkId)).toBe('96405fa452a1569030c66031d3c8cece3817b4c3c500cb5f')
    expect(toHex(key)).toBe('543db8997fa3566e9527356b402908176f6b4c4e96ae618e24001f1cb036a7fa')
  })

  it('keeps the id of what it leads to, and takes an end that is none for nothing', () => {
    const entityId = new Uint8Array(16).fill(5)
    const user = contactData()
    const made = makeLinkData(ROOT, { request: aContact(), entityId, user }, anyRandom)
    const { fixed } = openLinkData(linkTo(made, aContact()), made.sealed)
    expect(fixed.entityId).toEqual(entityId)
    const cut = encode(fixedLinkDataCodec, fixed).slice(0, -1)
    const signed = { fixed: withSignature(cut), user: signUserData(ROOT, user) }
    const read = verifyLinkData({ kind: 'contact', linkKey: linkKeyOf(cut) }, signed)
    expect(read.fixed).toEqual({ ...fixed, entityId: null })
  })
})

/** Signed as it is, whatever it is. */
function withSignature(data: Uint8Array, signer = ROOT): Uint8Array {
  return Uint8Array.of(64, ...ed25519Sign(signer, data), ...data)
}

describe('data behind a short link', () => {
  it('is believed when everything fits, and has one size whatever is in it', () => {
    for (const { link, answer } of [publishContact(), publishInvitation()]) {
      expect(answer.sealed.fixed).toHaveLength(2048)
      expect(answer.sealed.user).toHaveLength(13_824)
      const { fixed, user } = resolveLinkData(link, answer)
      expect(fixed.rootKey).toEqual(ed25519PublicKey(ROOT))
      expect(fixed.request.kind).toBe(link.kind)
      expect([...user.userBytes]).toEqual([1, 2, 3])
    }
  })

  it('that is too long for its size is refused before it is sealed', () => {
    const room = PADDED_LINK_USER - 2 - 65 - 6 - 1 - 1 - 3 // length, signature, 'C' and versions, direct, lists
    const filled = (length: number) => contactData({ userBytes: new Uint8Array(length) })
    expect(resolved(publishContact(filled(room)))).toBe('accepted')
    expect(codeOf(() => publishContact(filled(room + 1)))).toBe('link-data.too-large')
    expect(codeOf(() => publishContact(filled(65_535)))).toBe('link-data.too-large')
  })

  it('is of the kind of the link: its request, what goes with it, and the link itself', () => {
    const { link, answer } = publishContact()
    const key = linkDataKey(link)
    const { linkKey, signed } = signFixedData(ROOT, {
      agentVersions: VERSIONS,
      rootKey: ed25519PublicKey(ROOT),
      request: anInvitation(),
      entityId: null,
    })
    const user = signUserData(ROOT, contactData())
    expect(codeOf(() => verifyLinkData({ kind: 'contact', linkKey }, { fixed: signed, user }))).toBe(
      'link-data.kind',
    )
    expect(codeOf(() => verifyLinkData({ kind: 'invitation', linkKey }, { fixed: signed, user }))).toBe(
      'link-data.kind',
    )
    const otherUser = sealLinkPart('user', key, signUserData(ROOT, invitationData()), anyRandom)
    const swapped = { ...answer, sealed: { ...answer.sealed, user: otherUser } }
    expect(resolved({ link, answer: swapped })).toBe('link-data.kind')
    const content = { request: aContact(), user: invitationData() }
    expect(codeOf(() => makeLinkData(ROOT, content, anyRandom))).toBe('link-data.kind')
    expect(codeOf(() => makeUserData(ROOT, link, invitationData(), anyRandom))).toBe('link-data.kind')
  })

  it('is of the queue that the relay names and of the relay of the link', () => {
    const { link, answer } = publishContact()
    expect(resolved({ link, answer: { ...answer, senderId: new Uint8Array(24) } })).toBe('link-data.queue')
    const { server } = link
    const elsewhere = { ...link, server: { ...server, hosts: ['other.test', 'smp.example.org'] } }
    expect(resolved({ link: elsewhere, answer })).toBe('link-data.host')
    expect(resolved({ link: { ...link, server: { ...server, hosts: [] } }, answer })).toBe('link-data.host')
    expect(resolved({ link: { ...link, server: { ...server, hosts: ['abc.onion'] } }, answer })).toBe(
      'accepted',
    )
  })

  it('does not open with the key of another link, cut, touched or swapped', () => {
    const { link, answer } = publishContact()
    const { fixed, user } = answer.sealed
    const touched = user.slice()
    touched[100]! ^= 1
    for (const sealed of [
      { fixed: user, user: fixed.slice(0, 23) },
      { fixed: fixed.slice(0, 30), user },
      { fixed, user: new Uint8Array() },
      { fixed, user: touched },
    ]) {
      expect(resolved({ link, answer: { ...answer, sealed } })).toBe('link-data.decrypt')
    }
    // Both parts have one key: only what they are keeps them apart.
    expect(resolved({ link, answer: { ...answer, sealed: { fixed: user, user: fixed } } })).toBe(
      'link-data.hash',
    )
    expect(resolved({ link: { ...link, linkKey: new Uint8Array(32) }, answer })).toBe('link-data.decrypt')
  })

  it('signed by anybody but the root is refused, and a one-time link has no owners', () => {
    expect(resolved(publishContact(contactData(), seed(1)))).toBe('link-data.user-signature')
    const { link, answer } = publishInvitation()
    const user = makeUserData(seed(1), link, invitationData(), anyRandom)
    expect(resolved({ link, answer: { ...answer, sealed: { ...answer.sealed, user } } })).toBe(
      'link-data.user-signature',
    )
  })
})

describe('owners of an address', () => {
  const first = (): LinkOwner => owner(1, ROOT)
  const withOwners = (owners: LinkOwner[], signer = ROOT): string =>
    resolved(publishContact(contactData({ owners }), signer))

  it('may sign when the root or an owner before them vouches for them', () => {
    expect(withOwners([first()], seed(1))).toBe('accepted')
    expect(withOwners([first(), owner(2, seed(1))], seed(2))).toBe('accepted')
    expect(withOwners([first(), owner(2, ROOT), owner(3, seed(1))], seed(3))).toBe('accepted')
    expect(withOwners([first()], seed(2))).toBe('link-data.user-signature')
  })

  it('are at most sixteen: more are refused before any signature is checked', () => {
    const chain = (count: number): LinkOwner[] =>
      Array.from({ length: count }, (_, at) => owner(at + 1, at === 0 ? ROOT : seed(at)))
    expect(withOwners(chain(16), seed(16))).toBe('accepted')
    expect(withOwners(chain(17), ROOT)).toBe('link-data.owner-count')
    // Not even those that nobody vouches for.
    expect(withOwners(Array.from({ length: 40 }, (_, at) => owner(at + 1, seed(99))))).toBe(
      'link-data.owner-count',
    )
  })

  it('are refused when a stranger, they themselves or a later owner vouches for them', () => {
    expect(withOwners([owner(1, seed(9))])).toBe('link-data.owner-signature')
    expect(withOwners([owner(1, seed(1))])).toBe('link-data.owner-signature')
    expect(withOwners([owner(2, seed(1)), first()])).toBe('link-data.owner-signature')
  })

  it('are refused twice by key or id, and as the root', () => {
    expect(withOwners([first(), owner(1, ROOT, 8)])).toBe('link-data.owner-duplicate')
    expect(withOwners([first(), owner(2, ROOT, 1)])).toBe('link-data.owner-duplicate')
    const root = signOwner(ROOT, { id: new Uint8Array(16), key: ed25519PublicKey(ROOT) })
    expect(withOwners([first(), root])).toBe('link-data.owner-root-key')
  })
})

describe('the request behind a link', () => {
  it('goes to the relay of the link, which is the one that answered', () => {
    const relay = { hosts: ['abc.onion'], port: '443', keyHash: new Uint8Array(32).fill(1), password: null }
    const other = aQueue({ senderId: fromHex('01') })
    const request = { ...aContact(), queues: [aQueue(), other] } as ReturnType<typeof aContact>
    const moved = requestAt(request, relay)
    expect(moved.queues).toEqual([{ ...aQueue(), server: relay }, other])
  })
})

describe('an update of link data', () => {
  it('changes what is shown and leaves the link and its first part alone', () => {
    const { link, answer } = publishContact()
    const user: UserLinkData = contactData({ userBytes: new Uint8Array(300).fill(4), direct: false })
    const sealed: NewLinkData['sealed'] = {
      ...answer.sealed,
      user: makeUserData(ROOT, link, user, anyRandom),
    }
    expect(resolveLinkData(link, { ...answer, sealed }).user).toEqual(user)
  })
})
