import { type ProfileColumns, type ProfileRow, toProfile } from './chat-profile.ts'
import { type Sql, sql } from './sql.ts'
import type { ReadDb, WriteTx } from './store.ts'

export type RequestStateColumn = 'waiting' | 'accepting' | 'gone' | 'failed'

/** Somebody who asked at an own address and has no answer yet. */
export interface RequestRecord {
  /** Order of first arrival; what pages are cut by. */
  seq: number
  requestId: string
  rowId: string
  /** The own profile that is asked. */
  profileId: string
  /** The agent's key of the newest invitation. */
  agentKey: string
  addressId: string | null
  addressLabel: string | null
  contactReqId: Uint8Array | null
  /** As it came from the peer. */
  profile: ProfileColumns
  message: string | null
  messageId: Uint8Array | null
  /** Of the welcome that the link has shown to the asker. */
  welcomeId: Uint8Array | null
  peerVersions: { min: number; max: number }
  repeats: number
  state: RequestStateColumn
  error: string | null
  /** Fixed with the first attempt to accept, like `connectionId`. */
  incognitoName: string | null
  connectionId: string | null
  /** What is said first to whom is being let in: fixed when an attempt begins, so that it outlives its address. */
  welcome: string | null
  createdAt: number
  updatedAt: number
}

interface Row extends ProfileRow {
  seq: number
  request_id: string
  row_id: string
  profile_id: string
  agent_key: string
  address_id: string | null
  address_label: string | null
  contact_req_id: Uint8Array | null
  message: string | null
  message_id: Uint8Array | null
  welcome_id: Uint8Array | null
  peer_version_min: number
  peer_version_max: number
  repeats: number
  state: RequestStateColumn
  error: string | null
  incognito_name: string | null
  connection_id: string | null
  welcome: string | null
  created_at: number
  updated_at: number
}

