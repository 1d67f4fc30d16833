import { sql } from './sql.ts'
import type { ReadDb, WriteTx } from './store.ts'

export type StepColumn = 'made' | 'shared' | 'opened' | 'keys-agreed' | 'ready' | 'failed' | 'expired'

export interface ConnectionStep {
  at: number
  what: StepColumn
}

/** The first time counts. */
export function noteStep(tx: WriteTx, connectionId: string, { at, what }: ConnectionStep): void {
  tx.run(sql`
    INSERT INTO chat_connection_step (connection_id, what, at) VALUES (${connectionId}, ${what}, ${at})
    ON CONFLICT DO NOTHING`)
}

/** What happens in one moment is told in this order. */
const ORDER: readonly StepColumn[] = ['made', 'shared', 'opened', 'keys-agreed', 'ready', 'failed', 'expired']

export function listSteps(db: ReadDb, connectionId: string): ConnectionStep[] {
  return db
    .all<ConnectionStep>(sql`SELECT at, what FROM chat_connection_step WHERE connection_id = ${connectionId}`)
    .toSorted((a, b) => a.at - b.at || ORDER.indexOf(a.what) - ORDER.indexOf(b.what))
}

export interface TimedInvitation {
  connectionId: string
  expiresAt: number | null
  openedAt: number | null
  alarmed: boolean
}

/** Links made here that nobody has completed yet, and that time does something to. */
export function listTimedInvitations(db: ReadDb): TimedInvitation[] {
  return db
    .all<{
      connection_id: string
      expires_at: number | null
      opened_at: number | null
      opened_alarm: number
    }>(
      sql`SELECT connection_id, expires_at, opened_at, opened_alarm FROM chat_connection
        WHERE contact_id IS NULL AND (expires_at IS NOT NULL OR opened_at IS NOT NULL)
          AND role = 'creator' AND phase IN ('unused', 'shared')`,
    )
    .map((row) => ({
      connectionId: row.connection_id,
      expiresAt: row.expires_at,
      openedAt: row.opened_at,
      alarmed: row.opened_alarm !== 0,
    }))
}

/* ---- batches */

export function noteBatchLink(tx: WriteTx, connId: string): void {
  tx.run(sql`INSERT INTO chat_batch_link (conn_id) VALUES (${connId})`)
}

export function listBatchLinks(db: ReadDb): string[] {
  return db.all<{ conn_id: string }>(sql`SELECT conn_id FROM chat_batch_link`).map((row) => row.conn_id)
}

export function forgetBatchLink(tx: WriteTx, connId: string): void {
  tx.run(sql`DELETE FROM chat_batch_link WHERE conn_id = ${connId}`)
}
