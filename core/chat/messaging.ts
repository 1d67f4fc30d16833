/**
 * Writing, retrying and marking messages. The state of an outgoing one:
 *
 *     sending (held: no agentMsgId) ──ready──▶ sending (with the agent) ──relay has it──▶ sent ──receipt──▶ delivered
 *          └───────────── connection fails ────────────┴──▶ failed ──retry──▶ sending
 */
import { equalBytes, isAppError } from '#core/base'
import {
  type ChatKey,
  type ConnectionRecord,
  type ContactRecord,
  type MessageRecord,
  type WriteTx,
  findMessageByAgentId,
  getConnection,
  getConnectionOfContact,
  getContact,
  getMessage,
  insertMessage,
  listHeldMessages,
  listUnsentMessages,
  saveMessage,
} from '#core/store'
import { waitsForVerification } from './code-watch.ts'
import { MAX_MESSAGE_BODY } from './constants.ts'
import { type ChatContext, newId } from './context.ts'
import { ChatError } from './errors.ts'
import {
  type ContentRecord,
  encodeMessageUpdate,
  encodeNewMessage,
  newMessageId,
  textContent,
} from './events.ts'

/** `sharedId`: of a message that the peer has already, in some text. */
export function sendText(
  ctx: ChatContext,
  tx: WriteTx,
  key: ChatKey,
  text: string,
  sharedId: Uint8Array = newMessageId(ctx.random),
): MessageRecord {
  const { contact, connection } = writableChat(tx, key)
  const { content } = checkText(text, sharedId)
  const going = handOver(ctx, tx, connection, outgoing(connection, content, sharedId))
  const message = insertMessage(tx, {
    messageId: newId(ctx.random),
    contactId: contact?.contactId ?? null,
    connectionId: contact ? null : connection.connectionId,
    direction: 'out',
    ...{ type: content.type, text: content.text, content: content.json },
    sharedId,
    ...going,
    status: 'sending',
    error: null,
    createdAt: ctx.clock.now(),
    sentAt: null,
    deliveredAt: null,
  })
  messageChanged(ctx, tx, message)
  return message
}

/** A welcome that the link has shown is not sent again, only how it is now. chat.md 4.3 */
function outgoing(connection: ConnectionRecord, content: ContentRecord, sharedId: Uint8Array): Uint8Array {
  const isShown = connection.welcomeId !== null && equalBytes(connection.welcomeId, sharedId)
  return isShown ? encodeMessageUpdate(content, sharedId) : encodeNewMessage(content, sharedId)
}

/** The message as it will travel; throws 'chat.too-large' where it does not fit one. */
export function checkText(text: string, sharedId: Uint8Array): { content: ContentRecord; body: Uint8Array } {
  const content = textContent(text)
  const body = encodeNewMessage(content, sharedId)
  if (body.length <= MAX_MESSAGE_BODY) return { content, body }
  const facts = { field: 'text', size: body.length, limit: MAX_MESSAGE_BODY }
  throw new ChatError('chat.too-large', 'does not fit one message', facts)
}

export function retryMessage(ctx: ChatContext, tx: WriteTx, messageId: string): MessageRecord {
  const message = getMessage(tx, messageId)
  if (!message) throw new ChatError('chat.not-found', 'no such message')
  if (message.status !== 'failed') throw new ChatError('chat.not-failed', 'this message has not failed')
  const { connection } = writableChat(tx, chatOf(message))
  const content = { type: message.type, text: message.text, json: message.content }
  const going = handOver(ctx, tx, connection, outgoing(connection, content, message.sharedId))
  const again: MessageRecord = { ...message, ...going, status: 'sending', error: null }
  saveMessage(tx, again)
  messageChanged(ctx, tx, again)
  return again
}

/** What waited for the connection goes out now, in the order of writing. */
export function sendHeld(ctx: ChatContext, tx: WriteTx, connection: ConnectionRecord): void {
  for (const held of listHeldMessages(tx, chatKey(connection))) {
    const content = { type: held.type, text: held.text, json: held.content }
    const going = handOver(ctx, tx, connection, outgoing(connection, content, held.sharedId))
    if (going.agentMsgId === null && going.waits === held.waits) continue
    const sending: MessageRecord = { ...held, ...going }
    saveMessage(tx, sending)
    messageChanged(ctx, tx, sending)
  }
}

export function markSent(ctx: ChatContext, tx: WriteTx, connection: ConnectionRecord, msgId: number): void {
  const message = findMessageByAgentId(tx, chatKey(connection), msgId)
  if (!message || message.status !== 'sending') return
  const sent: MessageRecord = { ...message, status: 'sent', waits: null, sentAt: ctx.clock.now() }
  saveMessage(tx, sent)
  messageChanged(ctx, tx, sent)
}

