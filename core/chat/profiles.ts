/**
 * Several profiles of one person. One is in use: lists show it and new things belong to it. Each has contacts, requests
 * and addresses of its own, and nothing that goes out for one says that there are others.
 */
import {
  type WriteTx,
  activateProfile,
  countOfProfile,
  forgetOnceAbout,
  insertOwnProfile,
  listAddresses,
  listContacts,
  listOwnProfiles,
  listPendingConnections,
  listRequests,
  removeOwnProfile,
} from '#core/store'
import { deleteAddress } from './addresses.ts'
import { deleteConnection } from './connecting.ts'
import { deleteContact } from './contacts.ts'
import { type ChatContext, newId } from './context.ts'
import { ChatError } from './errors.ts'
import { checkProfile, requireProfile } from './own-profile.ts'
import type { ProfileRecord } from './profile-record.ts'
import { rejectRequests } from './requests.ts'

/** A new one is in use at once. */
export function createProfile(ctx: ChatContext, tx: WriteTx, profile: ProfileRecord): string {
  checkProfile(ctx, tx, profile, null)
  const profileId = newId(ctx.random)
  insertOwnProfile(tx, { ...profile, profileId }, ctx.clock.now())
  ctx.changes.record(tx, { type: 'profile.updated', profileId })
  switchProfile(ctx, tx, profileId)
  return profileId
}

export function switchProfile(ctx: ChatContext, tx: WriteTx, profileId: string): void {
  if (requireProfile(tx, profileId).isActive) return
  activateProfile(tx, profileId)
  ctx.changes.record(tx, { type: 'profile.switched', profileId })
}

/**
 * With everything that belongs to it. Its queues are deleted at their relays in the background; nobody is told.
 * `contacts` is the number that whoever decides was shown: another number means that they decided about something else.
 */
export function deleteProfile(ctx: ChatContext, tx: WriteTx, profileId: string, contacts: number): void {
  const { isActive } = requireProfile(tx, profileId)
  if (countOfProfile(tx, profileId).contacts !== contacts) {
    throw new ChatError('chat.profile-contacts', 'another number of contacts would be lost')
  }
  const everyRequest = { of: { profileId }, beforeSeq: Number.MAX_SAFE_INTEGER, limit: -1 }
  const requests = listRequests(tx, everyRequest).map(({ requestId }) => requestId)
  rejectRequests(ctx, tx, requests)
  for (const { contactId } of listContacts(tx, profileId))
    deleteContact(ctx, tx, contactId, { notify: false, keepChat: false })
  for (const { connectionId } of listPendingConnections(tx, profileId)) {
    deleteConnection(ctx, tx, connectionId)
  }
  // Last, when there is nobody left who would be told that the profile has no address any more.
  for (const { addressId } of listAddresses(tx, profileId)) {
    deleteAddress(ctx, tx, addressId, { rejectWaiting: false })
  }
  removeOwnProfile(tx, profileId)
  forgetOnceAbout(tx, profileId)
  ctx.changes.record(tx, { type: 'profile.removed', profileId })
  const next = isActive ? listOwnProfiles(tx)[0] : null
  if (next) switchProfile(ctx, tx, next.profileId)
}
