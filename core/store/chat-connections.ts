import { sql } from './sql.ts'
import type { ReadDb, WriteTx } from './store.ts'

export type PhaseColumn =
  'unused' | 'shared' | 'connecting' | 'awaiting-peer' | 'connected' | 'refused' | 'failed'

/** One way of reaching somebody: an invitation made here, or a link used here. It stays beside its contact. */
export interface ConnectionRecord {
  connectionId: string
  rowId: string
  /** The agent's id. */
  connId: string
  role: 'creator' | 'joiner'
  phase: PhaseColumn
  alias: string | null
  /** Creator only; taken away when it stops working. */
  link: string | null
  /** Host of the relay that the link names, for reading. */
  relay: string
  contactId: string | null
  /** Code of the error behind 'refused' and 'failed'. */
  error: string | null
  peerVersions: { min: number; max: number } | null
  /** Revision of the own profile that the peer was sent last; 0: none. */
  sentProfile: number
  createdAt: number
  updatedAt: number
}

interface Row {
  connection_id: string
  row_id: string
  conn_id: string
  role: 'creator' | 'joiner'
  phase: PhaseColumn
  alias: string | null
  link: string | null
  relay: string
  contact_id: string | null
  error: string | null
  peer_version_min: number | null
  peer_version_max: number | null
  sent_profile: number
  created_at: number
  updated_at: number
}

const columns = sql`connection_id, row_id, conn_id, role, phase, alias, link, relay, contact_id, error,
  peer_version_min, peer_version_max, sent_profile, created_at, updated_at`

function toConnection(row: Row): ConnectionRecord {
  return {
    connectionId: row.connection_id,
    rowId: row.row_id,
    connId: row.conn_id,
    role: row.role,
    phase: row.phase,
    alias: row.alias,
    link: row.link,
    relay: row.relay,
    contactId: row.contact_id,
    error: row.error,
    peerVersions:
      row.peer_version_min === null || row.peer_version_max === null
        ? null
        : { min: row.peer_version_min, max: row.peer_version_max },
    sentProfile: row.sent_profile,
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

/** Those without a contact yet, newest first. */
export function listPendingConnections(db: ReadDb): ConnectionRecord[] {
  return db
    .all<Row>(
      sql`SELECT ${columns} FROM chat_connection WHERE contact_id IS NULL ORDER BY created_at DESC, connection_id`,
    )
    .map(toConnection)
}

/** Those whose contact can be told about a changed profile. */
export function listConnectedConnections(db: ReadDb): ConnectionRecord[] {
  return db
    .all<Row>(sql`SELECT ${columns} FROM chat_connection WHERE contact_id IS NOT NULL ORDER BY created_at`)
    .map(toConnection)
}

export function insertConnection(tx: WriteTx, connection: ConnectionRecord): void {
  tx.run(sql`
    INSERT INTO chat_connection (${columns})
    VALUES (${connection.connectionId}, ${connection.rowId}, ${connection.connId}, ${connection.role},
      ${connection.phase}, ${connection.alias}, ${connection.link}, ${connection.relay}, ${connection.contactId},
      ${connection.error}, ${connection.peerVersions?.min ?? null}, ${connection.peerVersions?.max ?? null},
      ${connection.sentProfile}, ${connection.createdAt}, ${connection.updatedAt})`)
}

/** Writes back everything that changes in the life of a connection. */
export function saveConnection(tx: WriteTx, connection: ConnectionRecord): void {
  tx.run(sql`
    UPDATE chat_connection SET phase = ${connection.phase}, alias = ${connection.alias}, link = ${connection.link},
      contact_id = ${connection.contactId}, error = ${connection.error},
      peer_version_min = ${connection.peerVersions?.min ?? null},
      peer_version_max = ${connection.peerVersions?.max ?? null},
      sent_profile = ${connection.sentProfile}, updated_at = ${connection.updatedAt}
    WHERE connection_id = ${connection.connectionId}`)
}

/** With the messages that were written to it before there was a contact. */
export function deleteConnectionRow(tx: WriteTx, connectionId: string): void {
  tx.run(sql`DELETE FROM chat_connection WHERE connection_id = ${connectionId}`)
}
