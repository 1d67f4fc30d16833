import { sql } from './sql.ts'
import type { ReadDb, WriteTx } from './store.ts'

export type VerifiedHowColumn = 'scan' | 'paste' | 'hand'

export interface VerificationRecord {
  /** The code that was compared, when, and in which manner; together or not at all. */
  verified: { code: string; at: number; how: VerifiedHowColumn } | null
  /** Since when the code that was compared is no longer the code. */
  changedAt: number | null
  /** Messages wait until the code is compared. */
  hold: boolean
  /** The suggestion to compare was dismissed, or is not needed any more. */
  dismissed: boolean
}

interface Row {
  code: string | null
  verified_at: number | null
  how: VerifiedHowColumn | null
  changed_at: number | null
  hold: number
  dismissed: number
}

export function getVerification(db: ReadDb, contactId: string): VerificationRecord {
  const row = db.get<Row>(sql`
    SELECT code, verified_at, how, changed_at, hold, dismissed FROM chat_verification
    WHERE contact_id = ${contactId}`)
  if (!row) return { verified: null, changedAt: null, hold: false, dismissed: false }
  const { code, verified_at: at, how } = row
  return {
    verified: code === null || at === null || how === null ? null : { code, at, how },
    changedAt: row.changed_at,
    hold: row.hold === 1,
    dismissed: row.dismissed === 1,
  }
}

export function saveVerification(tx: WriteTx, contactId: string, record: VerificationRecord): void {
  const { verified, changedAt, hold, dismissed } = record
  tx.run(sql`
    INSERT OR REPLACE INTO chat_verification (contact_id, code, verified_at, how, changed_at, hold, dismissed)
    VALUES (${contactId}, ${verified?.code ?? null}, ${verified?.at ?? null}, ${verified?.how ?? null}, ${changedAt},
      ${hold ? 1 : 0}, ${dismissed ? 1 : 0})`)
}

export function listVerifiedIds(db: ReadDb): string[] {
  return db
    .all<{ contact_id: string }>(sql`SELECT contact_id FROM chat_verification WHERE code IS NOT NULL`)
    .map((row) => row.contact_id)
}
