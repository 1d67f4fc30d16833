import { utf8 } from '#core/base'
import { isAppError } from '#core/base'
import {
  type ConnectionRecord,
  type OwnProfile,
  type ReadDb,
  type WriteTx,
  getOwnProfile,
  insertOwnProfile,
  listAddresses,
  listConnectedConnections,
  saveConnection,
  updateOwnProfile,
} from '#core/store'
import { MAX_CONNECTION_INFO, MAX_DESCRIPTION, MAX_PROFILE_IMAGE } from './constants.ts'
import type { ChatContext } from './context.ts'
import { ChatError } from './errors.ts'
import { encodeInfo, newMessageId } from './events.ts'
import { isValidName, nearestName } from './names.ts'
import { type ProfileRecord, sameProfile } from './profile-record.ts'

export function requireProfile(db: ReadDb): OwnProfile {
  const profile = getOwnProfile(db)
  if (!profile) throw new ChatError('chat.no-profile', 'no profile yet')
  return profile
}

export function createProfile(ctx: ChatContext, tx: WriteTx, profile: ProfileRecord): void {
  if (getOwnProfile(tx)) throw new ChatError('chat.profile-exists', 'there is a profile already')
  checkProfile(ctx, profile)
  insertOwnProfile(tx, profile, ctx.clock.now())
}

/** Changes the profile and tells every contact that can be told; the others are told when they can (chat.md 2.7). */
export function changeProfile(ctx: ChatContext, tx: WriteTx, change: Partial<ProfileRecord>): void {
  const before = requireProfile(tx)
  const after: ProfileRecord = { ...before, ...change }
  checkProfile(ctx, after)
  if (sameProfile(before, after)) return
  updateOwnProfile(tx, after)
  tellEverybody(ctx, tx)
  addressesChanged(ctx, tx)
}

/** Sends `x.info` where the peer knows an older profile. An incognito contact never gets it (chat.md 2.5). */
export function tellProfile(ctx: ChatContext, tx: WriteTx, connection: ConnectionRecord): void {
  if (connection.incognitoName !== null) return
  const profile = requireProfile(tx)
  if (connection.sentProfile === profile.revision || connection.sentProfile === 0) return
  if (connection.phase !== 'connected' && connection.phase !== 'awaiting-peer') return
  if (!ctx.agent.canSend(tx, connection.connId)) return
  const body = encodeInfo(profile, newMessageId(ctx.random))
  const { msgId } = ctx.agent.send(tx, connection.connId, body, { notification: false })
  saveConnection(tx, { ...connection, sentProfile: profile.revision, profileMsgId: msgId })
  addressesChanged(ctx, tx)
}

/** Whoever has not been told is told now: at every start, and when the network is tried again. */
export function tellEverybody(ctx: ChatContext, tx: WriteTx): void {
  if (!getOwnProfile(tx)) return
  for (const connection of listConnectedConnections(tx)) tellProfile(ctx, tx, connection)
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
  addressesChanged(ctx, tx)
  return changed
}

/** No revision is this one. */
const NEVER = -1

/** The counts of profile updates are shown with each address. */
function addressesChanged(ctx: ChatContext, tx: WriteTx): void {
  for (const { addressId } of listAddresses(tx))
    ctx.changes.record(tx, { type: 'address.updated', addressId })
}

function checkProfile(ctx: ChatContext, profile: ProfileRecord): void {
  if (!isValidName(profile.displayName)) {
    const suggestion = nearestName(profile.displayName)
    throw new ChatError('chat.name', 'not a valid display name', {}, suggestion || null)
  }
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
