import { sql } from './sql.ts'
import type { ReadDb, WriteTx } from './store.ts'

/** `state` in the form of `encodeRatchet`. */
export function getRatchet(db: ReadDb, connId: string): Uint8Array | undefined {
  return db.get<{ state: Uint8Array }>(sql`SELECT state FROM agent_ratchet WHERE conn_id = ${connId}`)?.state
}

export function putRatchet(tx: WriteTx, connId: string, state: Uint8Array): void {
  tx.run(sql`
    INSERT INTO agent_ratchet (conn_id, state) VALUES (${connId}, ${state})
    ON CONFLICT (conn_id) DO UPDATE SET state = excluded.state`)
}

/**
 * The two X448 keys of the key agreement. The initiator keeps the privates until the confirmation comes; the joiner keeps
 * only the publics, which every copy of its confirmation carries.
 */
export interface X3dhKeys {
  readonly version: number
  readonly public1: Uint8Array
  readonly public2: Uint8Array
  readonly private1: Uint8Array | null
  readonly private2: Uint8Array | null
}

export function getX3dhKeys(db: ReadDb, connId: string): X3dhKeys | undefined {
  return db.get<X3dhKeys>(
    sql`SELECT version, public1, public2, private1, private2 FROM agent_x3dh WHERE conn_id = ${connId}`,
  )
}

export function putX3dhKeys(tx: WriteTx, connId: string, keys: X3dhKeys): void {
  tx.run(sql`
    INSERT INTO agent_x3dh (conn_id, version, public1, public2, private1, private2)
    VALUES (${connId}, ${keys.version}, ${keys.public1}, ${keys.public2}, ${keys.private1}, ${keys.private2})`)
}

export function removeX3dhKeys(tx: WriteTx, connId: string): void {
  tx.run(sql`DELETE FROM agent_x3dh WHERE conn_id = ${connId}`)
}

/* ---- keys of messages that have not come yet */

export interface StoredSkippedKey {
  readonly headerKey: Uint8Array
  readonly number: number
  readonly messageKey: Uint8Array
  readonly iv: Uint8Array
}

/** Oldest first. */
export function skippedKeys(db: ReadDb, connId: string): StoredSkippedKey[] {
  return db
    .all<{
      header_key: Uint8Array
      number: number
      message_key: Uint8Array
      iv: Uint8Array
    }>(
      sql`SELECT header_key, number, message_key, iv FROM agent_skipped_key WHERE conn_id = ${connId} ORDER BY skipped_id`,
    )
    .map((row) => ({
      headerKey: row.header_key,
      number: row.number,
      messageKey: row.message_key,
      iv: row.iv,
    }))
}

/** Drops `used`, adds `skipped`, and then the oldest beyond `limit`: every received message tries the keys that are kept. */
/** The ratchet they belong to is gone. */
export function clearSkippedKeys(tx: WriteTx, connId: string): void {
  tx.run(sql`DELETE FROM agent_skipped_key WHERE conn_id = ${connId}`)
}

/** Hash of new keys of the peer; false: they were dealt with before. */
export function noteRekey(tx: WriteTx, connId: string, hash: Uint8Array): boolean {
  if (tx.get(sql`SELECT 1 FROM agent_rekey WHERE conn_id = ${connId} AND hash = ${hash}`)) return false
  tx.run(sql`INSERT INTO agent_rekey (conn_id, hash) VALUES (${connId}, ${hash})`)
  return true
}

export function updateSkippedKeys(
  tx: WriteTx,
  connId: string,
  skipped: readonly StoredSkippedKey[],
  used: readonly Pick<StoredSkippedKey, 'headerKey' | 'number'>[],
  limit: number,
): void {
  for (const { headerKey, number } of used) {
    tx.run(
      sql`DELETE FROM agent_skipped_key WHERE conn_id = ${connId} AND header_key = ${headerKey} AND number = ${number}`,
    )
  }
  if (skipped.length === 0) return
  for (const key of skipped) {
    tx.run(sql`
      INSERT OR REPLACE INTO agent_skipped_key (conn_id, header_key, number, message_key, iv)
      VALUES (${connId}, ${key.headerKey}, ${key.number}, ${key.messageKey}, ${key.iv})`)
  }
  tx.run(sql`
    DELETE FROM agent_skipped_key WHERE skipped_id IN (
      SELECT skipped_id FROM agent_skipped_key WHERE conn_id = ${connId} ORDER BY skipped_id DESC LIMIT -1 OFFSET ${limit})`)
}
