import type { Millis } from '#core/base'
import { sql } from './sql.ts'
import type { ReadDb, WriteTx } from './store.ts'

export type SentType = 'confirmation' | 'hello' | 'message' | 'receipt' | 'continue'

/** A message of ours. Its plaintext and prepared key are immutable and go when the relay has taken it. agent.md 6.2, T1 */
export interface SentMessage {
  readonly connId: string
  readonly sndId: number
  readonly type: SentType
  readonly hash: Uint8Array
  readonly notification: boolean
  readonly plaintext: Uint8Array | null
  readonly prepared: Uint8Array | null
  readonly receipt: 'ok' | 'bad' | null
  readonly sentAt: Millis | null
  readonly createdAt: Millis
}

interface SentRow {
  conn_id: string
  snd_id: number
  type: SentType
  hash: Uint8Array
  notification: number
  plaintext: Uint8Array | null
  prepared: Uint8Array | null
  receipt: 'ok' | 'bad' | null
  sent_at: number | null
  created_at: number
}

const fromSentRow = (row: SentRow): SentMessage => ({
  connId: row.conn_id,
  sndId: row.snd_id,
  type: row.type,
  hash: row.hash,
  notification: row.notification === 1,
  plaintext: row.plaintext,
  prepared: row.prepared,
  receipt: row.receipt,
  sentAt: row.sent_at,
  createdAt: row.created_at,
})

export function insertSent(tx: WriteTx, message: Omit<SentMessage, 'receipt' | 'sentAt'>): void {
  const { connId, sndId, type, hash, notification, plaintext, prepared, createdAt } = message
  tx.run(sql`
    INSERT INTO agent_sent (conn_id, snd_id, type, hash, notification, plaintext, prepared, created_at)
    VALUES (${connId}, ${sndId}, ${type}, ${hash}, ${notification}, ${plaintext}, ${prepared}, ${createdAt})`)
}

export function getSent(db: ReadDb, connId: string, sndId: number): SentMessage | undefined {
  const row = db.get<SentRow>(sql`SELECT * FROM agent_sent WHERE conn_id = ${connId} AND snd_id = ${sndId}`)
  return row && fromSentRow(row)
}

/** Number and hash stay, for the receipt. */
export function markSent(tx: WriteTx, connId: string, sndId: number, sentAt: Millis): void {
  tx.run(sql`
    UPDATE agent_sent SET plaintext = NULL, prepared = NULL, sent_at = ${sentAt}
    WHERE conn_id = ${connId} AND snd_id = ${sndId}`)
}

export function setReceipt(tx: WriteTx, connId: string, sndId: number, receipt: 'ok' | 'bad'): void {
  tx.run(sql`UPDATE agent_sent SET receipt = ${receipt} WHERE conn_id = ${connId} AND snd_id = ${sndId}`)
}

export function removeSent(tx: WriteTx, connId: string, sndId: number): void {
  tx.run(sql`DELETE FROM agent_sent WHERE conn_id = ${connId} AND snd_id = ${sndId}`)
}

/* ---- what the relay has not taken yet */

export interface Delivery {
  readonly deliveryId: number
  readonly queueId: number
  readonly connId: string
  readonly sndId: number
}

interface DeliveryRow {
  delivery_id: number
  queue_id: number
  conn_id: string
  snd_id: number
}

const fromDeliveryRow = (row: DeliveryRow): Delivery => ({
  deliveryId: row.delivery_id,
  queueId: row.queue_id,
  connId: row.conn_id,
  sndId: row.snd_id,
})

export function insertDelivery(tx: WriteTx, delivery: Pick<Delivery, 'queueId' | 'connId' | 'sndId'>): void {
  tx.run(sql`
    INSERT INTO agent_delivery (queue_id, conn_id, snd_id)
    VALUES (${delivery.queueId}, ${delivery.connId}, ${delivery.sndId})`)
}

/** The one whose turn it is: the lowest number. */
export function nextDelivery(db: ReadDb, queueId: number): Delivery | undefined {
  const row = db.get<DeliveryRow>(
    sql`SELECT * FROM agent_delivery WHERE queue_id = ${queueId} ORDER BY delivery_id LIMIT 1`,
  )
  return row && fromDeliveryRow(row)
}

/** All that wait, first to last. */
export function deliveriesOf(
  db: ReadDb,
  connId: string,
): (Delivery & { createdAt: Millis; type: SentType })[] {
  return db
    .all<DeliveryRow & { created_at: number; type: SentType }>(
      sql`
      SELECT d.*, m.created_at, m.type FROM agent_delivery d JOIN agent_sent m USING (conn_id, snd_id)
      WHERE d.conn_id = ${connId} ORDER BY d.delivery_id`,
    )
    .map((row) => ({ ...fromDeliveryRow(row), createdAt: row.created_at, type: row.type }))
}

/** The connection failed or is deleted: what waits will not be sent. */
export function removeDeliveriesOf(tx: WriteTx, connId: string): void {
  tx.run(sql`DELETE FROM agent_delivery WHERE conn_id = ${connId}`)
  tx.run(sql`DELETE FROM agent_sent WHERE conn_id = ${connId} AND sent_at IS NULL`)
}

/** What waits for that queue will not be sent. */
export function removeDeliveriesTo(tx: WriteTx, queueId: number): void {
  tx.run(sql`
    DELETE FROM agent_sent WHERE (conn_id, snd_id) IN
      (SELECT conn_id, snd_id FROM agent_delivery WHERE queue_id = ${queueId})`)
}

/** A message of this kind waits to be sent. */
export function isQueued(db: ReadDb, connId: string, type: SentType): boolean {
  return (
    db.get(sql`
      SELECT 1 AS found FROM agent_delivery d JOIN agent_sent m USING (conn_id, snd_id)
      WHERE d.conn_id = ${connId} AND m.type = ${type}`) !== undefined
  )
}

/** False: it was gone already, its connection deleted for example. */
export function removeDelivery(tx: WriteTx, deliveryId: number): boolean {
  return tx.run(sql`DELETE FROM agent_delivery WHERE delivery_id = ${deliveryId}`).changes > 0
}

export function countDeliveries(db: ReadDb, connId?: string): number {
  const query =
    connId === undefined
      ? sql`SELECT count(*) AS n FROM agent_delivery`
      : sql`SELECT count(*) AS n FROM agent_delivery WHERE conn_id = ${connId}`
  return db.get<{ n: number }>(query)!.n
}

/* ---- what has been received */

/** False: the same bytes were processed before. */
export function insertReceived(tx: WriteTx, connId: string, hash: Uint8Array, receivedAt: Millis): boolean {
  return (
    tx.run(sql`
      INSERT OR IGNORE INTO agent_received (conn_id, hash, received_at) VALUES (${connId}, ${hash}, ${receivedAt})`)
      .changes > 0
  )
}

export function wasReceived(db: ReadDb, connId: string, hash: Uint8Array): boolean {
  return (
    db.get(sql`SELECT 1 AS found FROM agent_received WHERE conn_id = ${connId} AND hash = ${hash}`) !==
    undefined
  )
}

/** Forgets hashes and delivered messages that are older than the network keeps anything. */
export function pruneMessages(tx: WriteTx, before: Millis): void {
  tx.run(sql`DELETE FROM agent_received WHERE received_at < ${before}`)
  tx.run(sql`DELETE FROM agent_sent WHERE created_at < ${before} AND plaintext IS NULL`)
}
