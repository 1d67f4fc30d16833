import type { Millis } from '#core/base'
import { sql } from './sql.ts'
import type { ReadDb, WriteTx } from './store.ts'

/** An address only receives requests; it has a queue and nothing else. Its role and phase mean nothing. */
export type AgentKind = 'pair' | 'address'
export type AgentRole = 'initiator' | 'joiner'
/** `claiming`: a join whose link is not yet known to be ours, or a request that is not yet at the address; nobody but the agent sees it. */
export type AgentPhase = 'claiming' | 'joining' | 'waiting' | 'confirming' | 'connected' | 'failed'
export type AgentSyncState = 'ok' | 'allowed' | 'required'

export interface AgentConnection {
  readonly connId: string
  readonly kind: AgentKind
  readonly role: AgentRole
  readonly phase: AgentPhase
  readonly agentVersion: number
  readonly syncState: AgentSyncState
  /** New keys are on their way. agent.md 4.9 */
  readonly resync: 'started' | 'agreed' | null
  readonly sendReady: boolean
  /** Number and hash of the last message sent; 0 and empty before the first. */
  readonly lastSndId: number
  readonly lastSndHash: Uint8Array
  /** The same of the last message received, by the peer's numbering. */
  readonly lastExtSndId: number
  readonly lastRcvHash: Uint8Array
  /** Joiner: what goes into the confirmation, until it is made. */
  readonly ownInfo: Uint8Array | null
  /** Joiner: the relay for the reply queue, with its password, until that exists. */
  readonly replyRelay: string | null
  readonly error: string | null
  /** Set while a deleted connection still delivers. */
  readonly deletedAt: Millis | null
  readonly createdAt: Millis
}

interface Row {
  conn_id: string
  kind: AgentKind
  role: AgentRole
  phase: AgentPhase
  agent_version: number
  sync_state: AgentSyncState
  resync: 'started' | 'agreed' | null
  send_ready: number
  last_snd_id: number
  last_snd_hash: Uint8Array
  last_ext_snd_id: number
  last_rcv_hash: Uint8Array
  own_info: Uint8Array | null
  reply_relay: string | null
  error: string | null
  deleted_at: number | null
  created_at: number
}

const fromRow = (row: Row): AgentConnection => ({
  connId: row.conn_id,
  kind: row.kind,
  role: row.role,
  phase: row.phase,
  agentVersion: row.agent_version,
  syncState: row.sync_state,
  resync: row.resync,
  sendReady: row.send_ready === 1,
  lastSndId: row.last_snd_id,
  lastSndHash: row.last_snd_hash,
  lastExtSndId: row.last_ext_snd_id,
  lastRcvHash: row.last_rcv_hash,
  ownInfo: row.own_info,
  replyRelay: row.reply_relay,
  error: row.error,
  deletedAt: row.deleted_at,
  createdAt: row.created_at,
})

export function insertAgentConnection(
  tx: WriteTx,
  connection: Pick<
    AgentConnection,
    'connId' | 'role' | 'phase' | 'agentVersion' | 'ownInfo' | 'replyRelay' | 'createdAt'
  > & { kind?: AgentKind },
): void {
  const { connId, kind = 'pair', role, phase, agentVersion, ownInfo, replyRelay, createdAt } = connection
  tx.run(sql`
    INSERT INTO agent_connection (conn_id, kind, role, phase, agent_version, own_info, reply_relay, created_at)
    VALUES (${connId}, ${kind}, ${role}, ${phase}, ${agentVersion}, ${ownInfo}, ${replyRelay}, ${createdAt})`)
}

export function getAgentConnection(db: ReadDb, connId: string): AgentConnection | undefined {
  const row = db.get<Row>(sql`SELECT * FROM agent_connection WHERE conn_id = ${connId}`)
  return row && fromRow(row)
}

/** Changes the given fields and leaves the others as they are now. */
export function patchAgentConnection(
  tx: WriteTx,
  connId: string,
  patch: Partial<Omit<AgentConnection, 'connId' | 'kind' | 'role' | 'createdAt'>>,
): void {
  const before = getAgentConnection(tx, connId)
  if (!before) return
  const c = { ...before, ...patch }
  tx.run(sql`
    UPDATE agent_connection SET
      phase = ${c.phase}, agent_version = ${c.agentVersion}, sync_state = ${c.syncState}, resync = ${c.resync}, send_ready = ${c.sendReady},
      last_snd_id = ${c.lastSndId}, last_snd_hash = ${c.lastSndHash},
      last_ext_snd_id = ${c.lastExtSndId}, last_rcv_hash = ${c.lastRcvHash},
      own_info = ${c.ownInfo}, reply_relay = ${c.replyRelay}, error = ${c.error}, deleted_at = ${c.deletedAt}
    WHERE conn_id = ${connId}`)
}

/** Everything of the connection goes with it: queues, ratchet, keys, messages. */
export function removeAgentConnection(tx: WriteTx, connId: string): void {
  tx.run(sql`DELETE FROM agent_connection WHERE conn_id = ${connId}`)
}

/** Connections that have something to do by themselves: a handshake step, a delivery, a queue drained, a deletion. */
export function connectionsWithWork(db: ReadDb): string[] {
  return db
    .all<{ conn_id: string }>(
      sql`
      SELECT conn_id FROM agent_connection WHERE phase = 'joining' OR deleted_at IS NOT NULL
      UNION SELECT conn_id FROM agent_rcv_queue WHERE pending_key IS NOT NULL OR drained = 1
      UNION SELECT conn_id FROM agent_link WHERE pending IS NOT NULL
      UNION SELECT conn_id FROM agent_delivery`,
    )
    .map((row) => row.conn_id)
}

/**
 * Joins and requests begun before `createdBefore` that never got through. Not those of stored requests that somebody
 * wants to accept: with other keys a later try would be refused.
 */
export function staleClaims(db: ReadDb, createdBefore: Millis): string[] {
  return db
    .all<{ conn_id: string }>(
      sql`
      SELECT conn_id FROM agent_connection c WHERE phase = 'claiming' AND created_at < ${createdBefore}
        AND NOT EXISTS (SELECT 1 FROM agent_invitation i WHERE i.conn_id = c.conn_id)`,
    )
    .map((row) => row.conn_id)
}
