import type { Migration } from '../migrate.ts'
import { sql } from '../sql.ts'

/** Own addresses, who asks at them, and what a connection keeps of how it came about. chat.md 4 */
export const chatAddressTables: Migration = {
  version: 40,
  name: 'chat-address',
  up(tx) {
    tx.run(sql`
      CREATE TABLE chat_address (
        address_id TEXT PRIMARY KEY,
        conn_id TEXT NOT NULL UNIQUE,
        link TEXT NOT NULL,
        relay TEXT NOT NULL,
        label TEXT UNIQUE,
        is_default INTEGER NOT NULL,
        auto_accept TEXT CHECK (auto_accept IN ('profile', 'incognito')),
        welcome TEXT,
        paused INTEGER NOT NULL DEFAULT 0,
        stop_at INTEGER,
        stop_after INTEGER,
        total INTEGER NOT NULL DEFAULT 0,
        accepted INTEGER NOT NULL DEFAULT 0,
        rejected INTEGER NOT NULL DEFAULT 0,
        dropped INTEGER NOT NULL DEFAULT 0,
        window_start INTEGER NOT NULL DEFAULT 0,
        window_count INTEGER NOT NULL DEFAULT 0,
        replaced_rcv_id BLOB,
        error TEXT,
        created_at INTEGER NOT NULL
      ) STRICT`)
    tx.run(sql`
      CREATE UNIQUE INDEX chat_address_default ON chat_address (is_default) WHERE is_default = 1`)
    // It outlives its address. connection_id: chosen when the acceptance begins.
    tx.run(sql`
      CREATE TABLE chat_request (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        request_id TEXT NOT NULL UNIQUE,
        row_id TEXT NOT NULL UNIQUE,
        agent_key TEXT NOT NULL UNIQUE,
        address_id TEXT REFERENCES chat_address (address_id) ON DELETE SET NULL,
        address_label TEXT,
        contact_req_id BLOB,
        display_name TEXT NOT NULL,
        full_name TEXT NOT NULL,
        description TEXT,
        image TEXT,
        contact_link TEXT,
        message TEXT,
        message_id BLOB,
        peer_version_min INTEGER NOT NULL,
        peer_version_max INTEGER NOT NULL,
        repeats INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'accepting', 'gone', 'failed')),
        error TEXT,
        incognito_name TEXT,
        connection_id TEXT,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT`)
    tx.run(sql`CREATE INDEX chat_request_address ON chat_request (address_id, seq)`)
    tx.run(
      sql`CREATE INDEX chat_request_asker ON chat_request (contact_req_id) WHERE contact_req_id IS NOT NULL`,
    )
    tx.run(sql`CREATE INDEX chat_request_accepting ON chat_request (seq) WHERE state = 'accepting'`)
    tx.run(sql`
      CREATE TABLE chat_ignored (contact_req_id BLOB PRIMARY KEY, created_at INTEGER NOT NULL) STRICT, WITHOUT ROWID`)

    tx.run(sql`
      ALTER TABLE chat_connection ADD COLUMN kind TEXT NOT NULL DEFAULT 'invitation'
        CHECK (kind IN ('invitation', 'address'))`)
    tx.run(sql`ALTER TABLE chat_connection ADD COLUMN address_label TEXT`)
    tx.run(sql`ALTER TABLE chat_connection ADD COLUMN incognito_name TEXT`)
    tx.run(sql`ALTER TABLE chat_connection ADD COLUMN request_id TEXT`)
    tx.run(sql`ALTER TABLE chat_connection ADD COLUMN contact_req_id BLOB`)
    tx.run(sql`ALTER TABLE chat_connection ADD COLUMN requested_at INTEGER`)
    tx.run(sql`ALTER TABLE chat_connection ADD COLUMN profile_msg_id INTEGER`)
    tx.run(sql`ALTER TABLE chat_connection ADD COLUMN profile_failed INTEGER NOT NULL DEFAULT 0`)
    tx.run(
      sql`CREATE INDEX chat_connection_request ON chat_connection (request_id) WHERE request_id IS NOT NULL`,
    )
    tx.run(sql`
      CREATE INDEX chat_connection_asker ON chat_connection (contact_req_id) WHERE contact_req_id IS NOT NULL`)
  },
}
