import type { Millis } from '#core/base'
import type { AgentKind } from './agent-connections.ts'
import { removeDeliveriesTo } from './agent-messages.ts'
import { sql } from './sql.ts'
import type { ReadDb, WriteTx } from './store.ts'

/** `M`: the sender can secure it. `C`: a contact address. Null: of the time before modes. */
export type AgentQueueMode = 'M' | 'C' | null
export type RcvQueueStatus = 'new' | 'confirmed' | 'active' | 'gone'
export type SndQueueStatus = 'new' | 'secured' | 'confirmed' | 'active'

/** A queue at our relay, on which the peer sends. `server` is an address in binary form. */
export interface RcvQueue {
  readonly queueId: number
  readonly connId: string
  readonly server: Uint8Array
  readonly rcvId: Uint8Array
  readonly sndId: Uint8Array
  readonly mode: AgentQueueMode
  readonly status: RcvQueueStatus
  readonly smpVersion: number
  /** Ed25519, signs our commands. */
  readonly authKey: Uint8Array
  /** X25519 with the relay's key. */
  readonly dhSecret: Uint8Array
  readonly e2ePrivate: Uint8Array
  readonly e2ePublic: Uint8Array
  /** X25519 with the sender's key; null before the confirmation. */
  readonly e2eSecret: Uint8Array | null
  /** SPKI of the sender's key while the relay has not been told (KEY). */
  readonly pendingKey: Uint8Array | null
  /** The relay has said that the queue had been full; the peer is not yet told that it may go on. */
  readonly drained: boolean
}

/** The peer's queue, on which we send. */
export interface SndQueue {
  readonly queueId: number
  readonly connId: string
  readonly server: Uint8Array
  readonly sndId: Uint8Array
  readonly mode: AgentQueueMode
  readonly status: SndQueueStatus
  readonly smpVersion: number
  readonly authPrivate: Uint8Array
  readonly authPublic: Uint8Array
  readonly e2eSecret: Uint8Array
  readonly e2ePublic: Uint8Array
  /** The peer is moving here from that queue: messages still go there. Null: this is the one we send on. agent.md 4.10 */
  readonly replaces: number | null
}

interface RcvRow {
  queue_id: number
  conn_id: string
  server: Uint8Array
  rcv_id: Uint8Array
  snd_id: Uint8Array
  mode: AgentQueueMode
  status: RcvQueueStatus
  smp_version: number
  auth_key: Uint8Array
  dh_secret: Uint8Array
  e2e_private: Uint8Array
  e2e_public: Uint8Array
  e2e_secret: Uint8Array | null
  pending_key: Uint8Array | null
  drained: number
}

interface SndRow {
  queue_id: number
  conn_id: string
  server: Uint8Array
  snd_id: Uint8Array
  mode: AgentQueueMode
  status: SndQueueStatus
  smp_version: number
  auth_private: Uint8Array
  auth_public: Uint8Array
  e2e_secret: Uint8Array
  e2e_public: Uint8Array
  replaces: number | null
}

const fromRcvRow = (row: RcvRow): RcvQueue => ({
  queueId: row.queue_id,
  connId: row.conn_id,
  server: row.server,
  rcvId: row.rcv_id,
  sndId: row.snd_id,
  mode: row.mode,
  status: row.status,
  smpVersion: row.smp_version,
  authKey: row.auth_key,
  dhSecret: row.dh_secret,
  e2ePrivate: row.e2e_private,
  e2ePublic: row.e2e_public,
  e2eSecret: row.e2e_secret,
  pendingKey: row.pending_key,
  drained: row.drained === 1,
})

const fromSndRow = (row: SndRow): SndQueue => ({
  queueId: row.queue_id,
  connId: row.conn_id,
  server: row.server,
  sndId: row.snd_id,
  mode: row.mode,
  status: row.status,
  smpVersion: row.smp_version,
  authPrivate: row.auth_private,
  authPublic: row.auth_public,
  e2eSecret: row.e2e_secret,
  e2ePublic: row.e2e_public,
  replaces: row.replaces,
})

/* ---- receiving */

export function insertRcvQueue(
  tx: WriteTx,
  q: Omit<RcvQueue, 'queueId' | 'e2eSecret' | 'pendingKey' | 'drained'>,
): number {
  return tx.run(sql`
    INSERT INTO agent_rcv_queue
      (conn_id, server, rcv_id, snd_id, mode, status, smp_version, auth_key, dh_secret, e2e_private, e2e_public)
    VALUES (${q.connId}, ${q.server}, ${q.rcvId}, ${q.sndId}, ${q.mode}, ${q.status}, ${q.smpVersion}, ${q.authKey},
      ${q.dhSecret}, ${q.e2ePrivate}, ${q.e2ePublic})`).lastId
}

