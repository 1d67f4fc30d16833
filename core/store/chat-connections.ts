import { sql } from './sql.ts'
import type { ReadDb, WriteTx } from './store.ts'

/** 'requested': asked at an address, waits for acceptance. 'queued': used once its relay can be reached. */
export type PhaseColumn =
  | 'queued'
  | 'unused'
  | 'shared'
  /** Somebody has taken the link and not answered. */
  | 'opened'
  | 'requested'
  | 'connecting'
  | 'awaiting-peer'
  | 'connected'
  | 'refused'
  | 'failed'
  /** The date of the link is past. */
  | 'expired'

/**
 * One way of reaching somebody: an invitation made here, a link used here, or a request accepted here. It stays beside
 * its contact.
 */
export interface ConnectionRecord {
  connectionId: string
  rowId: string
  /** The own profile that it belongs to. */
  profileId: string
  /** The agent's id; another one after the invitation was made anew. */
  connId: string
  kind: 'invitation' | 'address'
  role: 'creator' | 'joiner'
  phase: PhaseColumn
  alias: string | null
  /** Creator only; taken away when it stops working. */
  link: string | null
  /** Equal to `link` where there is no short one. */
  fullLink: string | null
  /** Host of the relay that the link names, for reading. */
  relay: string
  contactId: string | null
  /** Code of the error behind 'refused' and 'failed'. */
  error: string | null
  peerVersions: { min: number; max: number } | null
  /** Revision of the own profile that the peer was sent last; 0: none. */
  sentProfile: number
  /** The agent's number of a profile update on its way; null: none. */
  profileMsgId: number | null
  /** The last profile update did not get through; it is sent again. */
  profileFailed: boolean
  /** The label that an accepted request came with. */
  addressLabel: string | null
  /** The name shown to this peer in place of the own profile; null: the own profile. */
  incognitoName: string | null
  /** The request that was accepted. */
  requestId: string | null
  /** Id of a request to connect, the same in all its repetitions: ours or the peer's. */
  contactReqId: Uint8Array | null
  /** Id of the welcome that the link showed: here to the joiner, at the creator as the asker reported it. */
  welcomeId: Uint8Array | null
  /** What to do with the link, as JSON, while phase is 'queued'. */
  queued: string | null
  /** When it was last asked at somebody's address. */
  requestedAt: number | null
  /** When a link made here stops working, and since when it is known that somebody has taken it. */
  expiresAt: number | null
  openedAt: number | null
  /** Whoever took it has not answered in time, and this was told. */
  openedAlarm: boolean
  createdAt: number
  updatedAt: number
}

interface Row {
  connection_id: string
  row_id: string
  profile_id: string
  conn_id: string
  kind: 'invitation' | 'address'
  role: 'creator' | 'joiner'
  phase: Exclude<PhaseColumn, 'requested' | 'queued' | 'opened' | 'expired'>
  alias: string | null
  link: string | null
  full_link: string | null
  relay: string
  contact_id: string | null
  error: string | null
  peer_version_min: number | null
  peer_version_max: number | null
  sent_profile: number
  profile_msg_id: number | null
  profile_failed: number
  address_label: string | null
  incognito_name: string | null
  request_id: string | null
  contact_req_id: Uint8Array | null
  welcome_id: Uint8Array | null
  queued: string | null
  requested_at: number | null
  expires_at: number | null
  opened_at: number | null
  opened_alarm: number
  created_at: number
  updated_at: number
}

const columns = sql`connection_id, row_id, profile_id, conn_id, kind, role, phase, alias, link, full_link, relay, contact_id, error,
  peer_version_min, peer_version_max, sent_profile, profile_msg_id, profile_failed, address_label, incognito_name,
  request_id, contact_req_id, welcome_id, queued, requested_at, expires_at, opened_at, opened_alarm, created_at,
  updated_at`

/** The table's list of phases is older than addresses and than links that wait. */
function phaseColumn(phase: PhaseColumn): string {
  if (phase === 'requested') return 'awaiting-peer'
  if (phase === 'opened') return 'shared'
  if (phase === 'expired') return 'failed'
  return phase === 'queued' ? 'connecting' : phase
}
/** What tells an expired row from a failed one; never shown. */
const EXPIRED = 'chat.expired'
const errorColumn = ({ phase, error }: ConnectionRecord): string | null =>
  phase === 'expired' ? EXPIRED : error
