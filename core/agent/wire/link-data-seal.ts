import { concatBytes, type Random } from '#core/base'
import { box, ed25519PublicKey, ed25519Sign, spkiOf } from '#core/crypto'
import { encode, EncodeError, pad } from '#core/encoding'
import { AGENT_VERSIONS, LINK_NONCE, PADDED_LINK_FIXED, PADDED_LINK_USER } from './constants.ts'
import { LinkDataError, type LinkDataPart } from './errors.ts'
import {
  fixedLinkDataCodec,
  signatureCodec,
  userLinkDataCodec,
  type FixedLinkData,
  type LinkOwner,
  type UserLinkData,
} from './link-data.ts'
import { contactLinkKeys, linkDataKey, linkKeyOf } from './link-keys.ts'

/** Both parts encrypted, as a relay keeps them. The first never changes; a relay compares its bytes. agent.md 5.7 */
export interface SealedLinkData {
  readonly fixed: Uint8Array
  readonly user: Uint8Array
}

export interface NewLinkData {
  readonly linkKey: Uint8Array
  /** Null for a one-time link: the relay draws its id. */
  readonly linkId: Uint8Array | null
  readonly sealed: SealedLinkData
}

/** A link to a request. `rootPrivateKey` is kept for as long as the link lives. agent.md 5.7 step 1 */
export function makeLinkData(
  rootPrivateKey: Uint8Array,
  content: { request: FixedLinkData['request']; entityId?: Uint8Array | null; user: UserLinkData },
  random: Random,
): NewLinkData {
  const { request, user } = content
  if (request.kind !== user.kind) throw new LinkDataError('link-data.kind', { part: 'user' })
  const { linkKey, signed } = signFixedData(rootPrivateKey, {
    agentVersions: AGENT_VERSIONS,
    rootKey: ed25519PublicKey(rootPrivateKey),
    request,
    entityId: content.entityId ?? null,
  })
  const link = { kind: request.kind, linkKey }
  const fixed = sealLinkPart('fixed', linkDataKey(link), signed, random)
  const linkId = request.kind === 'contact' ? contactLinkKeys(linkKey).linkId : null
  return { linkKey, linkId, sealed: { fixed, user: makeUserData(rootPrivateKey, link, user, random) } }
}

/** The changing part of a link that exists, signed by the root key or an owner. agent.md 5.7, "Update" */
export function makeUserData(
  privateKey: Uint8Array,
  link: { kind: UserLinkData['kind']; linkKey: Uint8Array },
  user: UserLinkData,
  random: Random,
): Uint8Array {
  if (link.kind !== user.kind) throw new LinkDataError('link-data.kind', { part: 'user' })
  return sealLinkPart('user', linkDataKey(link), signUserData(privateKey, user), random)
}

/** An owner for the list; the signer is the root or stands before it. agent.md 5.7 */
export function signOwner(privateKey: Uint8Array, owner: Omit<LinkOwner, 'signature'>): LinkOwner {
  return { ...owner, signature: ed25519Sign(privateKey, ownerContent(owner)) }
}

/** What an owner's signature covers. */
export function ownerContent({ id, key }: Omit<LinkOwner, 'signature'>): Uint8Array {
  return concatBytes(id, spkiOf('ed25519', key))
}

export function signFixedData(
  privateKey: Uint8Array,
  data: FixedLinkData,
): { linkKey: Uint8Array; signed: Uint8Array } {
  const bytes = encode(fixedLinkDataCodec, data)
  return { linkKey: linkKeyOf(bytes), signed: sign(privateKey, bytes) }
}

export function signUserData(privateKey: Uint8Array, data: UserLinkData): Uint8Array {
  return sign(privateKey, encode(userLinkDataCodec, data))
}

function sign(privateKey: Uint8Array, data: Uint8Array): Uint8Array {
  return concatBytes(encode(signatureCodec, ed25519Sign(privateKey, data)), data)
}

/** Nonce and box, always of one size, whatever is inside. agent.md 5.6 */
export function sealLinkPart(
  part: LinkDataPart,
  key: Uint8Array,
  signed: Uint8Array,
  random: Random,
): Uint8Array {
  const nonce = random.bytes(LINK_NONCE)
  try {
    const padded = pad(signed, part === 'fixed' ? PADDED_LINK_FIXED : PADDED_LINK_USER)
    return concatBytes(nonce, box(key, nonce, padded))
  } catch (cause) {
    if (!(cause instanceof EncodeError)) throw cause
    throw new LinkDataError('link-data.too-large', { part, length: signed.length }, { cause })
  }
}
