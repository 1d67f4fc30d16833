import type { Migration } from '../migrate.ts'
import { sql } from '../sql.ts'

/**
 * Profile, pending rows, contacts, messages, and the few settings of an installation.
 * Names and profiles of peers are kept as they came; what is shown is made from them.
 */
export const chatTables: Migration = {
  version: 20,
  name: 'chat',
  up(tx) {
    tx.run(sql`CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID`)
    tx.run(sql`
      CREATE TABLE relay_entry (
        relay_key TEXT PRIMARY KEY,
        address TEXT NOT NULL,
        enabled INTEGER NOT NULL,
        source TEXT NOT NULL CHECK (source IN ('user', 'flag', 'preset')),
        added_at INTEGER NOT NULL
      ) STRICT`)
    tx.run(sql`
      CREATE TABLE chat_profile (
        profile_id INTEGER PRIMARY KEY CHECK (profile_id = 1),
        display_name TEXT NOT NULL,
        full_name TEXT NOT NULL,
        description TEXT,
        image TEXT,
        contact_link TEXT,
        revision INTEGER NOT NULL,
        created_at INTEGER NOT NULL
      ) STRICT`)
    tx.run(sql`
      CREATE TABLE chat_contact (
        contact_id TEXT PRIMARY KEY,
        row_id TEXT NOT NULL UNIQUE,
        alias TEXT,
        display_name TEXT NOT NULL,
        full_name TEXT NOT NULL,
        description TEXT,
        image TEXT,
        contact_link TEXT,
        status TEXT NOT NULL CHECK (status IN ('connecting', 'active', 'deleted-by-peer')),
        unread INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL
      ) STRICT`)
    tx.run(sql`
      CREATE TABLE chat_connection (
        connection_id TEXT PRIMARY KEY,
        row_id TEXT NOT NULL UNIQUE,
        conn_id TEXT NOT NULL UNIQUE,
        role TEXT NOT NULL CHECK (role IN ('creator', 'joiner')),
        phase TEXT NOT NULL CHECK (phase IN (
          'unused', 'shared', 'connecting', 'awaiting-peer', 'connected', 'refused', 'failed')),
        alias TEXT,
        link TEXT,
        relay TEXT NOT NULL,
        contact_id TEXT REFERENCES chat_contact (contact_id) ON DELETE CASCADE,
        error TEXT,
        peer_version_min INTEGER,
        peer_version_max INTEGER,
        sent_profile INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT`)
    tx.run(sql`CREATE INDEX chat_connection_contact ON chat_connection (contact_id)`)
    tx.run(sql`
      CREATE TABLE chat_message (
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
        waits TEXT CHECK (waits IN ('relay', 'peer')),
        created_at INTEGER NOT NULL,
        sent_at INTEGER,
        delivered_at INTEGER,
        CHECK ((contact_id IS NULL) <> (connection_id IS NULL))
      ) STRICT`)
    tx.run(sql`CREATE INDEX chat_message_contact ON chat_message (contact_id, seq)`)
    tx.run(sql`CREATE INDEX chat_message_connection ON chat_message (connection_id, seq)`)
    tx.run(sql`
      CREATE INDEX chat_message_agent ON chat_message (agent_msg_id, contact_id) WHERE agent_msg_id IS NOT NULL`)
    tx.run(sql`
      CREATE INDEX chat_message_sending ON chat_message (contact_id, seq) WHERE status IN ('sending', 'failed')`)
    tx.run(sql`
      CREATE TABLE call_once (
        method TEXT NOT NULL,
        once TEXT NOT NULL,
        result TEXT NOT NULL,
        about TEXT,
        created_at INTEGER NOT NULL,
        PRIMARY KEY (method, once)
      ) STRICT, WITHOUT ROWID`)
    tx.run(sql`CREATE INDEX call_once_about ON call_once (about)`)
  },
}
