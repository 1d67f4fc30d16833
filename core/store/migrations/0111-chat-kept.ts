import type { Migration } from '../migrate.ts'
import { sql } from '../sql.ts'

/** A chat that was kept to be read after its contact was deleted here. The table's list of statuses is older than that. */
export const chatKeptColumn: Migration = {
  version: 111,
  name: 'chat-kept',
  up(tx) {
    tx.run(sql`ALTER TABLE chat_contact ADD COLUMN deleted_by_me INTEGER NOT NULL DEFAULT 0`)
  },
}