/** Never goes back from delivered (chat.md 3.8). */
export function markDelivered(
  ctx: ChatContext,
  tx: WriteTx,
  connection: ConnectionRecord,
  msgId: number,
): void {
  const message = findMessageByAgentId(tx, chatKey(connection), msgId)
  if (!message || message.status === 'delivered') return
  const now = ctx.clock.now()
  const delivered: MessageRecord = {
    ...message,
    status: 'delivered',
    error: null,
    waits: null,
    sentAt: message.sentAt ?? now,
    deliveredAt: now,
  }
  saveMessage(tx, delivered)
  messageChanged(ctx, tx, delivered)
}

export function markFailed(
  ctx: ChatContext,
  tx: WriteTx,
  connection: ConnectionRecord,
  msgId: number,
  code: string,
): void {
  const message = findMessageByAgentId(tx, chatKey(connection), msgId)
  if (message?.status === 'sending') fail(ctx, tx, message, code)
}

/** Everything of this chat that no relay has yet; `onlyHeld`: but for what the agent has taken. */
export function failUnsent(
  ctx: ChatContext,
  tx: WriteTx,
  connection: ConnectionRecord,
  code: string,
  { onlyHeld = false } = {},
): void {
  for (const message of listUnsentMessages(tx, chatKey(connection))) {
    if (!onlyHeld || message.agentMsgId === null) fail(ctx, tx, message, code)
  }
}

/** What is with the agent waits for the relay, or for the peer to take what fills its queue. */
export function setWaits(
  ctx: ChatContext,
  tx: WriteTx,
  connection: ConnectionRecord,
  waits: 'relay' | 'peer',
): void {
  for (const message of listUnsentMessages(tx, chatKey(connection))) {
    if (message.agentMsgId === null || message.waits === waits) continue
    const changed: MessageRecord = { ...message, waits }
    saveMessage(tx, changed)
    messageChanged(ctx, tx, changed)
  }
}

export function chatKey(connection: ConnectionRecord): ChatKey {
  return connection.contactId === null
    ? { connectionId: connection.connectionId }
    : { contactId: connection.contactId }
}

function chatOf(message: MessageRecord): ChatKey {
  return message.contactId === null
    ? { connectionId: message.connectionId! }
    : { contactId: message.contactId }
}

/** Who is written to, or why nobody can be. A link made here has nobody yet; one used here has. */
function writableChat(
  tx: WriteTx,
  key: ChatKey,
): { contact: ContactRecord | null; connection: ConnectionRecord } {
  const direct = 'connectionId' in key ? getConnection(tx, key.connectionId) : null
  const contactId = 'contactId' in key ? key.contactId : (direct?.contactId ?? null)
  const contact = contactId === null ? null : getContact(tx, contactId)
  const connection = direct ?? (contact && getConnectionOfContact(tx, contact.contactId))
  if (contact?.status === 'deleted-by-peer') {
    throw new ChatError('chat.contact-gone', 'the contact has deleted this connection')
  }
  if (contact?.status === 'deleted') throw new ChatError('chat.ended-here', 'this contact was deleted here')
  if (!connection) throw new ChatError('chat.not-found', 'no such chat')
  if (connection.phase === 'failed' || connection.phase === 'refused') {
    throw new ChatError('chat.failed', 'this connection has failed')
  }
  if (connection.phase === 'requested' || (connection.phase === 'queued' && connection.kind === 'address')) {
    throw new ChatError('chat.not-accepted', 'the request is not accepted yet')
  }
  if (!contact && connection.role === 'creator') throw new ChatError('chat.not-ready', 'nobody is there yet')
  return { contact, connection }
}

/** The agent's number, or `null` where the connection cannot send yet or must not; and what is waited for. */
function handOver(
  ctx: ChatContext,
  tx: WriteTx,
  connection: ConnectionRecord,
  body: Uint8Array,
): Pick<MessageRecord, 'agentMsgId' | 'waits'> {
  if (waitsForVerification(ctx, tx, connection)) return { agentMsgId: null, waits: 'verification' }
  if (!ctx.agent.canSend(tx, connection.connId)) {
    return { agentMsgId: null, waits: connection.phase === 'awaiting-peer' ? 'peer' : 'relay' }
  }
  try {
    const { msgId } = ctx.agent.send(tx, connection.connId, body, { notification: true })
    return { agentMsgId: msgId, waits: 'relay' }
  } catch (error) {
    if (!isAppError(error, 'agent.too-large')) throw error
    const limit = error.facts['limit']
    throw new ChatError('chat.too-large', 'does not fit one message', {
      field: 'text',
      size: body.length,
      limit: typeof limit === 'number' ? limit : MAX_MESSAGE_BODY,
    })
  }
}

function fail(ctx: ChatContext, tx: WriteTx, message: MessageRecord, code: string): void {
  const failed: MessageRecord = { ...message, status: 'failed', error: code, waits: null }
  saveMessage(tx, failed)
  messageChanged(ctx, tx, failed)
}

function messageChanged(ctx: ChatContext, tx: WriteTx, message: MessageRecord): void {
  ctx.changes.record(tx, { type: 'message.updated', messageId: message.messageId })
  if (message.contactId !== null) {
    ctx.changes.record(tx, { type: 'contact.updated', contactId: message.contactId })
  }
}
