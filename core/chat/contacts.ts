import {
  type ContactRecord,
  type ReadDb,
  type WriteTx,
  clearUnread,
  deleteContact as deleteContactRow,
  forgetOnceAbout,
  getConnectionOfContact,
  getContact,
  setContactAlias,
  setContactStatus,
} from '#core/store'
import { alias } from './connecting.ts'
import type { ChatContext } from './context.ts'
import { ChatError } from './errors.ts'
import { encodeDirectDelete, newMessageId } from './events.ts'
import { failUnsent } from './messaging.ts'

export function requireContact(db: ReadDb, contactId: string): ContactRecord {
  const contact = getContact(db, contactId)
  if (!contact) throw new ChatError('chat.not-found', 'no such contact')
  return contact
}

export function nameContact(ctx: ChatContext, tx: WriteTx, contactId: string, name: string | null): void {
  requireContact(tx, contactId)
  setContactAlias(tx, contactId, alias(name))
  ctx.changes.record(tx, { type: 'contact.updated', contactId })
}

export function markRead(ctx: ChatContext, tx: WriteTx, contactId: string): void {
  const contact = requireContact(tx, contactId)
  if (contact.unread > 0) {
    clearUnread(tx, contactId)
    ctx.changes.record(tx, { type: 'contact.updated', contactId })
  }
  ctx.changes.record(tx, { type: 'chat.read', contactId })
}

/** With `notify` the peer is told (`x.direct.del`), and the queues go only after that was delivered. chat.md 7.2 */
export function deleteContact(ctx: ChatContext, tx: WriteTx, contactId: string, notify: boolean): void {
  const contact = requireContact(tx, contactId)
  const connection = getConnectionOfContact(tx, contactId)
  if (connection && contact.status !== 'deleted-by-peer') {
    const tell = notify && contact.status === 'active' && ctx.agent.canSend(tx, connection.connId)
    if (tell) {
      const body = encodeDirectDelete(newMessageId(ctx.random))
      ctx.agent.send(tx, connection.connId, body, { notification: false })
    }
    ctx.agent.deleteConnection(tx, connection.connId, { waitDelivery: tell })
  }
  if (connection) forgetOnceAbout(tx, connection.connectionId)
  deleteContactRow(tx, contactId)
  ctx.changes.record(tx, { type: 'contact.removed', contactId, rowId: contact.rowId })
}

/** The peer has deleted us: what was said stays readable, the queues go. */
export function deletedByPeer(ctx: ChatContext, tx: WriteTx, contactId: string): void {
  const connection = getConnectionOfContact(tx, contactId)
  setContactStatus(tx, contactId, 'deleted-by-peer')
  if (connection) {
    failUnsent(ctx, tx, connection, 'chat.contact-gone')
    ctx.agent.deleteConnection(tx, connection.connId, { waitDelivery: false })
  }
  ctx.changes.record(tx, { type: 'contact.updated', contactId })
}
