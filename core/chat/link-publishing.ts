/**
 * What own links show before anybody connects, kept true: computed from profile, welcome and settings, and told to the
 * relay whenever it is not what was told last. chat.md 4.1
 */
import { equalBytes, isAppError } from '#core/base'
import { sha256 } from '#core/crypto'
import {
  type AddressRecord,
  type ReadDb,
  type WriteTx,
  getAddress,
  getAddressByConnId,
  getOwnProfile,
  listAddresses,
  listAllAddresses,
  listPendingConnections,
  saveAddress,
} from '#core/store'
import { takesRequests } from './arrivals.ts'
import type { ChatContext } from './context.ts'
import { linkDataOf } from './link-data.ts'
import { type ProfileRecord, sameProfile } from './profile-record.ts'

/** Who lets askers in under random names names nobody beforehand, and welcomes them by a message. */
export function addressLinkData(db: ReadDb, address: AddressRecord, now: number): Uint8Array {
  const profile = address.autoAccept === 'incognito' ? null : getOwnProfile(db, address.profileId)
  return linkDataOf(profile, address.welcome, { paused: !takesRequests(address, now) })
}

/** Before anything is set. */
export function newAddressLinkData(db: ReadDb, profileId: string): Uint8Array {
  return linkDataOf(getOwnProfile(db, profileId), null)
}

/** Told only where it is news. */
export function publishAddress(ctx: ChatContext, tx: WriteTx, addressId: string): void {
  const address = getAddress(tx, addressId)
  if (!address || address.error !== null) return
  const data = addressLinkData(tx, address, ctx.clock.now())
  const shown = sha256(data)
  if (address.shown && equalBytes(address.shown, shown)) return
  ctx.agent.updateLinkData(tx, address.connId, data)
  saveAddress(tx, { ...address, shown })
}

/** At every start too: addresses of before short links get theirs by it. */
export function publishAddresses(ctx: ChatContext, tx: WriteTx): void {
  for (const { addressId } of listAllAddresses(tx)) publishAddress(ctx, tx, addressId)
}

/** The own profile has changed: links that nobody has used yet show the new one. */
export function publishProfile(
  ctx: ChatContext,
  tx: WriteTx,
  profileId: string,
  before: ProfileRecord,
  after: ProfileRecord,
): void {
  if (sameProfile({ ...before, contactLink: null }, { ...after, contactLink: null })) return
  for (const { addressId } of listAddresses(tx, profileId)) publishAddress(ctx, tx, addressId)
  for (const { phase, incognitoName, connId } of listPendingConnections(tx, profileId)) {
    if ((phase !== 'unused' && phase !== 'shared') || incognitoName !== null) continue
    try {
      ctx.agent.updateLinkData(tx, connId, linkDataOf(after, null))
    } catch (error) {
      if (!isAppError(error, 'agent.not-found')) throw error
    }
  }
}

/** What became of it. An address that had no short link may have one now. */
export function linkDataTold(
  ctx: ChatContext,
  tx: WriteTx,
  connId: string,
  { code, shortLink }: { code: string | null; shortLink: string | null },
): void {
  if (code !== null) ctx.log.info('link.data-refused', { code })
  const address = getAddressByConnId(tx, connId)
  if (!address) return
  // A relay that keeps no links will not learn it; anything else is tried again at the next start.
  if (code !== null && code !== 'relay.version') saveAddress(tx, { ...address, shown: null })
  if (shortLink === null || address.link === shortLink) return
  saveAddress(tx, { ...address, link: shortLink })
  ctx.changes.record(tx, { type: 'address.updated', addressId: address.addressId })
}
