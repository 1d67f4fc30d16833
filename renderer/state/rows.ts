/** The rows of the chat list: contacts and pending connections in one order, latest first. Pure. */
import type { Connection, Contact } from '#core/contract'

export type Row =
  | { kind: 'contact'; rowId: string; at: string; contact: Contact }
  | { kind: 'pending'; rowId: string; at: string; connection: Connection }

export function listRows(
  connections: ReadonlyMap<string, Connection>,
  contacts: ReadonlyMap<string, Contact>,
): readonly Row[] {
  const rows = new Map<string, Row>()
  for (const connection of connections.values()) {
    rows.set(connection.rowId, {
      kind: 'pending',
      rowId: connection.rowId,
      at: connection.createdAt,
      connection,
    })
  }
  // a contact takes the place of the pending row it came from, whatever order the events had
  for (const contact of contacts.values()) {
    const at = contact.lastMessage?.createdAt ?? contact.createdAt
    rows.set(contact.rowId, { kind: 'contact', rowId: contact.rowId, at, contact })
  }
  return [...rows.values()].sort((a, b) => (a.at === b.at ? compare(a.rowId, b.rowId) : compare(b.at, a.at)))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** By names alone: the private one, the person's own. Case and accents do not matter. */
export function filterRows(rows: readonly Row[], text: string): readonly Row[] {
  const wanted = fold(text)
  if (wanted === '') return rows
  return rows.filter((row) => namesOf(row).some((name) => fold(name).includes(wanted)))
}

function namesOf(row: Row): string[] {
  if (row.kind === 'pending') return [row.connection.name ?? '']
  const { contact } = row
  return [contact.name, contact.localName ?? '', contact.profile.displayName, contact.profile.fullName ?? '']
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase().trim()
}

/** The row that a plan's or a notification's ids lead to. */
export function findRow(
  rows: readonly Row[],
  ids: { rowId?: string | null; contactId?: string | null; connectionId?: string | null },
): Row | undefined {
  return rows.find((row) => {
    if (ids.rowId != null && row.rowId === ids.rowId) return true
    if (row.kind === 'contact') return ids.contactId != null && row.contact.contactId === ids.contactId
    return ids.connectionId != null && row.connection.connectionId === ids.connectionId
  })
}
