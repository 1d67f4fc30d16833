import { EMPTY } from '#core/base'
import { hkdfSha512, sha3_256, sha3_384 } from '#core/crypto'
import { SHORT_LINK_ID, SHORT_LINK_KEY } from './constants.ts'

/** What a short link carries: the hash of the fixed data, so nobody else's data fits it. agent.md 5.5 */
export function linkKeyOf(fixedData: Uint8Array): Uint8Array {
  return sha3_256(fixedData)
}

/** The id at the relay follows from the link, so the link of an address needs no second part. agent.md 5.5 */
export function contactLinkKeys(linkKey: Uint8Array): { linkId: Uint8Array; key: Uint8Array } {
  const both = hkdfSha512(EMPTY, linkKey, 'SimpleXContactLink', SHORT_LINK_ID + SHORT_LINK_KEY)
  return { linkId: both.slice(0, SHORT_LINK_ID), key: both.slice(SHORT_LINK_ID) }
}

/** The relay draws the id of a one-time link. agent.md 5.5 */
export function invitationLinkKey(linkKey: Uint8Array): Uint8Array {
  return hkdfSha512(EMPTY, linkKey, 'SimpleXInvLink', SHORT_LINK_KEY)
}

/** The key of both blobs behind a link. */
export function linkDataKey(link: { kind: 'invitation' | 'contact'; linkKey: Uint8Array }): Uint8Array {
  return link.kind === 'invitation' ? invitationLinkKey(link.linkKey) : contactLinkKeys(link.linkKey).key
}

const SENDER_ID = 24 // bytes; agent.md 5.5

/**
 * The sender id that a relay will give to the queue made with this correlation id: the link's data has it signed
 * before the queue exists. agent.md 5.5
 */
export function senderIdOf(corrId: Uint8Array): Uint8Array {
  return sha3_384(corrId).slice(0, SENDER_ID)
}