export function getRcvQueue(db: ReadDb, queueId: number): RcvQueue | undefined {
  const row = db.get<RcvRow>(sql`SELECT * FROM agent_rcv_queue WHERE queue_id = ${queueId}`)
  return row && fromRcvRow(row)
}

export function rcvQueueOf(db: ReadDb, connId: string): RcvQueue | undefined {
  const row = db.get<RcvRow>(
    sql`SELECT * FROM agent_rcv_queue WHERE conn_id = ${connId} ORDER BY queue_id LIMIT 1`,
  )
  return row && fromRcvRow(row)
}

/** All queues to subscribe to. What comes for a request that nobody sees yet waits at the relay. */
export function rcvQueues(db: ReadDb): RcvQueue[] {
  return db
    .all<RcvRow>(
      sql`
      SELECT q.* FROM agent_rcv_queue q JOIN agent_connection c USING (conn_id)
      WHERE q.status <> 'gone' AND c.phase <> 'claiming' ORDER BY q.queue_id`,
    )
    .map(fromRcvRow)
}

/** At any relay: how it is written differs. */
export function findRcvQueuesBySndId(
  db: ReadDb,
  kind: AgentKind,
  sndId: Uint8Array,
): { connId: string; server: Uint8Array }[] {
  return db
    .all<{ conn_id: string; server: Uint8Array }>(
      sql`SELECT q.conn_id, q.server FROM agent_rcv_queue q JOIN agent_connection c USING (conn_id)
        WHERE q.snd_id = ${sndId} AND c.kind = ${kind} AND c.phase <> 'claiming'`,
    )
    .map((row) => ({ connId: row.conn_id, server: row.server }))
}

export function patchRcvQueue(
  tx: WriteTx,
  queueId: number,
  patch: Partial<Pick<RcvQueue, 'status' | 'smpVersion' | 'e2eSecret' | 'pendingKey' | 'drained'>>,
): void {
  const before = getRcvQueue(tx, queueId)
  if (!before) return
  const q = { ...before, ...patch }
  tx.run(sql`
    UPDATE agent_rcv_queue SET status = ${q.status}, smp_version = ${q.smpVersion}, e2e_secret = ${q.e2eSecret},
      pending_key = ${q.pendingKey}, drained = ${q.drained}
    WHERE queue_id = ${queueId}`)
}

export function removeRcvQueue(tx: WriteTx, queueId: number): void {
  tx.run(sql`DELETE FROM agent_rcv_queue WHERE queue_id = ${queueId}`)
}

export function countQueuesByServer(db: ReadDb): { server: Uint8Array; queues: number }[] {
  return db.all(
    sql`SELECT server, count(*) AS queues FROM agent_rcv_queue WHERE status <> 'gone' GROUP BY server`,
  )
}

/**
 * Every relay on which a queue of ours, or one that we send to, is. By steps along the index: as many as there are relays,
 * however many contacts there are.
 */
export function listServers(db: ReadDb): Uint8Array[] {
  const rows = db.all<{ server: Uint8Array }>(sql`
    WITH RECURSIVE
      own (server) AS (
        SELECT min(server) FROM agent_rcv_queue
        UNION ALL
        SELECT (SELECT min(server) FROM agent_rcv_queue q WHERE q.server > own.server) FROM own
        WHERE own.server IS NOT NULL),
      peer (server) AS (
        SELECT min(server) FROM agent_snd_queue
        UNION ALL
        SELECT (SELECT min(server) FROM agent_snd_queue q WHERE q.server > peer.server) FROM peer
        WHERE peer.server IS NOT NULL)
    SELECT server FROM own WHERE server IS NOT NULL UNION SELECT server FROM peer WHERE server IS NOT NULL`)
  return rows.map(({ server }) => server)
}

/** Whether something waits for this relay: queues to receive on, messages to send, a connection being made. */
export function isServerNeeded(db: ReadDb, server: Uint8Array): boolean {
  const row = db.get<{ needed: number }>(sql`
    SELECT
      EXISTS (SELECT 1 FROM agent_rcv_queue WHERE server = ${server} AND status <> 'gone')
      OR EXISTS (
        SELECT 1 FROM agent_delivery d CROSS JOIN agent_snd_queue q ON q.queue_id = d.queue_id
        WHERE q.server = ${server})
      OR EXISTS (
        SELECT 1 FROM agent_connection c CROSS JOIN agent_snd_queue q ON q.conn_id = c.conn_id
        WHERE c.phase = 'joining' AND c.deleted_at IS NULL AND q.server = ${server}) AS needed`)
  return row?.needed === 1
}

/* ---- sending */

