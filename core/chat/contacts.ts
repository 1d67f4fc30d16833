import {
  type ConnectionRecord,
  type ContactRecord,
  type ReadDb,
  type WriteTx,
  arrangeContact,
  clearUnread,
  deleteContact as deleteContactRow,
  deleteMessages,
  forgetOnceAbout,
  getConnectionOfContact,
  getContact,
  setContactAlias,
  setContactStatus,
} from '#core/store'
import { alias, changeConnection } from './connecting.ts'
import { MAX_DRAFT } from './constants.ts'
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
  if (contact.unread > 0 || contact.markedUnread) {
    clearUnread(tx, contactId)
    ctx.changes.record(tx, { type: 'contact.updated', contactId })
  }
  ctx.changes.record(tx, { type: 'chat.read', contactId })
}

export function markUnread(ctx: ChatContext, tx: WriteTx, contactId: string): void {
  arrange(ctx, tx, contactId, { markedUnread: true })
}

/** What was being written, as it was left; an empty text is none. */
export function setDraft(ctx: ChatContext, tx: WriteTx, contactId: string, text: string | null): void {
  const size = text?.length ?? 0
  if (size > MAX_DRAFT) {
    throw new ChatError('chat.too-large', 'too long for a draft', { field: 'text', size, limit: MAX_DRAFT })
  }
  arrange(ctx, tx, contactId, { draft: text || null })
}

/** How the row of a contact stands in the list. */
export function arrange(
  ctx: ChatContext,
  tx: WriteTx,
  contactId: string,
  change: Partial<Pick<ContactRecord, 'muted' | 'pinned' | 'markedUnread' | 'draft'>>,
): void {
  arrangeContact(tx, { ...requireContact(tx, contactId), ...change })
  ctx.changes.record(tx, { type: 'contact.updated', contactId })
  // What is muted now need not be looked at now.
  if (change.muted) ctx.changes.record(tx, { type: 'chat.read', contactId })
}

/** What was said is gone from this device; what no relay has yet is not sent any more. The contact stays. */
export function clearChat(ctx: ChatContext, tx: WriteTx, contactId: string): void {
  requireContact(tx, contactId)
  deleteMessages(tx, contactId)
  clearUnread(tx, contactId)
  ctx.changes.record(tx, { type: 'contact.updated', contactId })
  ctx.changes.record(tx, { type: 'chat.read', contactId })
}

/** One side has ended it: nothing goes or comes any more. */
export function isOver({ status }: Pick<ContactRecord, 'status'>): boolean {
  return status === 'deleted-by-peer' || status === 'deleted'
}

/** How a contact is deleted. `notify`: the peer is told; `keepChat`: what was said stays to be read. */
export interface Parting {
  notify: boolean
  keepChat: boolean
}

/** With `notify` the peer is told (`x.direct.del`), and the queues go only after that was delivered. chat.md 7.2 */
export function deleteContact(
  ctx: ChatContext,
  tx: WriteTx,
  contactId: string,
  { notify, keepChat }: Parting,
): void {
  const contact = requireContact(tx, contactId)
  const connection = getConnectionOfContact(tx, contactId)
  if (connection && !isOver(contact)) {
    const tell = notify && contact.status === 'active' && ctx.agent.canSend(tx, connection.connId)
    if (tell) {
      const body = encodeDirectDelete(newMessageId(ctx.random))
      ctx.agent.send(tx, connection.connId, body, { notification: false })
    }
    ctx.agent.deleteConnection(tx, connection.connId, { waitDelivery: tell })
    // What is with the agent goes out before the farewell, and says itself how it went.
    if (keepChat) failUnsent(ctx, tx, connection, 'chat.ended-here', { onlyHeld: tell })
  }
  if (keepChat) return keep(ctx, tx, contact, connection)
  if (connection) forgetOnceAbout(tx, connection.connectionId)
  deleteContactRow(tx, contactId)
  ctx.changes.record(tx, { type: 'contact.removed', contactId, rowId: contact.rowId })
}

/** Who ended it first stays the one who did. */
function keep(
  ctx: ChatContext,
  tx: WriteTx,
  contact: ContactRecord,
  connection: ConnectionRecord | null,
): void {
  if (isOver(contact)) return
  // what was still under way does not go on by itself
  if (connection && contact.status === 'connecting') {
    changeConnection(ctx, tx, connection, { phase: 'failed', queued: null, link: null, fullLink: null })
  }
  setContactStatus(tx, contact.contactId, 'deleted')
  markRead(ctx, tx, contact.contactId)
  ctx.changes.record(tx, { type: 'contact.updated', contactId: contact.contactId })
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
