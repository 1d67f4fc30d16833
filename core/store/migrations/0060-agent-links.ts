import type { Migration } from '../migrate.ts'
import { sql } from '../sql.ts'

/** Short links: own ones with what is needed to change their data, and those of others that were looked at. agent.md 5.7, 5.8 */
export const agentLinkTables: Migration = {
  version: 60,
  name: 'agent-links',
  up(tx) {
    // root_key and fixed go when nobody can change the data any more. pending: what the relay has yet to be told.
    tx.run(sql`
      CREATE TABLE agent_link (
        conn_id TEXT PRIMARY KEY REFERENCES agent_connection (conn_id) ON DELETE CASCADE,
        server BLOB NOT NULL,
        link_id BLOB NOT NULL,
        link_key BLOB NOT NULL,
        root_key BLOB,
        fixed BLOB,
        pending BLOB,
        published INTEGER NOT NULL
      ) STRICT`)
    tx.run(sql`CREATE INDEX agent_link_id ON agent_link (link_id)`)
    tx.run(sql`CREATE INDEX agent_link_pending ON agent_link (conn_id) WHERE pending IS NOT NULL`)
    // Keys: of a one-time link that is claimed and not yet joined. snd_id: once the relay has answered.
    tx.run(sql`
      CREATE TABLE agent_link_claim (
        link_id BLOB NOT NULL,
        server BLOB NOT NULL,
        snd_id BLOB,
        auth_private BLOB,
        auth_public BLOB,
        conn_id TEXT REFERENCES agent_connection (conn_id) ON DELETE CASCADE,
        created_at INTEGER NOT NULL,
        PRIMARY KEY (link_id, server)
      ) STRICT, WITHOUT ROWID`)
    tx.run(sql`CREATE INDEX agent_link_claim_queue ON agent_link_claim (server, snd_id)`)
    tx.run(sql`CREATE INDEX agent_link_claim_conn ON agent_link_claim (conn_id)`)
  },
}
