import type { Migration } from '../migrate.ts'
import { sql } from '../sql.ts'

/** How long a link works, whether it was opened, what happened to it when, and batches that are being made. */
export const chatInvitationLife: Migration = {
  version: 85,
  name: 'chat-invitation-life',
  up(tx) {
    tx.run(sql`ALTER TABLE chat_connection ADD COLUMN expires_at INTEGER`)
    tx.run(sql`ALTER TABLE chat_connection ADD COLUMN opened_at INTEGER`)
    // Whoever opened it has not completed it in time, and this was told.
    tx.run(sql`ALTER TABLE chat_connection ADD COLUMN opened_alarm INTEGER NOT NULL DEFAULT 0`)
    tx.run(sql`
      CREATE INDEX chat_connection_timed ON chat_connection (expires_at, opened_at)
        WHERE contact_id IS NULL AND (expires_at IS NOT NULL OR opened_at IS NOT NULL)`)
    tx.run(sql`
      CREATE TABLE chat_connection_step (
        connection_id TEXT NOT NULL REFERENCES chat_connection (connection_id) ON DELETE CASCADE,
        what TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (connection_id, what)
      ) STRICT, WITHOUT ROWID`)
    // Of the time before, only the beginning is known.
    tx.run(sql`
      INSERT INTO chat_connection_step (connection_id, what, at)
        SELECT connection_id, 'made', created_at FROM chat_connection`)
    // Links of a batch that is not whole yet, by the agent's id: after a crash nobody wants them.
    tx.run(sql`CREATE TABLE chat_batch_link (conn_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID`)
  },
}