const asksAtAddress = (row: Row): boolean =>
  row.phase === 'awaiting-peer' && row.kind === 'address' && row.role === 'joiner'

function phaseOf(row: Row): PhaseColumn {
  if (row.queued !== null && row.phase === 'connecting') return 'queued'
  if (row.opened_at !== null && (row.phase === 'unused' || row.phase === 'shared')) return 'opened'
  if (row.phase === 'failed' && row.error === EXPIRED) return 'expired'
  return asksAtAddress(row) ? 'requested' : row.phase
}

function toConnection(row: Row): ConnectionRecord {
  return {
    connectionId: row.connection_id,
    rowId: row.row_id,
    profileId: row.profile_id,
    connId: row.conn_id,
    kind: row.kind,
    role: row.role,
    phase: phaseOf(row),
    alias: row.alias,
    link: row.link,
    fullLink: row.full_link,
    relay: row.relay,
    contactId: row.contact_id,
    error: row.error === EXPIRED ? null : row.error,
    peerVersions:
      row.peer_version_min === null || row.peer_version_max === null
        ? null
        : { min: row.peer_version_min, max: row.peer_version_max },
    sentProfile: row.sent_profile,
    profileMsgId: row.profile_msg_id,
    profileFailed: row.profile_failed !== 0,
    addressLabel: row.address_label,
    incognitoName: row.incognito_name,
    requestId: row.request_id,
    contactReqId: row.contact_req_id,
    welcomeId: row.welcome_id,
    queued: row.queued,
    requestedAt: row.requested_at,
    expiresAt: row.expires_at,
    openedAt: row.opened_at,
    openedAlarm: row.opened_alarm !== 0,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function getConnection(db: ReadDb, connectionId: string): ConnectionRecord | null {
  const row = db.get<Row>(sql`SELECT ${columns} FROM chat_connection WHERE connection_id = ${connectionId}`)
  return row ? toConnection(row) : null
}

export function getConnectionByConnId(db: ReadDb, connId: string): ConnectionRecord | null {
  const row = db.get<Row>(sql`SELECT ${columns} FROM chat_connection WHERE conn_id = ${connId}`)
  return row ? toConnection(row) : null
}

export function getConnectionOfContact(db: ReadDb, contactId: string): ConnectionRecord | null {
  const row = db.get<Row>(
    sql`SELECT ${columns} FROM chat_connection WHERE contact_id = ${contactId} ORDER BY created_at DESC LIMIT 1`,
  )
  return row ? toConnection(row) : null
}

/** Of one profile, those without a contact yet, newest first. */
export function listPendingConnections(db: ReadDb, profileId: string): ConnectionRecord[] {
  return db
    .all<Row>(
      sql`SELECT ${columns} FROM chat_connection WHERE contact_id IS NULL AND profile_id = ${profileId}
        ORDER BY created_at DESC, connection_id`,
    )
    .map(toConnection)
}

/** Of one profile, those whose contact can be told about a change of it. */
export function listConnectedConnections(db: ReadDb, profileId: string): ConnectionRecord[] {
  return db
    .all<Row>(
      sql`SELECT ${columns} FROM chat_connection WHERE contact_id IS NOT NULL AND profile_id = ${profileId}
        ORDER BY created_at`,
    )
    .map(toConnection)
}

/** Links that are used once their relay can be reached, oldest first. */
export function listQueuedConnections(db: ReadDb): ConnectionRecord[] {
  return db
    .all<Row>(sql`SELECT ${columns} FROM chat_connection WHERE queued IS NOT NULL ORDER BY created_at`)
    .map(toConnection)
    .filter(({ phase }) => phase === 'queued')
}

/** What became of a request, if it was accepted and is still here. */
export function getConnectionOfRequest(db: ReadDb, requestId: string): ConnectionRecord | null {
  const row = db.get<Row>(sql`SELECT ${columns} FROM chat_connection WHERE request_id = ${requestId}`)
  return row ? toConnection(row) : null
}

/** Whether somebody who asks with this id was accepted by this profile and has not ended it. */
export function isAcceptedAsker(db: ReadDb, profileId: string, contactReqId: Uint8Array): boolean {
  return (
    db.get(sql`
      SELECT 1 FROM chat_connection n JOIN chat_contact c USING (contact_id)
      WHERE n.contact_req_id = ${contactReqId} AND n.profile_id = ${profileId} AND n.role = 'creator' AND c.status <> 'deleted-by-peer'`) !==
    undefined
  )
}

/** Contacts of a profile that have not taken it as it is now. Incognito ones never get it. */
export function countProfileUpdates(
  db: ReadDb,
  { profileId, revision }: { profileId: string; revision: number },
): { pending: number; failed: number } {
  const row = db.get<{ pending: number | null; failed: number | null }>(sql`
    SELECT sum(n.profile_failed = 0) AS pending, sum(n.profile_failed) AS failed
    FROM chat_connection n JOIN chat_contact c USING (contact_id)
    WHERE n.profile_id = ${profileId} AND n.incognito_name IS NULL AND n.sent_profile <> 0 AND n.phase = 'connected' AND c.status = 'active'
      AND (n.sent_profile <> ${revision} OR n.profile_msg_id IS NOT NULL OR n.profile_failed = 1)`)
  return { pending: row?.pending ?? 0, failed: row?.failed ?? 0 }
}

export function insertConnection(tx: WriteTx, connection: ConnectionRecord): void {
  tx.run(sql`
    INSERT INTO chat_connection (${columns})
    VALUES (${connection.connectionId}, ${connection.rowId}, ${connection.profileId}, ${connection.connId}, ${connection.kind},
      ${connection.role}, ${phaseColumn(connection.phase)}, ${connection.alias}, ${connection.link}, ${connection.fullLink}, ${connection.relay},
      ${connection.contactId}, ${errorColumn(connection)}, ${connection.peerVersions?.min ?? null}, ${connection.peerVersions?.max ?? null},
      ${connection.sentProfile}, ${connection.profileMsgId}, ${connection.profileFailed},
      ${connection.addressLabel}, ${connection.incognitoName}, ${connection.requestId}, ${connection.contactReqId},
      ${connection.welcomeId}, ${connection.queued}, ${connection.requestedAt}, ${connection.expiresAt}, ${connection.openedAt},
      ${connection.openedAlarm}, ${connection.createdAt}, ${connection.updatedAt})`)
}

/** Writes back everything that changes in the life of a connection. */
export function saveConnection(tx: WriteTx, connection: ConnectionRecord): void {
  tx.run(sql`
    UPDATE chat_connection SET profile_id = ${connection.profileId}, conn_id = ${connection.connId}, kind = ${connection.kind},
      relay = ${connection.relay}, incognito_name = ${connection.incognitoName}, phase = ${phaseColumn(connection.phase)}, alias = ${connection.alias}, link = ${connection.link},
      full_link = ${connection.fullLink}, welcome_id = ${connection.welcomeId}, queued = ${connection.queued},
      contact_req_id = ${connection.contactReqId},
      contact_id = ${connection.contactId}, error = ${errorColumn(connection)},
      expires_at = ${connection.expiresAt}, opened_at = ${connection.openedAt}, opened_alarm = ${connection.openedAlarm},
      peer_version_min = ${connection.peerVersions?.min ?? null},
      peer_version_max = ${connection.peerVersions?.max ?? null},
      sent_profile = ${connection.sentProfile}, profile_msg_id = ${connection.profileMsgId},
      profile_failed = ${connection.profileFailed}, requested_at = ${connection.requestedAt}, updated_at = ${connection.updatedAt}
    WHERE connection_id = ${connection.connectionId}`)
}

/** With the messages that were written to it before there was a contact. */
export function deleteConnectionRow(tx: WriteTx, connectionId: string): void {
  tx.run(sql`DELETE FROM chat_connection WHERE connection_id = ${connectionId}`)
}
