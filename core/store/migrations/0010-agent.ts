import type { Migration } from '../migrate.ts'
import { sql } from '../sql.ts'

/**
 * Connections of the agent layer: queues, ratchets, what is on its way. agent.md 6.1
 * `server` is a relay address in its binary form (agent.md 0.1), so that comparing blobs compares host lists and ports exactly.
 */
export const agentTables: Migration = {
  version: 10,
  name: 'agent',
  up(tx) {
    tx.run(sql`
      CREATE TABLE agent_connection (
        conn_id TEXT PRIMARY KEY,
        role TEXT NOT NULL CHECK (role IN ('initiator', 'joiner')),
        phase TEXT NOT NULL CHECK (phase IN ('claiming', 'joining', 'waiting', 'confirming', 'connected', 'failed')),
        agent_version INTEGER NOT NULL,
        sync_state TEXT NOT NULL DEFAULT 'ok' CHECK (sync_state IN ('ok', 'allowed', 'required')),
        send_ready INTEGER NOT NULL DEFAULT 0,
        last_snd_id INTEGER NOT NULL DEFAULT 0,
        last_snd_hash BLOB NOT NULL DEFAULT x'',
        last_ext_snd_id INTEGER NOT NULL DEFAULT 0,
        last_rcv_hash BLOB NOT NULL DEFAULT x'',
        own_info BLOB,
        reply_relay TEXT,
        error TEXT,
        deleted_at INTEGER,
        created_at INTEGER NOT NULL
      ) STRICT`)
    tx.run(sql`
      CREATE TABLE agent_rcv_queue (
        queue_id INTEGER PRIMARY KEY,
        conn_id TEXT NOT NULL REFERENCES agent_connection (conn_id) ON DELETE CASCADE,
        server BLOB NOT NULL,
        rcv_id BLOB NOT NULL,
        snd_id BLOB NOT NULL,
        mode TEXT CHECK (mode IN ('M', 'C')),
        status TEXT NOT NULL CHECK (status IN ('new', 'confirmed', 'active', 'gone')),
        smp_version INTEGER NOT NULL,
        auth_key BLOB NOT NULL,
        dh_secret BLOB NOT NULL,
        e2e_private BLOB NOT NULL,
        e2e_public BLOB NOT NULL,
        e2e_secret BLOB,
        pending_key BLOB,
        drained INTEGER NOT NULL DEFAULT 0,
        UNIQUE (server, rcv_id)
      ) STRICT`)
    tx.run(sql`CREATE INDEX agent_rcv_queue_conn ON agent_rcv_queue (conn_id)`)
    tx.run(sql`CREATE INDEX agent_rcv_queue_snd ON agent_rcv_queue (server, snd_id)`)
    tx.run(sql`
      CREATE TABLE agent_snd_queue (
        queue_id INTEGER PRIMARY KEY,
        conn_id TEXT NOT NULL REFERENCES agent_connection (conn_id) ON DELETE CASCADE,
        server BLOB NOT NULL,
        snd_id BLOB NOT NULL,
        mode TEXT CHECK (mode IN ('M', 'C')),
        status TEXT NOT NULL CHECK (status IN ('new', 'secured', 'confirmed', 'active')),
        smp_version INTEGER NOT NULL,
        auth_private BLOB NOT NULL,
        auth_public BLOB NOT NULL,
        e2e_secret BLOB NOT NULL,
        e2e_public BLOB NOT NULL
      ) STRICT`)
    tx.run(sql`CREATE INDEX agent_snd_queue_conn ON agent_snd_queue (conn_id)`)
    tx.run(sql`CREATE INDEX agent_snd_queue_snd ON agent_snd_queue (server, snd_id)`)
    tx.run(sql`
      CREATE TABLE agent_ratchet (
        conn_id TEXT PRIMARY KEY REFERENCES agent_connection (conn_id) ON DELETE CASCADE,
        state BLOB NOT NULL
      ) STRICT`)
    tx.run(sql`
      CREATE TABLE agent_x3dh (
        conn_id TEXT PRIMARY KEY REFERENCES agent_connection (conn_id) ON DELETE CASCADE,
        private1 BLOB, private2 BLOB,
        public1 BLOB NOT NULL, public2 BLOB NOT NULL,
        version INTEGER NOT NULL
      ) STRICT`)
    tx.run(sql`
      CREATE TABLE agent_skipped_key (
        skipped_id INTEGER PRIMARY KEY,
        conn_id TEXT NOT NULL REFERENCES agent_connection (conn_id) ON DELETE CASCADE,
        header_key BLOB NOT NULL,
        number INTEGER NOT NULL,
        message_key BLOB NOT NULL,
        iv BLOB NOT NULL,
        UNIQUE (conn_id, header_key, number)
      ) STRICT`)
    tx.run(sql`
      CREATE TABLE agent_sent (
        conn_id TEXT NOT NULL REFERENCES agent_connection (conn_id) ON DELETE CASCADE,
        snd_id INTEGER NOT NULL,
        type TEXT NOT NULL CHECK (type IN ('confirmation', 'hello', 'message', 'receipt', 'continue')),
        hash BLOB NOT NULL,
        notification INTEGER NOT NULL,
        plaintext BLOB,
        prepared BLOB,
        receipt TEXT CHECK (receipt IN ('ok', 'bad')),
        sent_at INTEGER,
        created_at INTEGER NOT NULL,
        PRIMARY KEY (conn_id, snd_id)
      ) STRICT, WITHOUT ROWID`)
    tx.run(sql`CREATE INDEX agent_sent_created ON agent_sent (created_at)`)
    tx.run(sql`
      CREATE TABLE agent_delivery (
        delivery_id INTEGER PRIMARY KEY AUTOINCREMENT,
        queue_id INTEGER NOT NULL REFERENCES agent_snd_queue (queue_id) ON DELETE CASCADE,
        conn_id TEXT NOT NULL,
        snd_id INTEGER NOT NULL,
        FOREIGN KEY (conn_id, snd_id) REFERENCES agent_sent (conn_id, snd_id) ON DELETE CASCADE
      ) STRICT`)
    tx.run(sql`CREATE INDEX agent_delivery_queue ON agent_delivery (queue_id, delivery_id)`)
    tx.run(sql`CREATE INDEX agent_delivery_sent ON agent_delivery (conn_id, snd_id)`)
    tx.run(sql`
      CREATE TABLE agent_received (
        conn_id TEXT NOT NULL REFERENCES agent_connection (conn_id) ON DELETE CASCADE,
        hash BLOB NOT NULL,
        received_at INTEGER NOT NULL,
        PRIMARY KEY (conn_id, hash)
      ) STRICT, WITHOUT ROWID`)
    tx.run(sql`CREATE INDEX agent_received_at ON agent_received (received_at)`)
    tx.run(sql`
      CREATE TABLE agent_queue_deletion (
        deletion_id INTEGER PRIMARY KEY,
        server BLOB NOT NULL,
        rcv_id BLOB NOT NULL,
        auth_key BLOB NOT NULL,
        failures INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL
      ) STRICT`)
  },
}
