import type { Migration } from '../migrate.ts'
import { sql } from '../sql.ts'

/** What the last look at a relay said of its page for links; and the ways to relays in use, and to connections being made. */
export const relayPageColumn: Migration = {
  version: 100,
  name: 'relay-page',
  up(tx) {
    tx.run(sql`ALTER TABLE relay_entry ADD COLUMN page INTEGER`)
    // Which relays are needed is asked often, of however many connections there are.
    tx.run(sql`CREATE INDEX agent_snd_queue_server ON agent_snd_queue (server)`)
    tx.run(sql`CREATE INDEX agent_connection_joining ON agent_connection (conn_id) WHERE phase = 'joining'`)
  },
}