const toRequest = (row: Row): RequestRecord => ({
  seq: row.seq,
  requestId: row.request_id,
  rowId: row.row_id,
  profileId: row.profile_id,
  agentKey: row.agent_key,
  addressId: row.address_id,
  addressLabel: row.address_label,
  contactReqId: row.contact_req_id,
  profile: toProfile(row),
  message: row.message,
  messageId: row.message_id,
  welcomeId: row.welcome_id,
  peerVersions: { min: row.peer_version_min, max: row.peer_version_max },
  repeats: row.repeats,
  state: row.state,
  error: row.error,
  incognitoName: row.incognito_name,
  connectionId: row.connection_id,
  welcome: row.welcome,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

export function getRequest(db: ReadDb, requestId: string): RequestRecord | null {
  const row = db.get<Row>(sql`SELECT * FROM chat_request WHERE request_id = ${requestId}`)
  return row ? toRequest(row) : null
}

/** Ids of askers count within one profile: what an asker sees must not tell which profiles are one person's. */
export function findRequestOfAsker(
  db: ReadDb,
  profileId: string,
  contactReqId: Uint8Array,
): RequestRecord | null {
  const row = db.get<Row>(
    sql`SELECT * FROM chat_request WHERE contact_req_id = ${contactReqId} AND profile_id = ${profileId}
      ORDER BY seq DESC LIMIT 1`,
  )
  return row ? toRequest(row) : null
}

/** Of one profile or one address, newest first. `text` is looked for in names and messages. */
export function listRequests(
  db: ReadDb,
  filter: {
    of: { profileId: string } | { addressId: string }
    text?: string
    beforeSeq: number
    limit: number
  },
): RequestRecord[] {
  const owner: Sql =
    'addressId' in filter.of
      ? sql`address_id = ${filter.of.addressId}`
      : sql`profile_id = ${filter.of.profileId}`
  const text = filter.text?.trim().toLowerCase() ?? ''
  const withText: Sql =
    text === ''
      ? sql``
      : sql`AND (instr(lower(display_name), ${text}) > 0 OR instr(lower(full_name), ${text}) > 0
          OR instr(lower(coalesce(message, '')), ${text}) > 0)`
  return db
    .all<Row>(
      sql`SELECT * FROM chat_request WHERE ${owner} AND seq < ${filter.beforeSeq} ${withText}
        ORDER BY seq DESC LIMIT ${filter.limit}`,
    )
    .map(toRequest)
}

export function listAcceptingIds(db: ReadDb): string[] {
  return db
    .all<{ request_id: string }>(
      sql`SELECT request_id FROM chat_request WHERE state = 'accepting' ORDER BY seq`,
    )
    .map((row) => row.request_id)
}

/** Those that are not being accepted. */
export function listRejectableIds(db: ReadDb, addressId: string): string[] {
  return db
    .all<{ request_id: string }>(
      sql`SELECT request_id FROM chat_request WHERE address_id = ${addressId} AND state <> 'accepting' ORDER BY seq`,
    )
    .map((row) => row.request_id)
}

export function countRequests(db: ReadDb, addressId: string): number {
  return db.get<{ n: number }>(sql`SELECT count(*) AS n FROM chat_request WHERE address_id = ${addressId}`)!.n
}

export function insertRequest(tx: WriteTx, request: Omit<RequestRecord, 'seq'>): void {
  const { profile, peerVersions } = request
  tx.run(sql`
    INSERT INTO chat_request
      (request_id, row_id, profile_id, agent_key, address_id, address_label, contact_req_id, display_name, full_name, description,
        image, contact_link, message, message_id, welcome_id, peer_version_min, peer_version_max, repeats, state, error,
        incognito_name, connection_id, welcome, created_at, updated_at)
    VALUES (${request.requestId}, ${request.rowId}, ${request.profileId}, ${request.agentKey}, ${request.addressId},
      ${request.addressLabel}, ${request.contactReqId}, ${profile.displayName}, ${profile.fullName},
      ${profile.description}, ${profile.image}, ${profile.contactLink}, ${request.message}, ${request.messageId},
      ${request.welcomeId}, ${peerVersions.min}, ${peerVersions.max}, ${request.repeats}, ${request.state}, ${request.error},
      ${request.incognitoName}, ${request.connectionId}, ${request.welcome}, ${request.createdAt},
      ${request.updatedAt})`)
}

/** Writes back everything but the ids. */
export function saveRequest(tx: WriteTx, request: RequestRecord): void {
  const { profile, peerVersions } = request
  tx.run(sql`
    UPDATE chat_request SET address_label = ${request.addressLabel}, display_name = ${profile.displayName},
      full_name = ${profile.fullName}, description = ${profile.description}, image = ${profile.image},
      contact_link = ${profile.contactLink}, message = ${request.message}, message_id = ${request.messageId},
      welcome_id = ${request.welcomeId}, peer_version_min = ${peerVersions.min}, peer_version_max = ${peerVersions.max}, repeats = ${request.repeats},
      state = ${request.state}, error = ${request.error}, incognito_name = ${request.incognitoName},
      connection_id = ${request.connectionId}, welcome = ${request.welcome}, updated_at = ${request.updatedAt}
    WHERE seq = ${request.seq}`)
}

export function relabelRequests(tx: WriteTx, addressId: string, label: string | null): void {
  tx.run(sql`UPDATE chat_request SET address_label = ${label} WHERE address_id = ${addressId}`)
}

export function removeRequest(tx: WriteTx, requestId: string): void {
  tx.run(sql`DELETE FROM chat_request WHERE request_id = ${requestId}`)
}

/* ---- who asks in vain */

export function ignoreAsker(tx: WriteTx, profileId: string, contactReqId: Uint8Array, now: number): void {
  tx.run(sql`
    INSERT INTO chat_ignored (profile_id, contact_req_id, created_at)
    VALUES (${profileId}, ${contactReqId}, ${now})
    ON CONFLICT DO NOTHING`)
}

export function isIgnored(db: ReadDb, profileId: string, contactReqId: Uint8Array): boolean {
  return (
    db.get(
      sql`SELECT 1 FROM chat_ignored WHERE profile_id = ${profileId} AND contact_req_id = ${contactReqId}`,
    ) !== undefined
  )
}
