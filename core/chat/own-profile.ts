import { utf8 } from '#core/base'
import { isAppError } from '#core/base'
import {
  type ConnectionRecord,
  type OwnProfile,
  type ReadDb,
  type WriteTx,
  getActiveProfile,
  getOwnProfile,
  listAddresses,
  listConnectedConnections,
  listOwnProfiles,
  saveConnection,
  updateOwnProfile,
} from '#core/store'
import { MAX_CONNECTION_INFO, MAX_DESCRIPTION, MAX_PROFILE_IMAGE } from './constants.ts'
import type { ChatContext } from './context.ts'
import { ChatError } from './errors.ts'
import { encodeInfo, newMessageId } from './events.ts'
import { incognitoProfile } from './incognito.ts'
import { publishProfile } from './link-publishing.ts'
import { isValidName, suggestedName } from './names.ts'
import { type ProfileRecord, sameProfile } from './profile-record.ts'

/** The one with this id, or else the one in use. */
export function requireProfile(db: ReadDb, profileId?: string): OwnProfile {
  const profile = profileId === undefined ? getActiveProfile(db) : getOwnProfile(db, profileId)
  if (profile) return profile
  throw profileId === undefined
    ? new ChatError('chat.no-profile', 'no profile yet')
    : new ChatError('chat.not-found', 'no such profile')
}

/** What this peer is shown, in the handshake and in every update: the random profile made for it alone, or the own one. */
export function shownProfile(
  db: ReadDb,
  { incognitoName, profileId }: Pick<ConnectionRecord, 'incognitoName' | 'profileId'>,
): ProfileRecord {
  return incognitoName === null ? requireProfile(db, profileId) : incognitoProfile(incognitoName)
}

/** The revision that a peer has once it has been shown this; 0: it never gets the own profile. */
export function shownRevision(
  db: ReadDb,
  { incognitoName, profileId }: Pick<ConnectionRecord, 'incognitoName' | 'profileId'>,
): number {
  return incognitoName === null ? requireProfile(db, profileId).revision : 0
}

/**
 * Changes a profile and tells every contact of it that can be told; the others are told when they can (chat.md 2.7).
 * Contacts of other profiles learn nothing.
 */
export function changeProfile(
  ctx: ChatContext,
  tx: WriteTx,
  profileId: string,
  change: Partial<ProfileRecord>,
): void {
  const before = requireProfile(tx, profileId)
  const after: ProfileRecord = { ...before, ...change }
  checkProfile(ctx, tx, after, profileId)
  if (sameProfile(before, after)) return
  updateOwnProfile(tx, profileId, after)
  publishProfile(ctx, tx, profileId, before, after)
  ctx.changes.record(tx, { type: 'profile.updated', profileId })
  for (const connection of listConnectedConnections(tx, profileId)) tellProfile(ctx, tx, connection)
  addressesChanged(ctx, tx, profileId)
}

/** Sends `x.info` where the peer knows an older profile. An incognito contact never gets it (chat.md 2.5). */
export function tellProfile(ctx: ChatContext, tx: WriteTx, connection: ConnectionRecord): void {
  if (connection.incognitoName !== null) return
  const profile = requireProfile(tx, connection.profileId)
  if (connection.sentProfile === profile.revision || connection.sentProfile === 0) return
  if (connection.phase !== 'connected' && connection.phase !== 'awaiting-peer') return
  if (!ctx.agent.canSend(tx, connection.connId)) return
  const body = encodeInfo(profile, newMessageId(ctx.random))
  const { msgId } = ctx.agent.send(tx, connection.connId, body, { notification: false })
  saveConnection(tx, { ...connection, sentProfile: profile.revision, profileMsgId: msgId })
  addressesChanged(ctx, tx, connection.profileId)
}

/** Whoever has not been told is told now: at every start, and when the network is tried again. */
export function tellEverybody(ctx: ChatContext, tx: WriteTx): void {
  for (const { profileId } of listOwnProfiles(tx)) {
    for (const connection of listConnectedConnections(tx, profileId)) tellProfile(ctx, tx, connection)
  }
}

/** The relay has a profile update, or will not take it: then it is sent again at the next occasion. */
export function profileDelivered(
  ctx: ChatContext,
  tx: WriteTx,
  connection: ConnectionRecord,
  msgId: number,
  ok: boolean,
): ConnectionRecord {
  if (connection.profileMsgId !== msgId) return connection
  const sentProfile = ok ? connection.sentProfile : NEVER
  const changed = { ...connection, sentProfile, profileMsgId: null, profileFailed: !ok }
  saveConnection(tx, changed)
  addressesChanged(ctx, tx, connection.profileId)
  return changed
}

/** No revision is this one. */
const NEVER = -1

/** The counts of profile updates are shown with each address. */
function addressesChanged(ctx: ChatContext, tx: WriteTx, profileId: string): void {
  for (const { addressId } of listAddresses(tx, profileId))
    ctx.changes.record(tx, { type: 'address.updated', addressId })
}

/** `own`: the id of the profile that is to become this one; null for a new one. */
export function checkProfile(
  ctx: ChatContext,
  tx: WriteTx,
  profile: ProfileRecord,
  own: string | null,
): void {
  if (!isValidName(profile.displayName)) {
    const suggestion = suggestedName(profile.displayName)
    throw new ChatError('chat.name', 'not a valid display name', {}, suggestion || null)
  }
  const taken = listOwnProfiles(tx).some(
    (other) => other.profileId !== own && sameName(other.displayName, profile.displayName),
  )
  if (taken) throw new ChatError('chat.profile-exists', 'another profile has this name')
  const { description, image, contactLink } = profile
  if (description !== null) {
    const size = utf8(JSON.stringify(description)).length
    if (size > MAX_DESCRIPTION) tooLarge('description', size, MAX_DESCRIPTION)
  }
  if (image !== null) {
    if (image.length > MAX_PROFILE_IMAGE) tooLarge('image', image.length, MAX_PROFILE_IMAGE)
    if (!/^data:image\/(png|jpg);base64,[A-Za-z0-9+/]+={0,2}$/.test(image)) refuseField('image')
  }
  if (contactLink !== null && !isAddress(ctx, contactLink)) refuseField('address')
  const size = encodeInfo(profile).length
  if (size > MAX_CONNECTION_INFO) tooLarge('fullName', size, MAX_CONNECTION_INFO)
}

/** Names that differ in nothing but capitals cannot be told apart in a list. */
function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** A link that does not parse would make the whole profile unreadable to the peer (chat.md 2.2). */
function isAddress(ctx: ChatContext, link: string): boolean {
  try {
    return ctx.links.readLink(link).facts.kind === 'address'
  } catch (error) {
    if (isAppError(error)) return false
    throw error
  }
}

function tooLarge(field: string, size: number, limit: number): never {
  throw new ChatError('chat.too-large', 'does not fit a profile', { field, size, limit })
}

function refuseField(field: string): never {
  throw new ChatError('chat.profile-field', 'not a value for this field', { field })
}
