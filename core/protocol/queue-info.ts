/** The JSON of INFO, a debugging aid. smp.md 5.3; its message ids are standard base64, not base64url. */
import { fromUtf8, utf8 } from '#core/base'
import { type Codec, DecodeError, fromBase64Url, toBase64Url } from '#core/encoding'

export interface QueueInfo {
  readonly secured: boolean
  readonly notifier: boolean
  readonly subscription: {
    readonly kind: 'noSub' | 'subPending' | 'subThread' | 'prohibitSub'
    readonly delivered: Uint8Array | null
  } | null
  readonly size: number
  /** The first waiting message. `sentAt` is ISO 8601. */
  readonly message: {
    readonly msgId: Uint8Array
    readonly sentAt: string
    readonly type: 'message' | 'quota'
  } | null
}

const kinds = ['noSub', 'subPending', 'subThread', 'prohibitSub'] as const

export const queueInfo: Codec<QueueInfo> = {
  write: (writer, info) => writer.bytes(utf8(JSON.stringify(toJson(info)))),
  read(reader) {
    const at = reader.offset
    try {
      return fromJson(JSON.parse(fromUtf8(reader.rest())))
    } catch (cause) {
      throw new DecodeError('not the JSON of a queue', at, '', { cause })
    }
  },
}

function toJson(info: QueueInfo): object {
  const { subscription, message } = info
  return {
    qiSnd: info.secured,
    qiNtf: info.notifier,
    ...(subscription && {
      qiSub: {
        qSubThread: subscription.kind,
        ...(subscription.delivered && { qDelivered: toBase64(subscription.delivered) }),
      },
    }),
    qiSize: info.size,
    ...(message && {
      qiMsg: { msgId: toBase64(message.msgId), msgTs: message.sentAt, msgType: message.type },
    }),
  }
}

function fromJson(value: unknown): QueueInfo {
  const json = record(value)
  const { qiSnd, qiNtf, qiSize } = json
  if (typeof qiSnd !== 'boolean' || typeof qiNtf !== 'boolean' || typeof qiSize !== 'number')
    throw new TypeError('missing fields')
  return {
    secured: qiSnd,
    notifier: qiNtf,
    subscription: json['qiSub'] === undefined ? null : subscriptionFrom(record(json['qiSub'])),
    size: qiSize,
    message: json['qiMsg'] === undefined ? null : messageFrom(record(json['qiMsg'])),
  }
}

function subscriptionFrom(json: Record<string, unknown>): QueueInfo['subscription'] {
  const kind = kinds.find((candidate) => candidate === json['qSubThread'])
  if (!kind) throw new TypeError('no kind of subscription')
  return { kind, delivered: json['qDelivered'] === undefined ? null : fromBase64(json['qDelivered']) }
}

function messageFrom(json: Record<string, unknown>): QueueInfo['message'] {
  const { msgTs, msgType } = json
  if (typeof msgTs !== 'string') throw new TypeError('no time')
  return {
    msgId: fromBase64(json['msgId']),
    sentAt: msgTs,
    type: msgType === 'quota' ? 'quota' : 'message',
  }
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError('not an object')
  return value as Record<string, unknown>
}

function toBase64(bytes: Uint8Array): string {
  return toBase64Url(bytes).replaceAll('-', '+').replaceAll('_', '/')
}

function fromBase64(value: unknown): Uint8Array {
  if (typeof value !== 'string') throw new TypeError('not base64')
  return fromBase64Url(value.replaceAll('+', '-').replaceAll('/', '_'))
}
