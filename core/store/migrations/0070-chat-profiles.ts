import type { Migration } from '../migrate.ts'
import { sql } from '../sql.ts'

type Tx = Parameters<Migration['up']>[0]

/** Several profiles of one person, each with its own contacts, requests and addresses. What was here belongs to the first. */
export const chatProfileTables: Migration = {
  version: 70,
  name: 'chat-profiles',
  up(tx) {
    rebuildProfiles(tx)
    for (const table of OWNED) own(tx, table)
    // Covers the counts of a profile, so that no row with a picture is read for them.
    tx.run(sql`CREATE INDEX chat_contact_profile ON chat_contact (profile_id, unread)`)
    tx.run(sql`CREATE INDEX chat_connection_pending ON chat_connection (profile_id) WHERE contact_id IS NULL`)
    tx.run(sql`CREATE INDEX chat_request_profile ON chat_request (profile_id, seq)`)
    scopeAddresses(tx)
    scopeIgnored(tx)
  },
}

/** The id that the only profile was shown under so far. */
const FIRST = 'main'

const OWNED = [sql`chat_contact`, sql`chat_connection`, sql`chat_address`, sql`chat_request`]

/** Nothing refers to this table yet: dropping it takes nothing along. */
function rebuildProfiles(tx: Tx): void {
  tx.run(sql`
    CREATE TABLE chat_profile_next (
      profile_id TEXT PRIMARY KEY,
      is_active INTEGER NOT NULL,
      display_name TEXT NOT NULL,
      full_name TEXT NOT NULL,
      description TEXT,
      image TEXT,
      contact_link TEXT,
      revision INTEGER NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT`)
  tx.run(sql`
    INSERT INTO chat_profile_next
    SELECT ${FIRST}, 1, display_name, full_name, description, image, contact_link, revision, created_at
    FROM chat_profile`)
  tx.run(sql`DROP TABLE chat_profile`)
  tx.run(sql`ALTER TABLE chat_profile_next RENAME TO chat_profile`)
  tx.run(sql`CREATE UNIQUE INDEX chat_profile_active ON chat_profile (is_active) WHERE is_active = 1`)
}

/** Nullable only because SQLite adds no referring column that is not. A profile goes after everything that it owns. */
function own(tx: Tx, table: (typeof OWNED)[number]): void {
  tx.run(sql`ALTER TABLE ${table} ADD COLUMN profile_id TEXT REFERENCES chat_profile (profile_id)`)
  tx.run(sql`UPDATE ${table} SET profile_id = (SELECT profile_id FROM chat_profile)`)
}

/**
 * A default address and labels for each profile. A UNIQUE column can be neither changed nor dropped, and rebuilding the
 * table would take the requests' references with it: the old column stays behind, empty.
 */
function scopeAddresses(tx: Tx): void {
  tx.run(sql`ALTER TABLE chat_address RENAME COLUMN label TO label_of_all`)
  tx.run(sql`ALTER TABLE chat_address ADD COLUMN label TEXT`)
  tx.run(sql`UPDATE chat_address SET label = label_of_all, label_of_all = NULL`)
  tx.run(sql`CREATE UNIQUE INDEX chat_address_label ON chat_address (profile_id, label)`)
  tx.run(sql`DROP INDEX chat_address_default`)
  tx.run(sql`CREATE UNIQUE INDEX chat_address_default ON chat_address (profile_id) WHERE is_default = 1`)
}

/** Whom one profile does not hear, another may. */
function scopeIgnored(tx: Tx): void {
  tx.run(sql`
    CREATE TABLE chat_ignored_next (
      profile_id TEXT NOT NULL REFERENCES chat_profile (profile_id) ON DELETE CASCADE,
      contact_req_id BLOB NOT NULL,
      created_at INTEGER NOT NULL,
      PRIMARY KEY (profile_id, contact_req_id)
    ) STRICT, WITHOUT ROWID`)
  tx.run(sql`
    INSERT INTO chat_ignored_next SELECT ${FIRST}, contact_req_id, created_at FROM chat_ignored`)
  tx.run(sql`DROP TABLE chat_ignored`)
  tx.run(sql`ALTER TABLE chat_ignored_next RENAME TO chat_ignored`)
}