export function insertSndQueue(
  tx: WriteTx,
  q: Omit<SndQueue, 'queueId' | 'replaces'> & Partial<Pick<SndQueue, 'replaces'>>,
): number {
  return tx.run(sql`
    INSERT INTO agent_snd_queue
      (conn_id, server, snd_id, mode, status, smp_version, auth_private, auth_public, e2e_secret, e2e_public, replaces)
    VALUES (${q.connId}, ${q.server}, ${q.sndId}, ${q.mode}, ${q.status}, ${q.smpVersion}, ${q.authPrivate},
      ${q.authPublic}, ${q.e2eSecret}, ${q.e2ePublic}, ${q.replaces ?? null})`).lastId
}

/** The one that messages go to. */
export function sndQueueOf(db: ReadDb, connId: string): SndQueue | undefined {
  const row = db.get<SndRow>(sql`
    SELECT * FROM agent_snd_queue WHERE conn_id = ${connId} AND replaces IS NULL ORDER BY queue_id LIMIT 1`)
  return row && fromSndRow(row)
}

/** The one that is to replace it, while the peer is moving. */
export function nextSndQueueOf(db: ReadDb, connId: string): SndQueue | undefined {
  const row = db.get<SndRow>(sql`
    SELECT * FROM agent_snd_queue WHERE conn_id = ${connId} AND replaces IS NOT NULL ORDER BY queue_id LIMIT 1`)
  return row && fromSndRow(row)
}

/** By the address in a link. A connection that is being deleted is not found. */
/** Newest first, at any relay: how it is written differs. */
export function findSndQueues(db: ReadDb, sndId: Uint8Array): SndQueue[] {
  return db
    .all<SndRow>(
      sql`SELECT q.* FROM agent_snd_queue q JOIN agent_connection c USING (conn_id)
        WHERE q.snd_id = ${sndId} AND q.replaces IS NULL AND c.deleted_at IS NULL ORDER BY q.queue_id DESC`,
    )
    .map(fromSndRow)
}

export function setSndQueueStatus(tx: WriteTx, queueId: number, status: SndQueueStatus): void {
  tx.run(sql`UPDATE agent_snd_queue SET status = ${status} WHERE queue_id = ${queueId}`)
}

/** What waits for the old queue goes to the new one, in its order, and the old one is forgotten. */
export function replaceSndQueue(tx: WriteTx, { queueId, replaces }: SndQueue): void {
  tx.run(sql`UPDATE agent_delivery SET queue_id = ${queueId} WHERE queue_id = ${replaces}`)
  tx.run(sql`UPDATE agent_snd_queue SET status = 'active', replaces = NULL WHERE queue_id = ${queueId}`)
  tx.run(sql`DELETE FROM agent_snd_queue WHERE queue_id = ${replaces}`)
}

/** With what waits for it. */
export function removeSndQueue(tx: WriteTx, queueId: number): void {
  removeDeliveriesTo(tx, queueId)
  tx.run(sql`DELETE FROM agent_snd_queue WHERE queue_id = ${queueId}`)
}

/* ---- deleting at the relay */

export interface QueueDeletion {
  readonly deletionId: number
  readonly server: Uint8Array
  readonly rcvId: Uint8Array
  readonly authKey: Uint8Array
  readonly failures: number
  readonly createdAt: Millis
}

export function insertDeletion(
  tx: WriteTx,
  queue: Pick<RcvQueue, 'server' | 'rcvId' | 'authKey'>,
  createdAt: Millis,
): void {
  tx.run(sql`
    INSERT INTO agent_queue_deletion (server, rcv_id, auth_key, created_at)
    VALUES (${queue.server}, ${queue.rcvId}, ${queue.authKey}, ${createdAt})`)
}

export function queueDeletions(db: ReadDb): QueueDeletion[] {
  return db
    .all<{
      deletion_id: number
      server: Uint8Array
      rcv_id: Uint8Array
      auth_key: Uint8Array
      failures: number
      created_at: number
    }>(sql`SELECT * FROM agent_queue_deletion ORDER BY deletion_id`)
    .map((row) => ({
      deletionId: row.deletion_id,
      server: row.server,
      rcvId: row.rcv_id,
      authKey: row.auth_key,
      failures: row.failures,
      createdAt: row.created_at,
    }))
}

export function countDeletionFailure(tx: WriteTx, deletionId: number): void {
  tx.run(sql`UPDATE agent_queue_deletion SET failures = failures + 1 WHERE deletion_id = ${deletionId}`)
}

export function removeDeletion(tx: WriteTx, deletionId: number): void {
  tx.run(sql`DELETE FROM agent_queue_deletion WHERE deletion_id = ${deletionId}`)
}
