import { sql } from './sql.ts'
import type { ReadDb } from './store.ts'

export interface ListedRow {
  kind: 'contact' | 'request' | 'pending'
  id: string
  rowId: string
  pinned: boolean
  /** Last activity. */
  at: number
}

/** After which row a page begins. */
export type ListCursor = Pick<ListedRow, 'pinned' | 'at' | 'rowId'>

interface Row {
  kind: ListedRow['kind']
  id: string
  row_id: string
  pinned: number
  at: number
}

/** Everything that a profile's list shows: pinned ones first, then by last activity. */
export function listChats(
  db: ReadDb,
  of: { profileId: string; unreadOnly: boolean },
  after: ListCursor | null,
  limit: number,
): ListedRow[] {
  const contacts = of.unreadOnly ? sql`AND (unread > 0 OR marked_unread = 1)` : sql``
  const pending = of.unreadOnly ? sql`AND 0` : sql``
  const page =
    after === null
      ? sql``
      : sql`WHERE pinned < ${after.pinned} OR (pinned = ${after.pinned}
          AND (at < ${after.at} OR (at = ${after.at} AND row_id > ${after.rowId})))`
  return db
    .all<Row>(
      sql`SELECT kind, id, row_id, pinned, at FROM (
          SELECT 'contact' AS kind, contact_id AS id, row_id, pinned, coalesce(
            (SELECT m.created_at FROM chat_message m WHERE m.contact_id = c.contact_id ORDER BY m.seq DESC LIMIT 1),
            created_at) AS at
          FROM chat_contact c WHERE profile_id = ${of.profileId} ${contacts}
          UNION ALL
          SELECT 'pending', connection_id, row_id, 0, created_at
          FROM chat_connection WHERE contact_id IS NULL AND profile_id = ${of.profileId} ${pending}
          UNION ALL
          SELECT 'request', request_id, row_id, 0, updated_at
          FROM chat_request WHERE profile_id = ${of.profileId}
        ) ${page} ORDER BY pinned DESC, at DESC, row_id LIMIT ${limit}`,
    )
    .map((row) => ({ kind: row.kind, id: row.id, rowId: row.row_id, pinned: row.pinned !== 0, at: row.at }))
}

/** What a row can be found by. */
export interface RowNames {
  id: string
  names: readonly string[]
}

type NamesRow = { id: string } & Record<string, string | null>

const toNames = ({ id, ...names }: NamesRow): RowNames => ({
  id,
  names: Object.values(names).flatMap((name) => name || []),
})

/** No pictures are read. In the order of the list, but for what is pinned. */
export function namesOfContacts(db: ReadDb, profileId: string): RowNames[] {
  return db
    .all<NamesRow>(
      sql`SELECT contact_id AS id, alias, display_name, full_name,
          (SELECT address_label FROM chat_connection n WHERE n.contact_id = c.contact_id LIMIT 1) AS label
        FROM chat_contact c WHERE profile_id = ${profileId} ORDER BY created_at DESC, contact_id`,
    )
    .map(toNames)
}

export function namesOfConnections(db: ReadDb, profileId: string): RowNames[] {
  return db
    .all<NamesRow>(
      sql`SELECT connection_id AS id, alias, address_label FROM chat_connection
        WHERE contact_id IS NULL AND profile_id = ${profileId} ORDER BY created_at DESC, connection_id`,
    )
    .map(toNames)
}

export function namesOfRequests(db: ReadDb, profileId: string): RowNames[] {
  return db
    .all<NamesRow>(
      sql`SELECT request_id AS id, display_name, full_name, address_label FROM chat_request
        WHERE profile_id = ${profileId} ORDER BY seq DESC`,
    )
    .map(toNames)
}
