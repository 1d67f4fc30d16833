import { utf8 } from '#core/base'
import type { Random } from '#core/base'
import { MESSAGE_ID_BYTES } from './constants.ts'
import { toBase64Url } from '#core/encoding'
import { type ChatMessage, asBytes, asRecord, asText, encodeChatMessage } from './envelope.ts'
import { type ProfileRecord, profileFromJson, profileToJson } from './profile-record.ts'

/** Content of a message. `json` is the whole of it, so that what we cannot show yet is not lost (chat.md 1.6). */
export interface ContentRecord {
  type: string
  text: string
  json: string
}

/** What somebody who asks at an address says (chat.md 2.1). */
export interface ContactRequest {
  profile: ProfileRecord
  /** The same in every repetition; null: of an old version. */
  contactReqId: Uint8Array | null
  /** Under which the asker keeps the welcome that the link has shown; null: it has seen none. */
  welcomeMsgId: Uint8Array | null
  message: { msgId: Uint8Array; content: ContentRecord } | null
}

/** What a direct chat does with a message, after parsing. */
export type ChatEvent =
  | { type: 'x.info'; profile: ProfileRecord }
  | ({ type: 'x.contact' } & ContactRequest)
  | { type: 'x.msg.new'; content: ContentRecord }
  | { type: 'x.msg.update'; msgId: Uint8Array; content: ContentRecord }
  | { type: 'x.direct.del' }
  /** Tolerated, never answered (chat.md 2.6). */
  | { type: 'probe' }
  /** Begins with `x` and is nothing that this client acts on: acknowledged, not shown (chat.md 1.6). */
  | { type: 'unknown' }

/** Types whose `text` is required (chat.md 3.2); of any other type the text is optional. */
const WITH_TEXT = new Set(['text', 'link', 'image', 'video', 'voice', 'file', 'report', 'chat'])

/** Throws `DecodeError` where a known event lacks a key or has one of the wrong type. */
export function interpret(message: ChatMessage): ChatEvent {
  switch (message.event) {
    case 'x.info':
      return { type: 'x.info', profile: profileFromJson(message.params['profile']) }
    case 'x.contact':
      return { type: 'x.contact', ...contactRequestFromJson(message.params) }
    case 'x.msg.new':
      return { type: 'x.msg.new', content: contentFromJson(message.params['content']) }
    case 'x.msg.update':
      return {
        type: 'x.msg.update',
        msgId: asBytes(message.params['msgId'], 'msgId'),
        content: contentFromJson(message.params['content']),
      }
    case 'x.direct.del':
      return { type: 'x.direct.del' }
    case 'x.info.probe':
    case 'x.info.probe.check':
    case 'x.info.probe.ok':
      return { type: 'probe' }
    default:
      return { type: 'unknown' }
  }
}

/** Whether the sender of this message expects a delivery receipt (chat.md 3.8). */
export function wantsReceipt(message: ChatMessage): boolean {
  return ['x.msg.new', 'x.grp.inv', 'x.call.inv'].includes(message.event)
}

/** `msgId` and `content` come together; one without the other is ignored (chat.md 2.1). */
function contactRequestFromJson(params: Readonly<Record<string, unknown>>): ContactRequest {
  const reqId = params['contactReqId'] ?? null
  const welcomeId = params['welcomeMsgId'] ?? null
  const msgId = params['msgId'] ?? null
  const content = params['content'] ?? null
  return {
    profile: profileFromJson(params['profile']),
    contactReqId: reqId === null ? null : asBytes(reqId, 'contactReqId'),
    welcomeMsgId: welcomeId === null ? null : asBytes(welcomeId, 'welcomeMsgId'),
    message:
      msgId === null || content === null
        ? null
        : { msgId: asBytes(msgId, 'msgId'), content: contentFromJson(content) },
  }
}

export function contentFromJson(value: unknown): ContentRecord {
  const object = asRecord(value, 'content')
  const type = asText(object['type'], 'content.type')
  const text = object['text'] ?? (WITH_TEXT.has(type) ? undefined : '')
  return { type, text: asText(text, 'content.text'), json: JSON.stringify(object) }
}

export function textContent(text: string): ContentRecord {
  return { type: 'text', text, json: JSON.stringify({ type: 'text', text }) }
}

/** The text form of 12 random bytes, in bytes again: what official apps send (chat.md 1.1), so that ours do not stand out. */
export function newMessageId(random: Random): Uint8Array {
  return utf8(Buffer.from(random.bytes(MESSAGE_ID_BYTES)).toString('base64'))
}

/** Connection info and profile update alike; connection info carries no message id (chat.md 1.1). */
export function encodeInfo(profile: ProfileRecord, msgId?: Uint8Array): Uint8Array {
  return encodeChatMessage({
    event: 'x.info',
    params: { profile: profileToJson(profile) },
    ...(msgId && { msgId }),
  })
}

/** Connection info to an address. The inner `msgId` is the message's own and stays the same in repetitions. */
export function encodeContactRequest(request: ContactRequest): Uint8Array {
  const { profile, contactReqId, welcomeMsgId, message } = request
  return encodeChatMessage({
    event: 'x.contact',
    params: {
      profile: profileToJson(profile),
      ...(contactReqId && { contactReqId: toBase64Url(contactReqId) }),
      ...(welcomeMsgId && { welcomeMsgId: toBase64Url(welcomeMsgId) }),
      ...(message && {
        msgId: toBase64Url(message.msgId),
        content: JSON.parse(message.content.json) as unknown,
      }),
    },
  })
}

export function encodeNewMessage(content: ContentRecord, msgId: Uint8Array): Uint8Array {
  return encodeChatMessage({
    event: 'x.msg.new',
    params: { content: JSON.parse(content.json) as unknown },
    msgId,
  })
}

/** Another text of a message that the peer has. chat.md 3.4 */
export function encodeMessageUpdate(content: ContentRecord, msgId: Uint8Array): Uint8Array {
  return encodeChatMessage({
    event: 'x.msg.update',
    params: { msgId: toBase64Url(msgId), content: JSON.parse(content.json) as unknown },
  })
}

export function encodeDirectDelete(msgId: Uint8Array): Uint8Array {
  return encodeChatMessage({ event: 'x.direct.del', params: {}, msgId })
}
