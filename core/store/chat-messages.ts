import { type Sql, sql } from './sql.ts'
import type { ReadDb, WriteTx } from './store.ts'

export type MessageStatusColumn = 'sending' | 'sent' | 'delivered' | 'failed' | 'received'

/** Where a message belongs: a contact, or a joined link that has none yet. */
export type ChatKey = { contactId: string } | { connectionId: string }

export interface MessageRecord {
  /** Order of arrival and of writing; what pages are cut by. */
  seq: number
  messageId: string
  contactId: string | null
  connectionId: string | null
  direction: 'in' | 'out'
  type: string
  text: string
  /** The whole content as JSON, so that a type that cannot be shown yet is not lost. */
  content: string
  /** Id that both sides share. */
  sharedId: Uint8Array
  /** The agent's number of an outgoing message; null while it is held. */
  agentMsgId: number | null
  status: MessageStatusColumn
  error: string | null
  waits: 'relay' | 'peer' | 'verification' | null
  createdAt: number
  sentAt: number | null
  deliveredAt: number | null
}

export interface MessageRow {
  seq: number
  message_id: string
  contact_id: string | null
  connection_id: string | null
  direction: 'in' | 'out'
  type: string
  text: string
  content: string
  shared_id: Uint8Array
  agent_msg_id: number | null
  status: MessageStatusColumn
  error: string | null
  waits: 'relay' | 'peer' | 'verification' | null
  created_at: number
  sent_at: number | null
  delivered_at: number | null
}

const inserted = sql`message_id, contact_id, connection_id, direction, type, text, content, shared_id, agent_msg_id,
  status, error, waits, created_at, sent_at, delivered_at`
export const messageColumns = sql`seq, ${inserted}`

/** Said twice, so that SQLite sees that the partial index of the few unfinished ones covers it. */
const sending = sql`status IN ('sending', 'failed') AND status = 'sending'`

export function toMessage(row: MessageRow): MessageRecord {
  return {
    seq: row.seq,
    messageId: row.message_id,
    contactId: row.contact_id,
    connectionId: row.connection_id,
    direction: row.direction,
    type: row.type,
    text: row.text,
    content: row.content,
    sharedId: row.shared_id,
    agentMsgId: row.agent_msg_id,
    status: row.status,
    error: row.error,
    waits: row.waits,
    createdAt: row.created_at,
    sentAt: row.sent_at,
    deliveredAt: row.delivered_at,
  }
}

function inChat(key: ChatKey): Sql {
  return 'contactId' in key ? sql`contact_id = ${key.contactId}` : sql`connection_id = ${key.connectionId}`
}

export function getMessage(db: ReadDb, messageId: string): MessageRecord | null {
  const row = db.get<MessageRow>(
    sql`SELECT ${messageColumns} FROM chat_message WHERE message_id = ${messageId}`,
  )
  return row ? toMessage(row) : null
}

export function findMessageByAgentId(db: ReadDb, key: ChatKey, agentMsgId: number): MessageRecord | null {
  const row = db.get<MessageRow>(
    sql`SELECT ${messageColumns} FROM chat_message WHERE agent_msg_id = ${agentMsgId} AND ${inChat(key)}`,
  )
  return row ? toMessage(row) : null
}

export function findMessageBySharedId(db: ReadDb, key: ChatKey, sharedId: Uint8Array): MessageRecord | null {
  const row = db.get<MessageRow>(
    sql`SELECT ${messageColumns} FROM chat_message WHERE ${inChat(key)} AND shared_id = ${sharedId} ORDER BY seq LIMIT 1`,
  )
  return row ? toMessage(row) : null
}

/** Newest first, those before `beforeSeq`. */
export function listMessages(db: ReadDb, key: ChatKey, beforeSeq: number, limit: number): MessageRecord[] {
  return db
    .all<MessageRow>(
      sql`SELECT ${messageColumns} FROM chat_message WHERE ${inChat(key)} AND seq < ${beforeSeq}
        ORDER BY seq DESC LIMIT ${limit}`,
    )
    .map(toMessage)
}

