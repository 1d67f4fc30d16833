/**
 * Pending rows: from a link made or used here to a contact. The row keeps its `rowId` all the way.
 *
 *     creator   unused ─▶ shared ─▶ (opened | expired: invitation-life.ts) ─▶ connecting (contact exists) ─▶ connected
 *     joiner    [queued] ─▶ connecting ─▶ awaiting-peer ─▶ connected (contact exists, at once where the link names it)
 *     asker     [queued] ─▶ requested ─▶ connecting (contact exists, or at once) ─▶ connected
 *     either    ─▶ refused | failed
 */
import {
  type ConnectionRecord,
  type ContactRecord,
  type ReadDb,
  type WriteTx,
  deleteConnectionRow,
  deleteContact,
  forgetOnceAbout,
  getConnection,
  getConnectionByConnId,
  getContact,
  insertConnection,
  insertContact,
  listMessages,
  moveMessages,
  saveConnection,
  setContactAlias,
  setContactStatus,
} from '#core/store'
import type { VersionRange } from '#core/encoding'
import { MAX_ALIAS } from './constants.ts'
import { type ChatContext, newId } from './context.ts'
import { ChatError } from './errors.ts'
import { failUnsent } from './messaging.ts'
import { displayLine } from './names.ts'
import { noteSteps } from './timeline.ts'
import { requireProfile, shownRevision } from './own-profile.ts'
import type { ProfileRecord } from './profile-record.ts'

/** A private name as it is kept: one line, or none. */
export function alias(name: string | null | undefined): string | null {
  return displayLine(name ?? '', MAX_ALIAS) || null
}

export interface MadeConnection {
  connId: string
  /** Who connects: the own profile, and the name shown in its place, if any. */
  profileId: string
  incognitoName: string | null
  /** Private name for the other person. */
  name: string | null
  /** Host of the relay in the link, for reading. */
  relay: string
}

/** Runs in the transaction in which the agent stores the new queue. */
export function recordInvitation(
  ctx: ChatContext,
  tx: WriteTx,
  made: MadeConnection & { link: string; fullLink?: string; expiresAt?: number | null },
): ConnectionRecord {
  const { link, fullLink = link, expiresAt = null } = made
  return addConnection(ctx, tx, made, { role: 'creator', phase: 'unused', link, fullLink, expiresAt })
}

/** Runs in the transaction in which the agent stores the claimed link. */
export function recordJoin(
  ctx: ChatContext,
  tx: WriteTx,
  made: MadeConnection & { connectionId?: string },
): ConnectionRecord {
  requireQueued(tx, made.connectionId)
  return addConnection(ctx, tx, made, {
    role: 'joiner',
    phase: 'connecting',
    sentProfile: shownRevision(tx, made),
    ...(made.connectionId !== undefined && { connectionId: made.connectionId }),
  })
}

/** A link whose relay cannot be reached now: it is used when it can, also after a restart. `what` is for whoever tries. */
export function recordQueued(
  ctx: ChatContext,
  tx: WriteTx,
  made: Omit<MadeConnection, 'connId'> & { kind: ConnectionRecord['kind']; what: string },
): ConnectionRecord {
  const { kind, what } = made
  // The agent knows nothing of it yet.
  const connId = `queued ${newId(ctx.random)}`
  return addConnection(ctx, tx, { ...made, connId }, { role: 'joiner', phase: 'queued', kind, queued: what })
}

/** Deleted while its relay was being asked: nothing of it may appear. */
export function requireQueued(tx: WriteTx, connectionId: string | undefined): void {
  if (connectionId === undefined || getConnection(tx, connectionId)?.phase === 'queued') return
  throw new ChatError('chat.not-found', 'no such connection')
}

/** Tried, and in vain for good. */
export function queuedFailed(ctx: ChatContext, tx: WriteTx, connectionId: string, code: string): void {
  const connection = getConnection(tx, connectionId)
  if (connection?.phase !== 'queued') return
  failUnsent(ctx, tx, connection, code)
  const phase = code === 'agent.link-used' || code === 'agent.address-gone' ? 'refused' : 'failed'
  changeConnection(ctx, tx, connection, { phase, error: code, queued: null })
}

/** Tried, and something of ours is missing: it stays, and says what. */
export function queuedWaits(ctx: ChatContext, tx: WriteTx, connectionId: string, error: string): void {
  const connection = getConnection(tx, connectionId)
  if (connection?.phase === 'queued' && connection.error !== error)
    changeConnection(ctx, tx, connection, { error })
}

