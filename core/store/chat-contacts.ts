import { type ProfileColumns, type ProfileRow, toProfile } from './chat-profile.ts'
import { sql } from './sql.ts'
import type { ReadDb, WriteTx } from './store.ts'

/** 'deleted': by this side, which has kept the chat to read. */
export type ContactStatusColumn = 'connecting' | 'active' | 'deleted-by-peer' | 'deleted'

export interface ContactRecord {
  contactId: string
  rowId: string
  /** The own profile that this person is a contact of. */
  profileId: string
  alias: string | null
  /** As it came from the peer. */
  profile: ProfileColumns
  status: ContactStatusColumn
  unread: number
  muted: boolean
  pinned: boolean
  /** Somebody wants to come back to it, whatever was read. */
  markedUnread: boolean
  /** What was being written. */
  draft: string | null
  createdAt: number
}

interface Row extends ProfileRow {
  contact_id: string
  row_id: string
  profile_id: string
  alias: string | null
  status: Exclude<ContactStatusColumn, 'deleted'>
  deleted_by_me: number
  unread: number
  muted: number
  pinned: number
  marked_unread: number
  draft: string | null
  created_at: number
}

const columns = sql`contact_id, row_id, profile_id, alias, display_name, full_name, description, image, contact_link, status, deleted_by_me,
  unread, muted, pinned, marked_unread, draft, created_at`

/** Both kinds of an end are one in the column that other queries ask. */
const statusColumn = (status: ContactStatusColumn) => (status === 'deleted' ? 'deleted-by-peer' : status)

function toContact(row: Row): ContactRecord {
  return {
    contactId: row.contact_id,
    rowId: row.row_id,
    profileId: row.profile_id,
    alias: row.alias,
    profile: toProfile(row),
    status: row.deleted_by_me === 0 ? row.status : 'deleted',
    unread: row.unread,
    muted: row.muted !== 0,
    pinned: row.pinned !== 0,
    markedUnread: row.marked_unread !== 0,
    draft: row.draft,
    createdAt: row.created_at,
  }
}

export function getContact(db: ReadDb, contactId: string): ContactRecord | null {
  const row = db.get<Row>(sql`SELECT ${columns} FROM chat_contact WHERE contact_id = ${contactId}`)
  return row ? toContact(row) : null
}

/** Of one profile, newest first. */
export function listContacts(db: ReadDb, profileId: string): ContactRecord[] {
  return db
    .all<Row>(
      sql`SELECT ${columns} FROM chat_contact WHERE profile_id = ${profileId}
        ORDER BY created_at DESC, contact_id`,
    )
    .map(toContact)
}

export function insertContact(tx: WriteTx, contact: ContactRecord): void {
  const { profile } = contact
  tx.run(sql`
    INSERT INTO chat_contact
      (${columns})
    VALUES (${contact.contactId}, ${contact.rowId}, ${contact.profileId}, ${contact.alias}, ${profile.displayName},
      ${profile.fullName}, ${profile.description}, ${profile.image}, ${profile.contactLink}, ${statusColumn(contact.status)}, ${contact.status === 'deleted'},
      ${contact.unread}, ${contact.muted}, ${contact.pinned}, ${contact.markedUnread}, ${contact.draft},
      ${contact.createdAt})`)
}

export function setContactProfile(tx: WriteTx, contactId: string, profile: ProfileColumns): void {
  tx.run(sql`
    UPDATE chat_contact SET display_name = ${profile.displayName}, full_name = ${profile.fullName},
      description = ${profile.description}, image = ${profile.image}, contact_link = ${profile.contactLink}
    WHERE contact_id = ${contactId}`)
}

export function setContactAlias(tx: WriteTx, contactId: string, alias: string | null): void {
  tx.run(sql`UPDATE chat_contact SET alias = ${alias} WHERE contact_id = ${contactId}`)
}

export function setContactStatus(tx: WriteTx, contactId: string, status: ContactStatusColumn): void {
  tx.run(sql`
    UPDATE chat_contact SET status = ${statusColumn(status)}, deleted_by_me = ${status === 'deleted'}
    WHERE contact_id = ${contactId}`)
}

export function addUnread(tx: WriteTx, contactId: string, count: number): void {
  tx.run(sql`UPDATE chat_contact SET unread = unread + ${count} WHERE contact_id = ${contactId}`)
}

export function clearUnread(tx: WriteTx, contactId: string): void {
  tx.run(sql`UPDATE chat_contact SET unread = 0, marked_unread = 0 WHERE contact_id = ${contactId}`)
}

/** How its row stands in the list. */
export function arrangeContact(
  tx: WriteTx,
  { contactId, muted, pinned, markedUnread, draft }: ContactRecord,
): void {
  tx.run(sql`
    UPDATE chat_contact SET muted = ${muted}, pinned = ${pinned}, marked_unread = ${markedUnread}, draft = ${draft}
    WHERE contact_id = ${contactId}`)
}

/** With its messages and its connection row. */
export function deleteContact(tx: WriteTx, contactId: string): void {
  tx.run(sql`DELETE FROM chat_contact WHERE contact_id = ${contactId}`)
}
