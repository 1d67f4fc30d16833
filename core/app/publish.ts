import type { Change } from '#core/chat'
import { displayLine } from '#core/chat'
import type { ContractEvent, Notification } from '#core/contract'
import {
  getAddress,
  getConnection,
  getConnectionOfContact,
  getContact,
  getMessage,
  getRequest,
  type ReadDb,
} from '#core/store'
import { addressView, type Present, requestView } from './address-views.ts'
import { connectionView, contactView, iso, messageView } from './views.ts'

/** Longest text in a notification, code points: what systems show. */
const MAX_BODY = 200

/** Strangers raise at most so many notifications a minute. flows.md 12 */
const STRANGERS_PER_MINUTE = 3
const MINUTE = 60_000

/** Counts what strangers raise: requests, and people who were let in automatically. */
export class StrangerLimit {
  #times: number[] = []

  allows(now: number): boolean {
    this.#times = this.#times.filter((time) => now - time < MINUTE)
    if (this.#times.length >= STRANGERS_PER_MINUTE) return false
    this.#times.push(now)
    return true
  }
}

export interface Publishing extends Present {
  readonly strangers: StrangerLimit
}

/** The events of one commit. A row that was deleted again in the same commit says nothing. */
export function eventsOf(db: ReadDb, changes: readonly Change[], present: Publishing): ContractEvent[] {
  return changes.flatMap((change) => eventsOfOne(db, change, present))
}

function eventsOfOne(db: ReadDb, change: Change, present: Publishing): ContractEvent[] {
  switch (change.type) {
    case 'request.received':
      return requestEvents(db, change.requestId, present)
    case 'request.updated': {
      const request = getRequest(db, change.requestId)
      return request ? [{ event: 'request.updated', data: requestView(request) }] : []
    }
    case 'request.removed': {
      const { requestId, rowId, why } = change
      return [
        { event: 'request.removed', data: { requestId, rowId, why } },
        { event: 'notification.clear', data: { notificationId: requestNotice(requestId) } },
      ]
    }
    case 'address.updated': {
      const address = getAddress(db, change.addressId)
      return address ? [{ event: 'address.updated', data: addressView(db, address, present) }] : []
    }
    case 'address.removed':
      return [{ event: 'address.removed', data: { addressId: change.addressId } }]
    case 'connection.updated': {
      const connection = getConnection(db, change.connectionId)
      if (!connection) return []
      const updated: ContractEvent = {
        event: 'connection.updated',
        data: connectionView(db, connection, present.embedded),
      }
      // Completed or over: there is nothing left to ask.
      const settled = connection.openedAlarm && connection.phase !== 'opened'
      return settled ? [updated, clear(openedNotice(connection.connectionId))] : [updated]
    }
    case 'connection.alarmed':
      return alarmEvents(db, change.connectionId)
    case 'connection.removed': {
      const { connectionId, rowId } = change
      return [
        { event: 'connection.removed', data: { connectionId, rowId } },
        clear(openedNotice(connectionId)),
      ]
    }
    case 'contact.updated': {
      const contact = getContact(db, change.contactId)
      return contact ? [{ event: 'contact.updated', data: contactView(db, contact, present.now) }] : []
    }
    case 'contact.codeChanged': {
      const { contactId, at } = change
      return [{ event: 'contact.codeChanged', data: { contactId, at: iso(at) } }]
    }
    case 'contact.connected':
      return connectedEvents(db, change.contactId, present)
    case 'contact.removed': {
      const { contactId, rowId } = change
      return [{ event: 'contact.removed', data: { contactId, rowId } }, ...clearOf(contactId)]
    }
    case 'message.received':
      return receivedEvents(db, change.messageId, present)
    case 'message.updated': {
      const message = getMessage(db, change.messageId)
      return message ? [{ event: 'message.updated', data: messageView(message) }] : []
    }
    case 'chat.read':
      return clearOf(change.contactId)
    case 'profile.updated':
    case 'profile.switched':
    case 'profile.removed':
      // Told by `ProfileWatch`, with the numbers that go with it.
      return []
  }
}

/** Who is accepted at once raises none: the notification would come beside that of the connection. */
function requestEvents(db: ReadDb, requestId: string, { strangers, now }: Publishing): ContractEvent[] {
  const request = getRequest(db, requestId)
  if (!request) return []
  const data = requestView(request)
  const received: ContractEvent = { event: 'request.received', data }
  if (request.state !== 'waiting' || !strangers.allows(now)) return [received]
  return [
    received,
    show({
      notificationId: requestNotice(requestId),
      kind: 'request',
      profileId: data.profileId,
      rowId: data.rowId,
      title: data.profile.displayName,
      body: data.message === null ? null : displayLine(data.message, MAX_BODY),
    }),
  ]
}

function connectedEvents(db: ReadDb, contactId: string, { strangers, now }: Publishing): ContractEvent[] {
  const contact = getContact(db, contactId)
  if (!contact) return []
  const data = contactView(db, contact, now)
  const connection = getConnectionOfContact(db, contactId)
  const stranger = connection?.kind === 'address' && connection.role === 'creator'
  if (contact.muted || (stranger && !strangers.allows(now))) return [{ event: 'contact.connected', data }]
  return [
    { event: 'contact.connected', data },
    show({
      notificationId: connectedId(contactId),
      kind: 'connected',
      profileId: data.profileId,
      contactId,
      rowId: data.rowId,
      title: data.name,
      body: null,
    }),
  ]
}

function receivedEvents(db: ReadDb, messageId: string, { now }: Publishing): ContractEvent[] {
  const message = getMessage(db, messageId)
  const contact = message?.contactId ? getContact(db, message.contactId) : null
  if (!message || !contact) return []
  const { contactId, rowId, profileId, name } = contactView(db, contact, now)
  const received: ContractEvent = { event: 'message.received', data: messageView(message) }
  if (contact.muted) return [received]
  return [
    received,
    show({
      notificationId: messagesId(contactId),
      kind: 'message',
      profileId,
      contactId,
      rowId,
      title: name,
      body: displayLine(message.text, MAX_BODY),
    }),
  ]
}

/** Whether it was the intended person is for whoever gave the link away to say. flows.md 4, INV-13 */
function alarmEvents(db: ReadDb, connectionId: string): ContractEvent[] {
  const connection = getConnection(db, connectionId)
  if (!connection) return []
  const { rowId, profileId, alias } = connection
  return [
    show({
      notificationId: openedNotice(connectionId),
      kind: 'opened',
      ...{ profileId, rowId },
      title: alias ?? 'Invitation',
      body: 'Opened, not completed.',
    }),
  ]
}

function clear(notificationId: string): ContractEvent {
  return { event: 'notification.clear', data: { notificationId } }
}

function show(data: Notification): ContractEvent {
  return { event: 'notification.show', data }
}

/** One notification a chat: a newer message takes the place of the one before. */
const messagesId = (contactId: string): string => `message-${contactId}`
const requestNotice = (requestId: string): string => `request-${requestId}`
const openedNotice = (connectionId: string): string => `opened-${connectionId}`
const connectedId = (contactId: string): string => `connected-${contactId}`

function clearOf(contactId: string): ContractEvent[] {
  return [messagesId(contactId), connectedId(contactId)].map((notificationId) => ({
    event: 'notification.clear' as const,
    data: { notificationId },
  }))
}