export function addConnection(
  ctx: ChatContext,
  tx: WriteTx,
  made: MadeConnection,
  how: Pick<ConnectionRecord, 'role' | 'phase'> & Partial<ConnectionRecord>,
): ConnectionRecord {
  // It may have been deleted while the relay was asked.
  requireProfile(tx, made.profileId)
  const now = ctx.clock.now()
  const waiting = how.connectionId === undefined ? null : getConnection(tx, how.connectionId)
  if (waiting?.phase === 'queued') {
    const { connId, relay } = made
    return changeConnection(ctx, tx, waiting, { ...how, connId, relay, queued: null, error: null })
  }
  const connection: ConnectionRecord = {
    connectionId: newId(ctx.random),
    rowId: newId(ctx.random),
    profileId: made.profileId,
    connId: made.connId,
    kind: 'invitation',
    alias: alias(made.name),
    link: null,
    fullLink: null,
    relay: made.relay,
    contactId: null,
    error: null,
    peerVersions: null,
    sentProfile: 0,
    profileMsgId: null,
    profileFailed: false,
    addressLabel: null,
    incognitoName: made.incognitoName,
    requestId: null,
    contactReqId: null,
    welcomeId: null,
    queued: null,
    requestedAt: null,
    expiresAt: null,
    openedAt: null,
    openedAlarm: false,
    createdAt: now,
    updatedAt: now,
    ...how,
  }
  insertConnection(tx, connection)
  noteSteps(tx, null, connection)
  ctx.changes.record(tx, { type: 'connection.updated', connectionId: connection.connectionId })
  return connection
}

export function requireConnection(tx: ReadDb, connectionId: string): ConnectionRecord {
  const connection = getConnection(tx, connectionId)
  if (!connection) throw new ChatError('chat.not-found', 'no such connection')
  return connection
}

/** Saves, stamps and tells. */
export function changeConnection(
  ctx: ChatContext,
  tx: WriteTx,
  connection: ConnectionRecord,
  change: Partial<ConnectionRecord>,
): ConnectionRecord {
  const changed = { ...connection, ...change, updatedAt: ctx.clock.now() }
  saveConnection(tx, changed)
  noteSteps(tx, connection, changed)
  ctx.changes.record(tx, { type: 'connection.updated', connectionId: connection.connectionId })
  // A contact that is still connecting shows how far it is.
  if (changed.contactId !== null && changed.phase !== connection.phase) {
    ctx.changes.record(tx, { type: 'contact.updated', contactId: changed.contactId })
  }
  return changed
}

export function renameConnection(
  ctx: ChatContext,
  tx: WriteTx,
  connectionId: string,
  name: string | null,
): void {
  const connection = requireConnection(tx, connectionId)
  changeConnection(ctx, tx, connection, { alias: alias(name) })
  if (connection.contactId === null) return
  setContactAlias(tx, connection.contactId, alias(name))
  ctx.changes.record(tx, { type: 'contact.updated', contactId: connection.contactId })
}

/** Only a link that nobody has used can become more widely known. */
export function markShared(ctx: ChatContext, tx: WriteTx, connectionId: string): void {
  const connection = requireConnection(tx, connectionId)
  if (connection.phase === 'unused') changeConnection(ctx, tx, connection, { phase: 'shared' })
}

/** The pending row becomes a contact: same row, same private name, with what was written meanwhile. */
export function becomeContact(
  ctx: ChatContext,
  tx: WriteTx,
  connection: ConnectionRecord,
  profile: ProfileRecord,
  change: { versions: VersionRange | null; phase: ConnectionRecord['phase']; sentProfile: number },
): { contact: ContactRecord; connection: ConnectionRecord } {
  const contact: ContactRecord = {
    contactId: newId(ctx.random),
    rowId: connection.rowId,
    profileId: connection.profileId,
    alias: connection.alias,
    profile,
    status: 'connecting',
    unread: 0,
    muted: false,
    pinned: false,
    markedUnread: false,
    draft: null,
    createdAt: ctx.clock.now(),
  }
  insertContact(tx, contact)
  const moved = moveMessages(tx, connection.connectionId, contact.contactId)
  ctx.changes.record(tx, { type: 'contact.updated', contactId: contact.contactId })
  const joined = changeConnection(ctx, tx, connection, {
    contactId: contact.contactId,
    link: null,
    fullLink: null,
    phase: change.phase,
    peerVersions: change.versions,
    sentProfile: change.sentProfile,
  })
  for (const messageId of moved) ctx.changes.record(tx, { type: 'message.updated', messageId })
  return { contact, connection: joined }
}

