import { box, openBox, rawKey, spkiKey, type PublicKey } from '#core/crypto'
import { decode, encode, fixedBytes, maybe, pad, struct, tail, u16, unpad, type Codec } from '#core/encoding'
import { PADDED_CONFIRMATION, PADDED_MESSAGE } from './constants.ts'

/**
 * The layer between the two ends of one queue, which the relay cannot open. agent.md 1
 *
 *   SEND body     = w16 version, opt(sender's X25519 key), nonce24, box(secret, nonce, padded ClientMessage)
 *   ClientMessage = '_' or 'K' key, then the agent's envelope
 */
export interface ClientEnvelope {
  /** SMP client version. */
  readonly version: number
  /** Raw X25519 of the sender; only in confirmations and contact requests. */
  readonly dhKey: Uint8Array | null
  readonly nonce: Uint8Array
  readonly sealed: Uint8Array
}

export interface ClientMessage {
  /** With it the recipient secures a queue that the sender cannot secure. Of any kind that authorizes commands. */
  readonly senderKey: PublicKey | null
  /** An agent envelope. */
  readonly body: Uint8Array
}

const publicHeader = struct({ version: u16, dhKey: maybe(rawKey('x25519')) })

/** `PubHeader`; exported for the vectors. */
export const publicHeaderCodec: Codec<Pick<ClientEnvelope, 'version' | 'dhKey'>> = publicHeader

export const clientEnvelopeCodec: Codec<ClientEnvelope> = {
  write(writer, envelope) {
    publicHeader.write(writer, envelope)
    nonce24.write(writer, envelope.nonce)
    tail.write(writer, envelope.sealed)
  },
  read: (reader) => ({
    ...publicHeader.read(reader),
    nonce: nonce24.read(reader),
    sealed: tail.read(reader),
  }),
}
const nonce24 = fixedBytes(24)

const senderKey = spkiKey('ed25519', 'ed448', 'x25519')
const EMPTY_HEADER = 0x5f // '_'
const KEY_HEADER = 0x4b // 'K'

/** `PrivHeader` */
export const privateHeaderCodec: Codec<PublicKey | null> = {
  write(writer, key) {
    writer.byte(key ? KEY_HEADER : EMPTY_HEADER)
    if (key) senderKey.write(writer, key)
  },
  read(reader) {
    const tag = reader.byte()
    if (tag === EMPTY_HEADER) return null
    return tag === KEY_HEADER ? senderKey.read(reader) : reader.fail('neither _ nor K')
  },
}

export const clientMessageCodec: Codec<ClientMessage> = {
  write(writer, { senderKey: key, body }) {
    privateHeaderCodec.write(writer, key)
    tail.write(writer, body)
  },
  read: (reader) => ({ senderKey: privateHeaderCodec.read(reader), body: tail.read(reader) }),
}

/** The body of a SEND. `nonce`: 24 fresh bytes for every attempt, also of the same message. Throws `EncodeError` when too long. */
export function sealClientMessage(
  secret: Uint8Array,
  header: { version: number; dhKey: Uint8Array | null; nonce: Uint8Array },
  message: ClientMessage,
): Uint8Array {
  const padded = pad(encode(clientMessageCodec, message), header.dhKey ? PADDED_CONFIRMATION : PADDED_MESSAGE)
  return encode(clientEnvelopeCodec, { ...header, sealed: box(secret, header.nonce, padded) })
}

/** Throws `CryptoError` 'crypto.box', or `DecodeError` for what is inside. */
export function openClientMessage(
  secret: Uint8Array,
  envelope: Pick<ClientEnvelope, 'nonce' | 'sealed'>,
): ClientMessage {
  return decode(clientMessageCodec, unpad(openBox(secret, envelope.nonce, envelope.sealed)))
}
