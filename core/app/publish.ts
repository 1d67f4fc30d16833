import type { Change } from '#core/chat'
import { displayLine } from '#core/chat'
import type { ContractEvent, Notification } from '#core/contract'
import { getConnection, getContact, getMessage, type ReadDb } from '#core/store'
import { connectionView, contactView, messageView } from './views.ts'

const PROFILE_ID = 'main' // one profile in this version
/** Longest text in a notification, code points: what systems show. */
const MAX_BODY = 200

/** The events of one commit. A row that was deleted again in the same commit says nothing. */
export function eventsOf(db: ReadDb, changes: readonly Change[]): ContractEvent[] {
  return changes.flatMap((change) => eventsOfOne(db, change))
}

function eventsOfOne(db: ReadDb, change: Change): ContractEvent[] {
  switch (change.type) {
    case 'connection.updated': {
      const connection = getConnection(db, change.connectionId)
      return connection ? [{ event: 'connection.updated', data: connectionView(connection) }] : []
    }
    case 'connection.removed': {
      const { connectionId, rowId } = change
      return [{ event: 'connection.removed', data: { connectionId, rowId } }]
    }
    case 'contact.updated': {
      const contact = getContact(db, change.contactId)
      return contact ? [{ event: 'contact.updated', data: contactView(db, contact) }] : []
    }
    case 'contact.connected':
      return connectedEvents(db, change.contactId)
    case 'contact.removed': {
      const { contactId, rowId } = change
      return [{ event: 'contact.removed', data: { contactId, rowId } }, ...clearOf(contactId)]
    }
    case 'message.received':
      return receivedEvents(db, change.messageId)
    case 'message.updated': {
      const message = getMessage(db, change.messageId)
      return message ? [{ event: 'message.updated', data: messageView(message) }] : []
    }
    case 'chat.read':
      return clearOf(change.contactId)
  }
}

function connectedEvents(db: ReadDb, contactId: string): ContractEvent[] {
  const contact = getContact(db, contactId)
  if (!contact) return []
  const data = contactView(db, contact)
  return [
    { event: 'contact.connected', data },
    show({
      notificationId: connectedId(contactId),
      kind: 'connected',
      contactId,
      rowId: data.rowId,
      title: data.name,
      body: null,
    }),
  ]
}

function receivedEvents(db: ReadDb, messageId: string): ContractEvent[] {
  const message = getMessage(db, messageId)
  const contact = message?.contactId ? getContact(db, message.contactId) : null
  if (!message || !contact) return []
  const { contactId, rowId, name } = contactView(db, contact)
  return [
    { event: 'message.received', data: messageView(message) },
    show({
      notificationId: messagesId(contactId),
      kind: 'message',
      contactId,
      rowId,
      title: name,
      body: displayLine(message.text, MAX_BODY),
    }),
  ]
}

function show(notification: Omit<Notification, 'profileId'>): ContractEvent {
  return { event: 'notification.show', data: { ...notification, profileId: PROFILE_ID } }
}

/** One notification a chat: a newer message takes the place of the one before. */
const messagesId = (contactId: string): string => `message-${contactId}`
const connectedId = (contactId: string): string => `connected-${contactId}`

function clearOf(contactId: string): ContractEvent[] {
  return [messagesId(contactId), connectedId(contactId)].map((notificationId) => ({
    event: 'notification.clear' as const,
    data: { notificationId },
  }))
}
