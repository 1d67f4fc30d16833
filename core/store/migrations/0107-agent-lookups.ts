import type { Migration } from '../migrate.ts'
import { sql } from '../sql.ts'

/** Queues are looked up by their id alone: which relay it is, is told by its identity and not by how it is written. */
export const agentLookups: Migration = {
  version: 107,
  name: 'agent-lookups',
  up(tx) {
    tx.run(sql`DROP INDEX agent_rcv_queue_snd`)
    tx.run(sql`DROP INDEX agent_snd_queue_snd`)
    tx.run(sql`DROP INDEX agent_request_address`)
    tx.run(sql`DROP INDEX agent_link_claim_queue`)
    tx.run(sql`CREATE INDEX agent_rcv_queue_snd ON agent_rcv_queue (snd_id)`)
    tx.run(sql`CREATE INDEX agent_snd_queue_snd ON agent_snd_queue (snd_id)`)
    tx.run(sql`CREATE INDEX agent_request_address ON agent_request (snd_id)`)
    tx.run(sql`CREATE INDEX agent_link_claim_queue ON agent_link_claim (snd_id)`)
  },
}
