import type { Migration } from '../migrate.ts'
import { sql } from '../sql.ts'

/** Contact addresses: own ones, requests that came to them, and own requests to others. agent.md 4.4 */
export const agentAddressTables: Migration = {
  version: 30,
  name: 'agent-address',
  up(tx) {
    tx.run(sql`
      ALTER TABLE agent_connection ADD COLUMN kind TEXT NOT NULL DEFAULT 'pair' CHECK (kind IN ('pair', 'address'))`)
    // Of an asker. The queue and the X3DH keys are where every initiator has them.
    tx.run(sql`
      CREATE TABLE agent_request (
        conn_id TEXT PRIMARY KEY REFERENCES agent_connection (conn_id) ON DELETE CASCADE,
        server BLOB NOT NULL,
        snd_id BLOB NOT NULL,
        dh_key BLOB NOT NULL,
        agent_version INTEGER NOT NULL,
        smp_version INTEGER NOT NULL,
        seed BLOB NOT NULL
      ) STRICT`)
    tx.run(sql`CREATE INDEX agent_request_address ON agent_request (server, snd_id)`)
    // Of an owner. It outlives the address. conn_id: what was made, or is being made, of it.
    tx.run(sql`
      CREATE TABLE agent_invitation (
        request_key TEXT PRIMARY KEY,
        link TEXT,
        address_id TEXT REFERENCES agent_connection (conn_id) ON DELETE SET NULL,
        conn_id TEXT REFERENCES agent_connection (conn_id) ON DELETE SET NULL,
        accepted INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL
      ) STRICT`)
    tx.run(sql`CREATE INDEX agent_invitation_address ON agent_invitation (address_id)`)
    tx.run(sql`CREATE INDEX agent_invitation_conn ON agent_invitation (conn_id)`)
  },
}
