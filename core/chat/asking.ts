/** The asker's side of chat.md 4: a request to somebody's address, and asking again. */
import { sha256 } from '#core/crypto'
import { utf8 } from '#core/base'
import type { RequestEnvelope } from '#core/agent'
import {
  type ConnectionRecord,
  type WriteTx,
  getConnection,
  insertMessage,
  listMessages,
  saveMessageText,
} from '#core/store'
import { addConnection, changeConnection, type MadeConnection, requireQueued } from './connecting.ts'
import { MESSAGE_ID_BYTES } from './constants.ts'
import { type ChatContext, newId } from './context.ts'
import { encodeContactRequest, textContent } from './events.ts'
import type { LinkPreview } from './link-data.ts'
import { chatKey } from './messaging.ts'
import { shownRevision } from './own-profile.ts'
import type { ProfileRecord } from './profile-record.ts'
import { meetShown, welcomeIdOf } from './shown-links.ts'

/** A message for the owner of an address, under an id that is the same in every repetition of the request. */
function messageIdOf(seed: Uint8Array): Uint8Array {
  const digest = sha256(new Uint8Array([...utf8('duplex request message'), ...seed]))
  return utf8(Buffer.from(digest.subarray(0, MESSAGE_ID_BYTES)).toString('base64'))
}

/**
 * What the owner reads before deciding. A picture that does not fit beside the keys stays out: the whole profile follows
 * when the request is accepted.
 */
export function requestInfo(
  profile: ProfileRecord,
  text: string | null,
  { seed, room }: RequestEnvelope,
  /** The link has shown a welcome. */
  welcomed = false,
): Uint8Array {
  const welcomeMsgId = welcomed ? welcomeIdOf(seed) : null
  const message = text === null ? null : { msgId: messageIdOf(seed), content: textContent(text) }
  const request = { profile, contactReqId: seed, welcomeMsgId, message }
  const whole = encodeContactRequest(request)
  if (whole.length <= room || profile.image === null) return whole
  return encodeContactRequest({ ...request, profile: { ...profile, image: null } })
}

/** A welcome that is kept: by somebody whom the link names. */
export function isWelcome(shown: LinkPreview | null): boolean {
  return shown !== null && shown.profile !== null && shown.message !== null
}

/** Runs in the transaction in which the agent stores the request that the relay has taken. */
export function recordRequest(
  ctx: ChatContext,
  tx: WriteTx,
  made: MadeConnection & {
    seed: Uint8Array
    message: string | null
    shown: LinkPreview | null
    connectionId?: string
  },
): ConnectionRecord {
  const { shown, connectionId } = made
  requireQueued(tx, connectionId)
  const pending = addConnection(ctx, tx, made, {
    ...(connectionId !== undefined && { connectionId }),
    welcomeId: isWelcome(shown) ? welcomeIdOf(made.seed) : null,
    kind: 'address',
    role: 'joiner',
    phase: 'requested',
    sentProfile: shownRevision(tx, made),
    contactReqId: made.seed,
    requestedAt: ctx.clock.now(),
  })
  const connection = meetShown(ctx, tx, pending, shown)
  if (made.message !== null) addRequestMessage(ctx, tx, connection, made.message, made.seed)
  return connection
}

/** Asked again: the time, and the message where there is another one. */
export function recordRepeat(
  ctx: ChatContext,
  tx: WriteTx,
  connectionId: string,
  message: string | null,
): void {
  // Answered while it was being asked again: nothing to note.
  const connection = getConnection(tx, connectionId)
  if (connection?.phase !== 'requested') return
  const seed = connection.contactReqId
  const asked = requestMessage(tx, connection)
  if (message !== null && asked && asked.text !== message) {
    const content = textContent(message)
    saveMessageText(tx, asked.messageId, { text: content.text, content: content.json })
    ctx.changes.record(tx, { type: 'message.updated', messageId: asked.messageId })
  } else if (message !== null && !asked && seed) {
    addRequestMessage(ctx, tx, connection, message, seed)
  }
  changeConnection(ctx, tx, connection, { requestedAt: ctx.clock.now() })
}

/** The message that went with the request, as it is kept until there is a contact. */
export function requestMessage(
  tx: Parameters<typeof listMessages>[0],
  connection: ConnectionRecord,
): { messageId: string; text: string } | null {
  const newest = listMessages(tx, chatKey(connection), Number.MAX_SAFE_INTEGER, 2)
  return newest.find(({ direction }) => direction === 'out') ?? null
}

function addRequestMessage(
  ctx: ChatContext,
  tx: WriteTx,
  connection: ConnectionRecord,
  text: string,
  seed: Uint8Array,
): void {
  const now = ctx.clock.now()
  const content = textContent(text)
  const { messageId } = insertMessage(tx, {
    messageId: newId(ctx.random),
    contactId: connection.contactId,
    connectionId: connection.contactId === null ? connection.connectionId : null,
    direction: 'out',
    ...{ type: content.type, text: content.text, content: content.json },
    sharedId: messageIdOf(seed),
    agentMsgId: null,
    status: 'sent',
    error: null,
    waits: null,
    createdAt: now,
    sentAt: now,
    deliveredAt: null,
  })
  ctx.changes.record(tx, { type: 'message.updated', messageId })
}