/** Written here and not handed to the agent yet, in the order of writing. */
export function listHeldMessages(db: ReadDb, key: ChatKey): MessageRecord[] {
  return db
    .all<MessageRow>(
      sql`SELECT ${messageColumns} FROM chat_message
        WHERE ${inChat(key)} AND ${sending} AND agent_msg_id IS NULL ORDER BY seq`,
    )
    .map(toMessage)
}

/** Outgoing ones that no relay has yet, of one chat. */
export function listUnsentMessages(db: ReadDb, key: ChatKey): MessageRecord[] {
  return db
    .all<MessageRow>(
      sql`SELECT ${messageColumns} FROM chat_message WHERE ${inChat(key)} AND ${sending} ORDER BY seq`,
    )
    .map(toMessage)
}

export function insertMessage(tx: WriteTx, message: Omit<MessageRecord, 'seq'>): MessageRecord {
  const { lastId } = tx.run(sql`
    INSERT INTO chat_message (${inserted})
    VALUES (${message.messageId}, ${message.contactId}, ${message.connectionId}, ${message.direction},
      ${message.type}, ${message.text}, ${message.content}, ${message.sharedId}, ${message.agentMsgId},
      ${message.status}, ${message.error}, ${message.waits}, ${message.createdAt}, ${message.sentAt},
      ${message.deliveredAt})`)
  return { ...message, seq: lastId }
}

/** Writes back what changes in the life of a message. */
export function saveMessage(tx: WriteTx, message: MessageRecord): void {
  tx.run(sql`
    UPDATE chat_message SET agent_msg_id = ${message.agentMsgId}, status = ${message.status}, error = ${message.error},
      waits = ${message.waits}, sent_at = ${message.sentAt}, delivered_at = ${message.deliveredAt}
    WHERE seq = ${message.seq}`)
}

export function saveMessageText(
  tx: WriteTx,
  messageId: string,
  { text, content }: Pick<MessageRecord, 'text' | 'content'>,
): void {
  tx.run(sql`UPDATE chat_message SET text = ${text}, content = ${content} WHERE message_id = ${messageId}`)
}

/** The peer has what went with a request, once it has answered. */
export function markRequestDelivered(tx: WriteTx, key: ChatKey, now: number): string[] {
  return tx
    .all<{ message_id: string }>(
      sql`UPDATE chat_message SET status = 'delivered', delivered_at = ${now}
        WHERE ${inChat(key)} AND direction = 'out' AND status = 'sent' AND agent_msg_id IS NULL
        RETURNING message_id`,
    )
    .map((row) => row.message_id)
}

/** What was written to a joined link belongs to the contact from now on. Returns the ids, oldest first. */
export function moveMessages(tx: WriteTx, connectionId: string, contactId: string): string[] {
  const ids = tx
    .all<{ message_id: string }>(
      sql`SELECT message_id FROM chat_message WHERE connection_id = ${connectionId} ORDER BY seq`,
    )
    .map((row) => row.message_id)
  tx.run(sql`
    UPDATE chat_message SET contact_id = ${contactId}, connection_id = NULL WHERE connection_id = ${connectionId}`)
  return ids
}

/** Outgoing and not at any relay, failed ones included. */
export function countUndelivered(db: ReadDb, contactId: string): number {
  return db.get<{ n: number }>(
    sql`SELECT count(*) AS n FROM chat_message
      WHERE contact_id = ${contactId} AND status IN ('sending', 'failed')`,
  )!.n
}

/** Outgoing ones that wait for a relay, of all chats. */
export function countWaitingForRelay(db: ReadDb): number {
  return db.get<{ n: number }>(
    sql`SELECT count(*) AS n FROM chat_message
      WHERE ${sending} AND waits = 'relay'`,
  )!.n
}

/** Everything of one chat. */
export function deleteMessages(tx: WriteTx, contactId: string): void {
  tx.run(sql`DELETE FROM chat_message WHERE contact_id = ${contactId}`)
}
