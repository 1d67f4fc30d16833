/**
 * From the relay to the recipient: a box under the queue's secret with the message id as nonce, always of one size.
 * smp.md 7
 *
 *   message:  i64 seconds, T or F, ' ', body as it was sent
 *   marker:   "QUOTA ", i64 seconds
 */
import { type Millis, concatBytes, equalBytes, utf8 } from '#core/base'
import { BOX_TAG, box, boxInPlace, nonceFrom, openBox } from '#core/crypto'
import {
  type Codec,
  Reader,
  bool,
  bytes8,
  decode,
  encode,
  encodePadded,
  i64,
  pad,
  unpad,
} from '#core/encoding'
import { NOTIFICATION_PLAINTEXT, RECIPIENT_PLAINTEXT } from './constants.ts'

export type RecipientMessage =
  | {
      readonly type: 'message'
      /** When the relay got it, in whole seconds. */
      readonly brokerTs: Millis
      readonly notify: boolean
      readonly body: Uint8Array
    }
  /** The queue was full. It must be acknowledged like a message, or the sender stays blocked. smp.md 5.5 */
  | { readonly type: 'quota'; readonly brokerTs: Millis }

const QUOTA = utf8('QUOTA ')
const SPACE = 0x20

const seconds: Codec<Millis> = {
  write: (writer, time) => i64.write(writer, BigInt(Math.floor(time / 1000))),
  read(reader) {
    const time = Number(i64.read(reader)) * 1000
    return Number.isSafeInteger(time) ? time : reader.fail('a time out of range')
  },
}

const recipientMessage: Codec<RecipientMessage> = {
  write(writer, message) {
    if (message.type === 'quota') {
      writer.bytes(QUOTA)
      return seconds.write(writer, message.brokerTs)
    }
    seconds.write(writer, message.brokerTs)
    bool.write(writer, message.notify)
    writer.byte(SPACE)
    return writer.bytes(message.body)
  },
  read(reader) {
    const all = reader.rest()
    return startsWith(all, QUOTA) ? readQuota(all) : readMessage(all)
  },
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return equalBytes(bytes.subarray(0, prefix.length), prefix)
}

function readQuota(all: Uint8Array): RecipientMessage {
  return { type: 'quota', brokerTs: decode(seconds, all.subarray(QUOTA.length)) }
}

function readMessage(all: Uint8Array): RecipientMessage {
  return decode(
    {
      write: () => {},
      read(reader: Reader): RecipientMessage {
        const brokerTs = seconds.read(reader)
        const notify = bool.read(reader)
        while (reader.byte() !== SPACE);
        return { type: 'message', brokerTs, notify, body: reader.rest() }
      },
    },
    all,
  )
}

export function encodeRecipientMessage(message: RecipientMessage): Uint8Array {
  return encode(recipientMessage, message)
}

/** Throws `DecodeError`. */
export function decodeRecipientMessage(plaintext: Uint8Array): RecipientMessage {
  return decode(recipientMessage, plaintext)
}

/** Bytes of every body of MSG. */
export const SEALED_BODY = BOX_TAG + RECIPIENT_PLAINTEXT

/**
 * The body of MSG. `secret`: raw X25519 of the queue's keys. The same inputs give the same bytes at every redelivery.
 * `sealed`: where it goes, `SEALED_BODY` bytes.
 */
export function sealMessageBody(
  secret: Uint8Array,
  msgId: Uint8Array,
  message: RecipientMessage,
  sealed: Uint8Array = new Uint8Array(SEALED_BODY),
): Uint8Array {
  encodePadded(recipientMessage, message, sealed.subarray(BOX_TAG))
  boxInPlace(secret, nonceFrom(msgId), sealed)
  return sealed
}

/** Throws `CryptoError` when the box does not open and `DecodeError` when its content is not a message. */
export function openMessageBody(secret: Uint8Array, msgId: Uint8Array, body: Uint8Array): RecipientMessage {
  return decodeRecipientMessage(unpad(openBox(secret, nonceFrom(msgId), body)))
}

/* ---- NMSG */

export interface NotificationMeta {
  readonly msgId: Uint8Array
  readonly brokerTs: Millis
}

export function sealNotificationMeta(
  secret: Uint8Array,
  nonce: Uint8Array,
  meta: NotificationMeta,
): Uint8Array {
  const plain = concatBytes(encode(bytes8, meta.msgId), encode(seconds, meta.brokerTs))
  return box(secret, nonce, pad(plain, NOTIFICATION_PLAINTEXT))
}

/** Plaintext after the known fields is ignored. smp.md 5.3 */
export function openNotificationMeta(
  secret: Uint8Array,
  nonce: Uint8Array,
  meta: Uint8Array,
): NotificationMeta {
  const reader = new Reader(unpad(openBox(secret, nonce, meta)))
  return { msgId: bytes8.read(reader), brokerTs: seconds.read(reader) }
}
