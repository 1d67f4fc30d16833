/** The rows of the chat list: contacts, pending connections and requests in one order, latest first. Pure. */
import type { Connection, Contact, FoundMessage, Request } from '#core/contract'

export type Row =
  | { kind: 'contact'; rowId: string; at: string; contact: Contact }
  | { kind: 'pending'; rowId: string; at: string; connection: Connection }
  | { kind: 'request'; rowId: string; at: string; request: Request }
  /** Several requests as one row, so that they do not push the chats away (flows 12). */
  | { kind: 'requests'; rowId: string; at: string; requests: readonly Request[] }
  /** A message that holds what is searched for; `first` of them carries their heading. */
  | { kind: 'hit'; rowId: string; at: string; contact: Contact; found: FoundMessage; first: boolean }

/** The row of the folded requests; no id of the core looks like this. */
export const FOLDED_ROW = ':requests'
const FOLD_FROM = 3 // flows 12: with 3 or more waiting, rows fold into one

const NONE: ReadonlyMap<string, Request> = new Map()

/** Every row by itself: what ids lead to. */
export function listRows(
  connections: ReadonlyMap<string, Connection>,
  contacts: ReadonlyMap<string, Contact>,
  requests: ReadonlyMap<string, Request> = NONE,
): readonly Row[] {
  const rows = new Map<string, Row>()
  for (const request of requests.values()) {
    rows.set(request.rowId, { kind: 'request', rowId: request.rowId, at: request.updatedAt, request })
  }
  for (const connection of connections.values()) {
    rows.set(connection.rowId, {
      kind: 'pending',
      rowId: connection.rowId,
      at: connection.createdAt,
      connection,
    })
  }
  // a contact takes the place of the row it came from, whatever order the events had
  for (const contact of contacts.values()) {
    const at = contact.lastMessage?.createdAt ?? contact.createdAt
    rows.set(contact.rowId, { kind: 'contact', rowId: contact.rowId, at, contact })
  }
  return [...rows.values()].sort((a, b) => pinnedFirst(a, b) || latestFirst(a, b))
}

/** Messages that were found, as rows under those that were found by name. */
export function hitRows(
  found: readonly FoundMessage[],
  contacts: ReadonlyMap<string, Contact>,
): readonly Row[] {
  const rows: Row[] = []
  for (const one of found) {
    const { contactId, messageId, createdAt } = one.message
    const contact = contactId === null ? undefined : contacts.get(contactId)
    const first = rows.length === 0
    if (contact)
      rows.push({ kind: 'hit', rowId: `hit:${messageId}`, at: createdAt, contact, found: one, first })
  }
  return rows
}

/** As the list shows it: three requests or more are one row, at the place of the newest. */
export function foldRequests(rows: readonly Row[]): readonly Row[] {
  const requests = rows.flatMap((row) => (row.kind === 'request' ? [row.request] : []))
  if (requests.length < FOLD_FROM) return rows
  let folded = false
  return rows.flatMap((row) => {
    if (row.kind !== 'request') return [row]
    if (folded) return []
    folded = true
    return [{ kind: 'requests' as const, rowId: FOLDED_ROW, at: row.at, requests }]
  })
}

function pinnedFirst(a: Row, b: Row): number {
  return Number(isPinned(b)) - Number(isPinned(a))
}

function isPinned(row: Row): boolean {
  return row.kind === 'contact' && row.contact.pinned
}

function latestFirst(a: Row, b: Row): number {
  if (a.at !== b.at) return compare(b.at, a.at)
  // links that were made together stand as they are numbered
  return byNumber.compare(namesOf(a)[0] ?? '', namesOf(b)[0] ?? '') || compare(a.rowId, b.rowId)
}
const byNumber = new Intl.Collator(undefined, { numeric: true })

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** By names and labels: the private name, the person's own, the address it came through. Case and accents do not matter. */
export function filterRows(rows: readonly Row[], text: string): readonly Row[] {
  const wanted = foldText(text)
  if (wanted === '') return rows
  return rows.filter((row) => namesOf(row).some((name) => foldText(name).includes(wanted)))
}

/** What waits to be looked at: new messages, and people who ask. The open row stays while it is being read. */
export function unreadRows(rows: readonly Row[], openRowId: string | null): readonly Row[] {
  return rows.filter((row) => {
    if (row.rowId === openRowId) return true
    if (row.kind !== 'contact') return row.kind !== 'pending'
    return row.contact.unread > 0 || row.contact.markedUnread
  })
}

function namesOf(row: Row): string[] {
  if (row.kind === 'pending') return [row.connection.name ?? '', row.connection.addressLabel ?? '']
  if (row.kind === 'request') return [row.request.profile.displayName, row.request.addressLabel ?? '']
  if (row.kind === 'requests' || row.kind === 'hit') return []
  const { contact } = row
  const { profile } = contact
  return [
    contact.name,
    contact.localName ?? '',
    profile.displayName,
    profile.fullName ?? '',
    contact.connectedVia.label ?? '',
  ]
}

/** Without case and accents, as people search. */
export function foldText(text: string): string {
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
    if (row.kind !== 'pending') return false
    return ids.connectionId != null && row.connection.connectionId === ids.connectionId
  })
}
