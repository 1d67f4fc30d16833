import type { Migration } from '../migrate.ts'
import { sql } from '../sql.ts'

/** What was compared with whom, and messages that wait for it. chat.md 6 */
export const chatVerificationTables: Migration = {
  version: 50,
  name: 'chat-verification',
  up(tx) {
    // code: as it was when it was compared; null when it never was, was cleared, or has changed since.
    tx.run(sql`
      CREATE TABLE chat_verification (
        contact_id TEXT PRIMARY KEY REFERENCES chat_contact (contact_id) ON DELETE CASCADE,
        code TEXT,
        verified_at INTEGER,
        how TEXT CHECK (how IN ('scan', 'paste', 'hand')),
        changed_at INTEGER,
        hold INTEGER NOT NULL,
        dismissed INTEGER NOT NULL,
        CHECK ((code IS NULL) = (verified_at IS NULL) AND (code IS NULL) = (how IS NULL))
      ) STRICT, WITHOUT ROWID`)
    rebuildMessages(tx)
  },
}

/** SQLite cannot widen a CHECK in place: the same table with one more reason to wait. */
function rebuildMessages(tx: Parameters<Migration['up']>[0]): void {
  const columns = sql`seq, message_id, contact_id, connection_id, direction, type, text, content, shared_id,
    agent_msg_id, status, error, waits, created_at, sent_at, delivered_at`
  tx.run(sql`
    CREATE TABLE chat_message_next (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      message_id TEXT NOT NULL UNIQUE,
      contact_id TEXT REFERENCES chat_contact (contact_id) ON DELETE CASCADE,
      connection_id TEXT REFERENCES chat_connection (connection_id) ON DELETE CASCADE,
      direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
      type TEXT NOT NULL,
      text TEXT NOT NULL,
      content TEXT NOT NULL,
      shared_id BLOB NOT NULL,
      agent_msg_id INTEGER,
      status TEXT NOT NULL CHECK (status IN ('sending', 'sent', 'delivered', 'failed', 'received')),
      error TEXT,
      waits TEXT CHECK (waits IN ('relay', 'peer', 'verification')),
      created_at INTEGER NOT NULL,
      sent_at INTEGER,
      delivered_at INTEGER,
      CHECK ((contact_id IS NULL) <> (connection_id IS NULL))
    ) STRICT`)
  tx.run(sql`INSERT INTO chat_message_next (${columns}) SELECT ${columns} FROM chat_message`)
  tx.run(sql`DROP TABLE chat_message`)
  tx.run(sql`ALTER TABLE chat_message_next RENAME TO chat_message`)
  tx.run(sql`CREATE INDEX chat_message_contact ON chat_message (contact_id, seq)`)
  tx.run(sql`CREATE INDEX chat_message_connection ON chat_message (connection_id, seq)`)
  tx.run(sql`
    CREATE INDEX chat_message_agent ON chat_message (agent_msg_id, contact_id) WHERE agent_msg_id IS NOT NULL`)
  tx.run(sql`
    CREATE INDEX chat_message_sending ON chat_message (contact_id, seq) WHERE status IN ('sending', 'failed')`)
}
