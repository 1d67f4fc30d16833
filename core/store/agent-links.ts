import type { Millis } from '#core/base'
import { sql } from './sql.ts'
import type { ReadDb, WriteTx } from './store.ts'

/** A short link to a queue of ours. `server` is an address in binary form. */
export interface AgentLink {
  readonly connId: string
  readonly server: Uint8Array
  readonly linkId: Uint8Array
  readonly linkKey: Uint8Array
  /** What signs the data and the part that never changes, as the relay has it byte for byte; null: nobody changes it any more. */
  readonly author: { readonly rootKey: Uint8Array; readonly fixed: Uint8Array } | null
  /** The application's data that the relay has yet to be told. */
  readonly pending: Uint8Array | null
  /** The relay has the link. */
  readonly published: boolean
}

interface LinkRow {
  conn_id: string
  server: Uint8Array
  link_id: Uint8Array
  link_key: Uint8Array
  root_key: Uint8Array | null
  fixed: Uint8Array | null
  pending: Uint8Array | null
  published: number
}

const fromLinkRow = (row: LinkRow): AgentLink => ({
  connId: row.conn_id,
  server: row.server,
  linkId: row.link_id,
  linkKey: row.link_key,
  author: row.root_key && row.fixed && { rootKey: row.root_key, fixed: row.fixed },
  pending: row.pending,
  published: row.published === 1,
})

export function insertAgentLink(tx: WriteTx, link: AgentLink): void {
  const { connId, server, linkId, linkKey, author, pending, published } = link
  tx.run(sql`
    INSERT INTO agent_link (conn_id, server, link_id, link_key, root_key, fixed, pending, published)
    VALUES (${connId}, ${server}, ${linkId}, ${linkKey}, ${author?.rootKey ?? null}, ${author?.fixed ?? null},
      ${pending}, ${published})`)
}

export function getAgentLink(db: ReadDb, connId: string): AgentLink | undefined {
  const row = db.get<LinkRow>(sql`SELECT * FROM agent_link WHERE conn_id = ${connId}`)
  return row && fromLinkRow(row)
}

/** Links of that id at any relay; not those of connections that are being deleted. */
export function findAgentLinks(db: ReadDb, linkId: Uint8Array): AgentLink[] {
  return db
    .all<LinkRow>(
      sql`
      SELECT l.* FROM agent_link l JOIN agent_connection c USING (conn_id)
      WHERE l.link_id = ${linkId} AND c.deleted_at IS NULL`,
    )
    .map(fromLinkRow)
}

/** In place of what waited before; null: nothing waits. */
export function setPendingLinkData(tx: WriteTx, connId: string, pending: Uint8Array | null): void {
  tx.run(sql`UPDATE agent_link SET pending = ${pending} WHERE conn_id = ${connId}`)
}

export function markLinkPublished(tx: WriteTx, connId: string): void {
  tx.run(sql`UPDATE agent_link SET published = 1 WHERE conn_id = ${connId}`)
}

/** Somebody has it: it is still recognised, and its data stays as it is. */
export function closeAgentLink(tx: WriteTx, connId: string): void {
  tx.run(sql`UPDATE agent_link SET root_key = NULL, fixed = NULL, pending = NULL WHERE conn_id = ${connId}`)
}

export function removeAgentLink(tx: WriteTx, connId: string): void {
  tx.run(sql`DELETE FROM agent_link WHERE conn_id = ${connId}`)
}

/* ---- links of others */

export interface LinkClaim {
  readonly linkId: Uint8Array
  readonly server: Uint8Array
  /** Null before the relay has answered. */
  readonly sndId: Uint8Array | null
  /** Ed25519 with which a one-time link is claimed; null for an address, and once it is the key of a connection. */
  readonly key: { readonly privateKey: Uint8Array; readonly publicKey: Uint8Array } | null
  /** What was made of it. */
  readonly connId: string | null
}

interface ClaimRow {
  link_id: Uint8Array
  server: Uint8Array
  snd_id: Uint8Array | null
  auth_private: Uint8Array | null
  auth_public: Uint8Array | null
  conn_id: string | null
}

const fromClaimRow = (row: ClaimRow): LinkClaim => ({
  linkId: row.link_id,
  server: row.server,
  sndId: row.snd_id,
  key: row.auth_private && row.auth_public && { privateKey: row.auth_private, publicKey: row.auth_public },
  connId: row.conn_id,
})

type LinkName = Pick<LinkClaim, 'linkId' | 'server'>

/** A new one, or news of one that leads to no connection yet. */
export function putLinkClaim(tx: WriteTx, claim: Omit<LinkClaim, 'connId'> & { createdAt: Millis }): void {
  const { linkId, server, sndId, key, createdAt } = claim
  tx.run(sql`
    INSERT INTO agent_link_claim (link_id, server, snd_id, auth_private, auth_public, created_at)
    VALUES (${linkId}, ${server}, ${sndId}, ${key?.privateKey ?? null}, ${key?.publicKey ?? null}, ${createdAt})
    ON CONFLICT (link_id, server) DO UPDATE SET snd_id = excluded.snd_id, created_at = excluded.created_at`)
}

export function getLinkClaim(db: ReadDb, { linkId, server }: LinkName): LinkClaim | undefined {
  const row = db.get<ClaimRow>(
    sql`SELECT * FROM agent_link_claim WHERE link_id = ${linkId} AND server = ${server}`,
  )
  return row && fromClaimRow(row)
}

export function findLinkClaims(db: ReadDb, linkId: Uint8Array): LinkClaim[] {
  return db.all<ClaimRow>(sql`SELECT * FROM agent_link_claim WHERE link_id = ${linkId}`).map(fromClaimRow)
}

/** Newest first, at any relay: how it is written differs. */
export function findLinkClaimsOfQueue(db: ReadDb, sndId: Uint8Array): LinkClaim[] {
  return db
    .all<ClaimRow>(sql`SELECT * FROM agent_link_claim WHERE snd_id = ${sndId} ORDER BY created_at DESC`)
    .map(fromClaimRow)
}

/** The connection has the key from now on. */
export function useLinkClaim(tx: WriteTx, { linkId, server }: LinkName, connId: string): void {
  tx.run(sql`
    UPDATE agent_link_claim SET conn_id = ${connId}, auth_private = NULL, auth_public = NULL
    WHERE link_id = ${linkId} AND server = ${server}`)
}

export function removeLinkClaim(tx: WriteTx, { linkId, server }: LinkName): void {
  tx.run(sql`DELETE FROM agent_link_claim WHERE link_id = ${linkId} AND server = ${server}`)
}

/** Of which nothing was made: addresses that were only looked at, and one-time links that nobody wants any more. */
export function pruneLinkClaims(tx: WriteTx, before: { addresses: Millis; oneTime: Millis }): void {
  tx.run(sql`
    DELETE FROM agent_link_claim WHERE conn_id IS NULL AND
      created_at < CASE WHEN auth_private IS NULL THEN ${before.addresses} ELSE ${before.oneTime} END`)
}
