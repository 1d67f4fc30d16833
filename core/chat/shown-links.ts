/** Who a link shows is there as a contact before it answers, with its welcome. chat.md 4.3, 5.3 */
import { utf8 } from '#core/base'
import { sha256 } from '#core/crypto'
import { type ConnectionRecord, type WriteTx, insertMessage } from '#core/store'
import { becomeContact } from './connecting.ts'
import { MESSAGE_ID_BYTES } from './constants.ts'
import { type ChatContext, newId } from './context.ts'
import { newMessageId, textContent } from './events.ts'
import type { LinkPreview } from './link-data.ts'

/** Under which the welcome of an address is kept; the same in every repetition of the request. */
export function welcomeIdOf(seed: Uint8Array): Uint8Array {
  const digest = sha256(new Uint8Array([...utf8('duplex welcome'), ...seed]))
  return utf8(Buffer.from(digest.subarray(0, MESSAGE_ID_BYTES)).toString('base64'))
}

/** Where the link names somebody: that is a contact from now on. What it says of itself comes with its answer. */
export function meetShown(
  ctx: ChatContext,
  tx: WriteTx,
  connection: ConnectionRecord,
  shown: LinkPreview | null,
): ConnectionRecord {
  if (!shown?.profile) return connection
  const met = becomeContact(ctx, tx, connection, shown.profile, {
    versions: null,
    phase: connection.phase,
    sentProfile: connection.sentProfile,
  }).connection
  if (shown.message === null || met.contactId === null) return met
  const content = textContent(shown.message)
  const { messageId } = insertMessage(tx, {
    messageId: newId(ctx.random),
    contactId: met.contactId,
    connectionId: null,
    direction: 'in',
    ...{ type: content.type, text: content.text, content: content.json },
    sharedId: met.welcomeId ?? newMessageId(ctx.random),
    agentMsgId: null,
    status: 'received',
    error: null,
    waits: null,
    createdAt: ctx.clock.now(),
    sentAt: null,
    deliveredAt: null,
  })
  ctx.changes.record(tx, { type: 'message.updated', messageId })
  return met
}
