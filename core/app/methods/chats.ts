import { fromUtf8, utf8 } from '#core/base'
import { clearChat, excerptOf, folded, markUnread, requireContact, setDraft, wordsOf } from '#core/chat'
import type { ChatRow, FoundChats, Message, Params, Result } from '#core/contract'
import { ContractFailure } from '#core/contract'
import { fromBase64Url, toBase64Url } from '#core/encoding'
import {
  getConnection,
  getContact,
  getRequest,
  listChats,
  type ListCursor,
  type ListedRow,
  listOwnProfiles,
  namesOfConnections,
  namesOfContacts,
  namesOfRequests,
  type ReadDb,
  type RowNames,
  searchMessages,
  type SearchScope,
} from '#core/store'
import { requestView } from '../address-views.ts'
import type { AppContext, MethodTable } from '../app-context.ts'
import { listOwner } from '../profile-views.ts'
import { connectionView, contactView, messageView } from '../views.ts'

export const chatMethods: MethodTable<
  'chat.list' | 'chat.find' | 'chat.search' | 'chat.markUnread' | 'chat.setDraft' | 'chat.clear'
> = {
  'chat.list': (app, params) => app.store.read((db) => listOf(app, db, params)),
  'chat.find': (app, params) => app.store.read((db) => find(app, db, params)),
  'chat.search': (app, params) => app.store.read((db) => search(db, params)),
  'chat.markUnread': (app, { contactId }) => {
    app.store.write((tx) => markUnread(app.chat, tx, contactId))
    return {}
  },
  'chat.setDraft': (app, { contactId, text }) => {
    app.store.write((tx) => setDraft(app.chat, tx, contactId, text))
    return {}
  },
  'chat.clear': (app, { contactId }) => {
    app.store.write((tx) => clearChat(app.chat, tx, contactId))
    return {}
  },
}

/** Rows of a page, and hits of each kind, unless the call says otherwise. */
const ROWS = 200
const HITS = 50

function listOf(app: AppContext, db: ReadDb, params: Params<'chat.list'>): Result<'chat.list'> {
  const after = params.cursor === undefined ? null : readCursor(params.cursor)
  const owner = listOwner(db, params)
  if (owner === null) return { rows: [], cursor: null }
  const limit = params.limit ?? ROWS
  const of = { profileId: owner, unreadOnly: params.filter === 'unread' }
  // One more than asked for tells whether there is another page.
  const listed = listChats(db, of, after, limit + 1)
  const page = listed.slice(0, limit)
  const last = page.at(-1)
  return {
    rows: page.flatMap((row) => rowView(app, db, row)),
    cursor: listed.length > limit && last ? writeCursor(last) : null,
  }
}

function rowView(app: AppContext, db: ReadDb, { kind, id, rowId }: ListedRow): ChatRow[] {
  switch (kind) {
    case 'contact': {
      const contact = getContact(db, id)
      return contact ? [{ rowId, kind, contact: contactView(db, contact, app.clock.now()) }] : []
    }
    case 'pending': {
      const connection = getConnection(db, id)
      return connection
        ? [{ rowId, kind, connection: connectionView(db, connection, app.embedded.address) }]
        : []
    }
    case 'request': {
      const request = getRequest(db, id)
      return request ? [{ rowId, kind, request: requestView(request) }] : []
    }
  }
}

function writeCursor({ pinned, at, rowId }: ListCursor): string {
  return toBase64Url(utf8(JSON.stringify([pinned, at, rowId])), 'unpadded')
}

function readCursor(text: string): ListCursor {
  try {
    const [pinned, at, rowId] = JSON.parse(fromUtf8(fromBase64Url(text))) as unknown[]
    if (typeof pinned === 'boolean' && typeof at === 'number' && typeof rowId === 'string') {
      return { pinned, at, rowId }
    }
  } catch {
    // Not one of ours: the same answer as for one that reads as something else.
  }
  throw new ContractFailure('INVALID_PARAMS', 'This cursor did not come from chat.list.', { path: 'cursor' })
}

/** Names first, then what was written. Nobody is asked. */
function find(app: AppContext, db: ReadDb, params: Params<'chat.find'>): FoundChats {
  const owner = listOwner(db, params)
  const wanted = folded(params.text)
  if (owner === null || wanted === '') return { contacts: [], connections: [], requests: [], messages: [] }
  const limit = params.limit ?? HITS
  const hits = (rows: readonly RowNames[]): string[] =>
    rows
      .filter(({ names }) => names.some((name) => folded(name).includes(wanted)))
      .slice(0, limit)
      .map(({ id }) => id)
  const words = wordsOf(params.text)
  const contacts = hits(namesOfContacts(db, owner)).flatMap((id) => getContact(db, id) ?? [])
  return {
    contacts: contacts.map((contact) => contactView(db, contact, app.clock.now())),
    connections: hits(namesOfConnections(db, owner))
      .flatMap((id) => getConnection(db, id) ?? [])
      .map((connection) => connectionView(db, connection, app.embedded.address)),
    requests: hits(namesOfRequests(db, owner))
      .flatMap((id) => getRequest(db, id) ?? [])
      .map(requestView),
    messages: searchMessages(db, words, scopeOf(db, owner), limit).map((message) => ({
      message: messageView(message),
      ...excerptOf(message.text, words),
    })),
  }
}

function search(db: ReadDb, params: Params<'chat.search'>): Message[] {
  const owner = listOwner(db, params)
  if (params.contactId !== undefined) requireContact(db, params.contactId)
  else if (owner === null) return []
  const scope = params.contactId === undefined ? scopeOf(db, owner ?? '') : { contactId: params.contactId }
  return searchMessages(db, wordsOf(params.text), scope, params.limit ?? HITS).map(messageView)
}

/** Where there is one profile, everything is its. */
function scopeOf(db: ReadDb, profileId: string): SearchScope {
  return { profileId: listOwnProfiles(db).length > 1 ? profileId : null }
}
