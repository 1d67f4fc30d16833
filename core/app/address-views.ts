import type { Address, Request } from '#core/contract'
import {
  addressState,
  isFlooded,
  isShared,
  profileForDisplay,
  requireProfile,
  waitingRequests,
} from '#core/chat'
import { equalBytes } from '#core/base'
import type { RelayAddress } from '#core/protocol'
import { type AddressRecord, type ReadDb, type RequestRecord, countProfileUpdates } from '#core/store'
import { storedFailure } from './failures.ts'
import { placeOfLink, serverOf } from './link-place.ts'
import { usableRelays } from './relay-directory.ts'
import { iso, profileView } from './views.ts'

/** What a view needs to know beside the store. */
export interface Present {
  readonly embedded: RelayAddress | null
  readonly now: number
}

export function addressView(db: ReadDb, address: AddressRecord, { embedded, now }: Present): Address {
  const waiting = waitingRequests(db, address)
  const relay = serverOf(address.fullLink)
  const place = placeOfLink(db, address.fullLink, embedded)
  return {
    addressId: address.addressId,
    profileId: address.profileId,
    link: address.link,
    fullLink: address.fullLink,
    label: address.label,
    isDefault: address.isDefault,
    state: addressState(db, address, now),
    autoAccept: address.autoAccept && { incognito: address.autoAccept === 'incognito' },
    welcomeMessage: address.welcome,
    sharedInProfile: isShared(db, address),
    stopAt: address.stopAt === null ? null : iso(address.stopAt),
    stopAfter: address.stopAfter,
    requests: {
      waiting,
      total: address.total,
      accepted: address.accepted,
      rejected: address.rejected,
      dropped: address.dropped,
    },
    flood: isFlooded(address, waiting, now),
    relay: address.relay,
    reach: place?.reach ?? 'internet',
    stale: place?.stale ?? null,
    relayEnabled:
      relay !== null && usableRelays(db, embedded).some((one) => equalBytes(one.keyHash, relay.keyHash)),
    profileUpdates: countProfileUpdates(db, requireProfile(db, address.profileId)),
    error: address.error === null ? null : storedFailure(address.error),
    createdAt: iso(address.createdAt),
  }
}

export function requestView(request: RequestRecord): Request {
  return {
    requestId: request.requestId,
    rowId: request.rowId,
    profileId: request.profileId,
    addressId: request.addressId,
    addressLabel: request.addressLabel,
    profile: profileView(profileForDisplay(request.profile)),
    message: request.message,
    repeats: request.repeats,
    state: request.state,
    createdAt: iso(request.createdAt),
    updatedAt: iso(request.updatedAt),
  }
}
