import type { Migration } from '../migrate.ts'
import { sql } from '../sql.ts'

type Tx = Parameters<Migration['up']>[0]

/** What a list shows of a chat beside its contact, and an index of all words that were written. */
export const chatLifeTables: Migration = {
  version: 80,
  name: 'chat-life',
  up(tx) {
    tx.run(sql`ALTER TABLE chat_contact ADD COLUMN muted INTEGER NOT NULL DEFAULT 0`)
    tx.run(sql`ALTER TABLE chat_contact ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0`)
    tx.run(sql`ALTER TABLE chat_contact ADD COLUMN marked_unread INTEGER NOT NULL DEFAULT 0`)
    tx.run(sql`ALTER TABLE chat_contact ADD COLUMN draft TEXT`)
    // Cover the order of the list, so that no row with a picture is read for it.
    tx.run(sql`
      CREATE INDEX chat_contact_listed
        ON chat_contact (profile_id, pinned, created_at, row_id, contact_id, unread, marked_unread)`)
    tx.run(sql`CREATE INDEX chat_request_listed ON chat_request (profile_id, updated_at, row_id, request_id)`)
    indexWords(tx)
  },
}

/**
 * Each message has its words in `chat_word`, and beside them the chat and the profile as words of their own, so that the
 * newest hits of one chat or profile are found without a look at the others. `found_by` holds these two; a message is in
 * the index exactly while it is not null. `secure-delete`: words of a deleted message leave the index at once. What may
 * stay until pages are merged is the beginning of a word that parts two pages, as far as it differs from its neighbour.
 */
function indexWords(tx: Tx): void {
  tx.run(sql`ALTER TABLE chat_message ADD COLUMN found_by TEXT`)
  tx.run(sql`UPDATE chat_message SET found_by = ${scope(sql`chat_message`)}`)
  tx.run(sql`
    CREATE VIRTUAL TABLE chat_word USING fts5 (
      text, found_by, content = 'chat_message', content_rowid = 'seq',
      tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')`)
  tx.run(sql`INSERT INTO chat_word (chat_word, rank) VALUES ('secure-delete', 1)`)
  tx.run(sql`INSERT INTO chat_word (chat_word) VALUES ('rebuild')`)
  tx.run(sql`
    CREATE TRIGGER chat_message_scoped AFTER INSERT ON chat_message BEGIN
      UPDATE chat_message SET found_by = ${scope(sql`NEW`)} WHERE seq = NEW.seq;
    END`)
  tx.run(sql`
    CREATE TRIGGER chat_message_moved AFTER UPDATE OF contact_id ON chat_message BEGIN
      UPDATE chat_message SET found_by = ${scope(sql`NEW`)} WHERE seq = NEW.seq;
    END`)
  tx.run(sql`
    CREATE TRIGGER chat_message_worded AFTER UPDATE OF text, found_by ON chat_message BEGIN
      INSERT INTO chat_word (chat_word, rowid, text, found_by)
        SELECT 'delete', OLD.seq, OLD.text, OLD.found_by WHERE OLD.found_by IS NOT NULL;
      INSERT INTO chat_word (rowid, text, found_by)
        SELECT NEW.seq, NEW.text, NEW.found_by WHERE NEW.found_by IS NOT NULL;
    END`)
  tx.run(sql`
    CREATE TRIGGER chat_message_gone AFTER DELETE ON chat_message WHEN OLD.found_by IS NOT NULL BEGIN
      INSERT INTO chat_word (chat_word, rowid, text, found_by) VALUES ('delete', OLD.seq, OLD.text, OLD.found_by);
    END`)
}

/** As in `scopeWord` of chat-search.ts: one word for the profile, one for the contact. */
function scope(row: ReturnType<typeof sql>): ReturnType<typeof sql> {
  return sql`coalesce(
    (SELECT 'p' || replace(replace(profile_id, '-', 'x'), '_', 'y') || ' c' || replace(replace(contact_id, '-', 'x'), '_', 'y')
      FROM chat_contact WHERE contact_id = ${row}.contact_id),
    (SELECT 'p' || replace(replace(profile_id, '-', 'x'), '_', 'y')
      FROM chat_connection WHERE connection_id = ${row}.connection_id),
    '')`
}
