import { equalBytes, isAppError } from '#core/base'
import { constantTimeEqual, ed25519Verify, openBox } from '#core/crypto'
import { decode, DecodeError, Reader, unpad, type Codec } from '#core/encoding'
import { readHost, type RelayAddress } from '#core/protocol'
import { LINK_NONCE, MOST_OWNERS } from './constants.ts'
import { LinkDataError, type LinkDataPart } from './errors.ts'
import type { ContactLink, InvitationLink } from './full-link.ts'
import {
  fixedLinkDataCodec,
  signatureCodec,
  userLinkDataCodec,
  type LinkData,
  type LinkOwner,
  type UserLinkData,
} from './link-data.ts'
import { linkDataKey, linkKeyOf } from './link-keys.ts'
import { ownerContent, type SealedLinkData } from './link-data-seal.ts'
import type { ShortLink } from './short-link.ts'

/** The two parts without their encryption: signature and data. */
export interface SignedLinkData {
  readonly fixed: Uint8Array
  readonly user: Uint8Array
}

type LinkKind = 'invitation' | 'contact'

/**
 * What a relay answered for a link, believed only after every check of agent.md 5.8 step 2: the relay can hold nothing
 * but what the author of the link signed for this very link, queue and relay. Throws `LinkDataError`.
 */
export function resolveLinkData(
  link: ShortLink,
  answer: { senderId: Uint8Array; sealed: SealedLinkData },
): LinkData {
  const data = openLinkData(link, answer.sealed)
  const [queue] = data.fixed.request.queues
  if (!equalBytes(queue.senderId, answer.senderId)) throw new LinkDataError('link-data.queue')
  const [host] = link.server.hosts
  const hosts = queue.server.hosts.map(readHost)
  if (host === undefined || !hosts.includes(readHost(host))) throw new LinkDataError('link-data.host')
  return data
}

/** The author's own data, or anybody's before the queue is compared. */
export function openLinkData(
  link: { kind: LinkKind; linkKey: Uint8Array },
  sealed: SealedLinkData,
): LinkData {
  return verifyLinkData(link, unsealLinkData(linkDataKey(link), sealed))
}

/** The link's relay instead of the one that the data names: that one answered, and the link was checked to name it. agent.md 5.8 step 3 */
export function requestAt<R extends InvitationLink | ContactLink>(request: R, relay: RelayAddress): R {
  const [queue, ...others] = request.queues
  return { ...request, queues: [{ ...queue, server: relay }, ...others] }
}

/* ---- encryption */

export function unsealLinkData(key: Uint8Array, sealed: SealedLinkData): SignedLinkData {
  return { fixed: unseal('fixed', key, sealed.fixed), user: unseal('user', key, sealed.user) }
}

function unseal(part: LinkDataPart, key: Uint8Array, sealed: Uint8Array): Uint8Array {
  let padded: Uint8Array
  try {
    padded = openBox(key, sealed.subarray(0, LINK_NONCE), sealed.subarray(LINK_NONCE))
  } catch (cause) {
    if (!isAppError(cause)) throw cause
    throw new LinkDataError('link-data.decrypt', { part, length: sealed.length }, { cause })
  }
  return readable(part, () => unpad(padded))
}

/* ---- signatures */

/** Hash first: nothing is read that the link does not stand for. */
export function verifyLinkData(
  link: { kind: LinkKind; linkKey: Uint8Array },
  signed: SignedLinkData,
): LinkData {
  const fixedPart = splitSigned('fixed', signed.fixed)
  const userPart = splitSigned('user', signed.user)
  if (!constantTimeEqual(linkKeyOf(fixedPart.data), link.linkKey)) throw new LinkDataError('link-data.hash')
  const fixed = readPart('fixed', fixedLinkDataCodec, fixedPart.data)
  if (!ed25519Verify(fixed.rootKey, fixedPart.data, fixedPart.signature)) {
    throw new LinkDataError('link-data.fixed-signature')
  }
  if (fixed.request.kind !== link.kind) throw new LinkDataError('link-data.kind', { part: 'fixed' })
  const user = readPart('user', userLinkDataCodec, userPart.data)
  if (user.kind !== link.kind) throw new LinkDataError('link-data.kind', { part: 'user' })
  const signers = [fixed.rootKey, ...ownerKeys(fixed.rootKey, user)]
  if (!signers.some((key) => ed25519Verify(key, userPart.data, userPart.signature))) {
    throw new LinkDataError('link-data.user-signature')
  }
  return { fixed, user }
}

/** Keys that may sign the user data besides the root: each vouched for by one before it. agent.md 5.7 */
function ownerKeys(rootKey: Uint8Array, user: UserLinkData): Uint8Array[] {
  if (user.kind === 'invitation') return []
  if (user.owners.length > MOST_OWNERS) throw new LinkDataError('link-data.owner-count')
  const before: LinkOwner[] = []
  for (const [owner, { id, key, signature }] of user.owners.entries()) {
    if (equalBytes(key, rootKey)) throw new LinkDataError('link-data.owner-root-key', { owner })
    if (before.some((other) => equalBytes(other.id, id) || equalBytes(other.key, key))) {
      throw new LinkDataError('link-data.owner-duplicate', { owner })
    }
    const content = ownerContent({ id, key })
    const vouchers = [rootKey, ...before.map((other) => other.key)]
    if (!vouchers.some((voucher) => ed25519Verify(voucher, content, signature))) {
      throw new LinkDataError('link-data.owner-signature', { owner })
    }
    before.push({ id, key, signature })
  }
  return before.map(({ key }) => key)
}

function splitSigned(part: LinkDataPart, signed: Uint8Array): { signature: Uint8Array; data: Uint8Array } {
  return readable(part, () => {
    const reader = new Reader(signed)
    return { signature: signatureCodec.read(reader), data: reader.rest() }
  })
}

function readPart<T>(part: LinkDataPart, codec: Codec<T>, data: Uint8Array): T {
  return readable(part, () => decode(codec, data))
}

function readable<T>(part: LinkDataPart, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause
    throw new LinkDataError('link-data.malformed', { part }, { cause })
  }
}
