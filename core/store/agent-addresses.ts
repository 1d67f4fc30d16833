import type { Millis } from '#core/base'
import { sql } from './sql.ts'
import type { ReadDb, WriteTx } from './store.ts'

/** A request of ours to somebody's address. `server` is an address in binary form. */
export interface AgentRequest {
  readonly connId: string
  readonly server: Uint8Array
  readonly sndId: Uint8Array
  /** X25519 of the address's owner. */
  readonly dhKey: Uint8Array
  readonly agentVersion: number
  readonly smpVersion: number
  readonly seed: Uint8Array
  /** Whom it shows, in the application's words. */
  readonly identity: string
}

interface RequestRow {
  conn_id: string
  server: Uint8Array
  snd_id: Uint8Array
  dh_key: Uint8Array
  agent_version: number
  smp_version: number
  seed: Uint8Array
  identity: string
}

const fromRequestRow = (row: RequestRow): AgentRequest => ({
  connId: row.conn_id,
  server: row.server,
  sndId: row.snd_id,
  dhKey: row.dh_key,
  agentVersion: row.agent_version,
  smpVersion: row.smp_version,
  seed: row.seed,
  identity: row.identity,
})

export function insertAgentRequest(tx: WriteTx, request: AgentRequest): void {
  const { connId, server, sndId, dhKey, agentVersion, smpVersion, seed, identity } = request
  tx.run(sql`
    INSERT INTO agent_request (conn_id, server, snd_id, dh_key, agent_version, smp_version, seed, identity)
    VALUES (${connId}, ${server}, ${sndId}, ${dhKey}, ${agentVersion}, ${smpVersion}, ${seed}, ${identity})`)
}

export function getAgentRequest(db: ReadDb, connId: string): AgentRequest | undefined {
  const row = db.get<RequestRow>(sql`SELECT * FROM agent_request WHERE conn_id = ${connId}`)
  return row && fromRequestRow(row)
}

/** Those to that address, the newest first. One that failed or is being deleted is not found. */
/** At any relay: how it is written differs. */
export function findAgentRequests(db: ReadDb, sndId: Uint8Array): AgentRequest[] {
  return db
    .all<RequestRow>(
      sql`SELECT r.* FROM agent_request r JOIN agent_connection c USING (conn_id)
        WHERE r.snd_id = ${sndId} AND c.phase <> 'failed' AND c.deleted_at IS NULL
        ORDER BY c.created_at DESC, c.rowid DESC`,
    )
    .map(fromRequestRow)
}

/* ---- requests of others */

export interface AgentInvitation {
  readonly requestKey: string
  /** Null: it is accepted, nobody needs it any more. */
  readonly link: string | null
  /** What was made of it, or is being made: with `accepted` false the keys of an attempt that has not yet got through. */
  readonly connId: string | null
  readonly accepted: boolean
}

/** A new one, or in the place of one that is not accepted. */
export function putAgentInvitation(
  tx: WriteTx,
  invitation: { requestKey: string; link: string; addressId: string | null; createdAt: Millis },
): void {
  const { requestKey, link, addressId, createdAt } = invitation
  tx.run(sql`
    INSERT INTO agent_invitation (request_key, link, address_id, created_at)
    VALUES (${requestKey}, ${link}, ${addressId}, ${createdAt})
    ON CONFLICT (request_key) DO UPDATE SET link = excluded.link, address_id = excluded.address_id WHERE accepted = 0`)
}

export function getAgentInvitation(db: ReadDb, requestKey: string): AgentInvitation | undefined {
  const row = db.get<{ request_key: string; link: string | null; conn_id: string | null; accepted: number }>(
    sql`SELECT request_key, link, conn_id, accepted FROM agent_invitation WHERE request_key = ${requestKey}`,
  )
  return (
    row && {
      requestKey: row.request_key,
      link: row.link,
      connId: row.conn_id,
      accepted: row.accepted === 1,
    }
  )
}

/** The keys of this connection are tried from now on. */
export function claimAgentInvitation(tx: WriteTx, requestKey: string, connId: string): void {
  tx.run(sql`UPDATE agent_invitation SET conn_id = ${connId} WHERE request_key = ${requestKey}`)
}

/** The link's keys have done their work and go. */
export function markInvitationAccepted(tx: WriteTx, requestKey: string): void {
  tx.run(sql`UPDATE agent_invitation SET accepted = 1, link = NULL WHERE request_key = ${requestKey}`)
}

export function removeAgentInvitation(tx: WriteTx, requestKey: string): void {
  tx.run(sql`DELETE FROM agent_invitation WHERE request_key = ${requestKey}`)
}

/** Accepted ones whose connection is gone. */
export function pruneInvitations(tx: WriteTx): void {
  tx.run(sql`DELETE FROM agent_invitation WHERE accepted = 1 AND conn_id IS NULL`)
}
