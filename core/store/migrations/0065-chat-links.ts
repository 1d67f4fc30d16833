import type { Migration } from '../migrate.ts'
import { sql } from '../sql.ts'

/** Short links beside full ones, what they show, and links that are used once their relay can be reached. chat.md 4, 5 */
export const chatLinkColumns: Migration = {
  version: 65,
  name: 'chat-links',
  up(tx) {
    // Until here the one link there was, was the full one.
    tx.run(sql`ALTER TABLE chat_connection ADD COLUMN full_link TEXT`)
    tx.run(sql`UPDATE chat_connection SET full_link = link`)
    tx.run(sql`ALTER TABLE chat_address ADD COLUMN full_link TEXT NOT NULL DEFAULT ''`)
    tx.run(sql`UPDATE chat_address SET full_link = link`)
    // Hash of what the relay was last told to show behind the link.
    tx.run(sql`ALTER TABLE chat_address ADD COLUMN shown BLOB`)
    // Of the welcome that the link showed, so that it is not said twice.
    tx.run(sql`ALTER TABLE chat_connection ADD COLUMN welcome_id BLOB`)
    tx.run(sql`ALTER TABLE chat_request ADD COLUMN welcome_id BLOB`)
    // What to do with the link, as JSON, while nothing could be done with it yet.
    tx.run(sql`ALTER TABLE chat_connection ADD COLUMN queued TEXT`)
    tx.run(sql`CREATE INDEX chat_connection_queued ON chat_connection (created_at) WHERE queued IS NOT NULL`)
  },
}
