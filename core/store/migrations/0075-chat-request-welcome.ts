import type { Migration } from '../migrate.ts'
import { sql } from '../sql.ts'

/** The welcome that goes with an acceptance under way, so that it does not depend on the address any more. chat.md 4.3 */
export const chatRequestWelcome: Migration = {
  version: 75,
  name: 'chat-request-welcome',
  up(tx) {
    tx.run(sql`ALTER TABLE chat_request ADD COLUMN welcome TEXT`)
    tx.run(sql`
      UPDATE chat_request SET welcome = (
        SELECT welcome FROM chat_address WHERE chat_address.address_id = chat_request.address_id
      ) WHERE state = 'accepting'`)
  },
}
