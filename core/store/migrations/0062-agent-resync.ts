import type { Migration } from '../migrate.ts'
import { sql } from '../sql.ts'

/** New keys for a connection whose ratchets no longer fit. agent.md 4.9 */
export const agentResyncTables: Migration = {
  version: 62,
  name: 'agent-resync',
  up(tx) {
    tx.run(sql`ALTER TABLE agent_connection ADD COLUMN resync TEXT CHECK (resync IN ('started', 'agreed'))`)
    // Keys of the peer that were answered once.
    tx.run(sql`
      CREATE TABLE agent_rekey (
        conn_id TEXT NOT NULL REFERENCES agent_connection (conn_id) ON DELETE CASCADE,
        hash BLOB NOT NULL,
        PRIMARY KEY (conn_id, hash)
      ) STRICT, WITHOUT ROWID`)
  },
}