export function connected(ctx: ChatContext, tx: WriteTx, connection: ConnectionRecord): void {
  const contactId = connection.contactId
  if (contactId === null) return
  setContactStatus(tx, contactId, 'active')
  changeConnection(ctx, tx, connection, { phase: 'connected', error: null })
  ctx.changes.record(tx, { type: 'contact.updated', contactId })
  ctx.changes.record(tx, { type: 'contact.connected', contactId })
}

/**
 * The connection will not come about. A contact to which nothing was written goes back to being a pending row
 * that says why; one with messages stays to be read.
 */
export function connectionFailed(
  ctx: ChatContext,
  tx: WriteTx,
  connection: ConnectionRecord,
  code: string,
): void {
  const phase = code === 'agent.not-available' || code === 'agent.link-used' ? 'refused' : 'failed'
  failUnsent(ctx, tx, connection, code)
  const contact = connection.contactId === null ? null : getContact(tx, connection.contactId)
  if (contact && hasWritten(tx, contact.contactId)) {
    setContactStatus(tx, contact.contactId, 'deleted-by-peer')
    changeConnection(ctx, tx, connection, { phase, error: code, link: null, fullLink: null })
    ctx.changes.record(tx, { type: 'contact.updated', contactId: contact.contactId })
    return
  }
  changeConnection(ctx, tx, connection, { phase, error: code, link: null, fullLink: null, contactId: null })
  if (contact) {
    deleteContact(tx, contact.contactId)
    ctx.changes.record(tx, { type: 'contact.removed', contactId: contact.contactId, rowId: contact.rowId })
    ctx.changes.record(tx, { type: 'connection.updated', connectionId: connection.connectionId })
  }
}

/** Said in the row as long as it lasts, as code and address: the link is ours all the same, and goes on when the relay of ours takes it. */
export function ownRelayRefuses(
  ctx: ChatContext,
  tx: WriteTx,
  connection: ConnectionRecord,
  waiting: { code: string; own: string | null } | null,
): void {
  if (connection.phase !== 'connecting' && connection.phase !== 'awaiting-peer') return
  const error = waiting?.own ? `${waiting.code} ${waiting.own}` : null
  if (error === connection.error) return
  changeConnection(ctx, tx, connection, { error })
  if (connection.contactId !== null) {
    ctx.changes.record(tx, { type: 'contact.updated', contactId: connection.contactId })
  }
}

/** It had failed, and is made after all. */
export function resumed(ctx: ChatContext, tx: WriteTx, connection: ConnectionRecord): void {
  if (connection.phase !== 'failed') return
  changeConnection(ctx, tx, connection, { phase: 'connecting', error: null })
  const contact = connection.contactId === null ? null : getContact(tx, connection.contactId)
  if (contact?.status !== 'deleted-by-peer') return
  setContactStatus(tx, contact.contactId, 'connecting')
  ctx.changes.record(tx, { type: 'contact.updated', contactId: contact.contactId })
}

/** What a link has shown of itself is nothing that must be kept. */
function hasWritten(tx: WriteTx, contactId: string): boolean {
  return listMessages(tx, { contactId }, Number.MAX_SAFE_INTEGER, 2).some(
    ({ direction }) => direction === 'out',
  )
}

/** `peerMayWait`: the other side was already connecting, and is not told. */
export function deleteConnection(
  ctx: ChatContext,
  tx: WriteTx,
  connectionId: string,
): { peerMayWait: boolean } {
  const connection = requireConnection(tx, connectionId)
  const contact = connection.contactId === null ? null : getContact(tx, connection.contactId)
  if (contact && contact.status !== 'connecting') {
    throw new ChatError('chat.connected', 'this connection has become a contact')
  }
  ctx.agent.deleteConnection(tx, connection.connId, { waitDelivery: false })
  deleteConnectionRow(tx, connectionId)
  forgetOnceAbout(tx, connectionId)
  if (contact) {
    deleteContact(tx, contact.contactId)
    ctx.changes.record(tx, { type: 'contact.removed', contactId: contact.contactId, rowId: contact.rowId })
  }
  ctx.changes.record(tx, { type: 'connection.removed', connectionId, rowId: connection.rowId })
  return { peerMayWait: ['opened', 'connecting', 'awaiting-peer'].includes(connection.phase) }
}

/** For the handler: `null` where the connection was deleted here while something of it was still under way. */
export function connectionOf(tx: WriteTx, connId: string): ConnectionRecord | null {
  return getConnectionByConnId(tx, connId)
}
