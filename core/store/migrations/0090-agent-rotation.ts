import type { Migration } from '../migrate.ts'
import { sql } from '../sql.ts'

/** A queue to which the peer wants to move, beside the one that it is to replace. agent.md 4.10 */
export const agentRotationColumn: Migration = {
  version: 90,
  name: 'agent-rotation',
  up(tx) {
    tx.run(sql`
      ALTER TABLE agent_snd_queue
        ADD COLUMN replaces INTEGER REFERENCES agent_snd_queue (queue_id) ON DELETE CASCADE`)
    // Without it the end of every queue would look at all others.
    tx.run(sql`
      CREATE INDEX agent_snd_queue_replaces ON agent_snd_queue (replaces) WHERE replaces IS NOT NULL`)
  },
}
