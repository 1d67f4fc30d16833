import { AppError } from '#core/base'
import { deleteContact, markRead, nameContact, requireContact, retryMessage, sendText } from '#core/chat'
import type { Contact, Message, Params } from '#core/contract'
import { type ChatKey, getConnection, getContact, getMessage, listContacts, listMessages } from '#core/store'
import type { AppContext, MethodTable } from '../app-context.ts'
import { toFailure } from '../failures.ts'
import { listOwner } from '../profile-views.ts'
import { contactView, messageView } from '../views.ts'

export const conversationMethods: MethodTable<
  | 'contact.list'
  | 'contact.get'
  | 'contact.setName'
  | 'contact.delete'
  | 'chat.messages'
  | 'chat.markRead'
  | 'message.send'
  | 'message.retry'
> = {
  'contact.list': (app, params) =>
    app.store.read((db) => {
      const owner = listOwner(db, params)
      const contacts = owner === null ? [] : listContacts(db, owner)
      return contacts.map((contact) => contactView(db, contact, app.clock.now()))
    }),
  'contact.get': (app, { contactId }) => viewOf(app, contactId),
  'contact.setName': (app, { contactId, name }) => {
    app.store.write((tx) => nameContact(app.chat, tx, contactId, name))
    return viewOf(app, contactId)
  },
  'contact.delete': (app, { contactId, notify = true, keepChat = false }) => {
    app.store.write((tx) => deleteContact(app.chat, tx, contactId, { notify, keepChat }))
    return {}
  },
  'chat.messages': (app, params) => pageOf(app, params),
  'chat.markRead': (app, { contactId }) => {
    app.store.write((tx) => markRead(app.chat, tx, contactId))
    return {}
  },
  'message.send': async (app, params) => {
    const key = chatKey(params)
    const messageId = await app.once.run('message.send', params.once, (remember) =>
      app.store.write((tx) => {
        const message = sendText(app.chat, tx, key, params.text)
        remember(tx, message.messageId, message.messageId)
        return message.messageId
      }),
    )
    return message(app, messageId)
  },
  'message.retry': (app, { messageId }) =>
    messageView(app.store.write((tx) => retryMessage(app.chat, tx, messageId))),
}

const MESSAGES = 50 // api.md, chat.messages

function pageOf(app: AppContext, params: Params<'chat.messages'>): Message[] {
  return app.store.read((db) => {
    const asked = chatKey(params)
    const connection = 'connectionId' in asked ? getConnection(db, asked.connectionId) : null
    const known = 'connectionId' in asked ? connection : getContact(db, asked.contactId)
    if (!known) throw notFound()
    // What was written to a link is the contact's, once there is one.
    const key: ChatKey = connection?.contactId ? { contactId: connection.contactId } : asked
    const before = params.before === undefined ? null : getMessage(db, params.before)
    if (params.before !== undefined && !before) throw notFound()
    const beforeSeq = before?.seq ?? Number.MAX_SAFE_INTEGER
    return listMessages(db, key, beforeSeq, params.limit ?? MESSAGES).map(messageView)
  })
}

/** The border lets exactly one of the two in. */
function chatKey(params: { contactId?: string; connectionId?: string }): ChatKey {
  return params.contactId === undefined
    ? { connectionId: params.connectionId ?? '' }
    : { contactId: params.contactId }
}

export function viewOf(app: AppContext, contactId: string): Contact {
  return app.store.read((db) => contactView(db, requireContact(db, contactId), app.clock.now()))
}

function message(app: AppContext, messageId: string): Message {
  const found = app.store.read((db) => getMessage(db, messageId))
  if (!found) throw notFound()
  return messageView(found)
}

function notFound(): Error {
  return toFailure(new AppError('chat.not-found', 'not here'))
}
