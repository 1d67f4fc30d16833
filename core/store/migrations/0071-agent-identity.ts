import type { Migration } from '../migrate.ts'
import { sql } from '../sql.ts'

/** Requests of one person at one address, each under another identity. What was out before had only one. */
export const agentIdentityColumn: Migration = {
  version: 71,
  name: 'agent-identity',
  up(tx) {
    tx.run(sql`ALTER TABLE agent_request ADD COLUMN identity TEXT NOT NULL DEFAULT ''`)
  },
}
