import {
  bytes16,
  bytes8,
  decode,
  decodePrefix,
  encode,
  fixedBytes,
  maybe,
  pad,
  tail,
  u16,
  u32,
  unpad,
  type Codec,
  type Reader,
  type Writer,
} from '#core/encoding'
import { rawKey } from '../public-key.ts'
import { IV, KEM_VERSION, PADDED_HEADER, TAG } from './constants.ts'
import { kemOffer, type KemOffer } from './kem.ts'

/**
 * The bytes of a ratchet message. agent.md 3.4
 *
 *   RatchetMessage = L(header) bodyTag16 body...
 *   header         = w16 version, headerIv16, headerTag16, L(encrypted MessageHeader, padded to 88)
 *   L              = two length bytes from version 3 on, one before
 */
export interface RatchetMessage {
  /** Encoded `EncryptedHeader`; the associated data of the body, without its length. */
  readonly header: Uint8Array
  readonly bodyTag: Uint8Array
  readonly body: Uint8Array
}

export interface EncryptedHeader {
  readonly version: number
  readonly iv: Uint8Array
  readonly tag: Uint8Array
  readonly ciphertext: Uint8Array
}

export interface MessageHeader {
  /** The highest version that the sender can do. */
  readonly maxVersion: number
  /** The sender's ratchet key, raw X448. */
  readonly key: Uint8Array
  readonly kem: KemOffer | null
  /** [PN] length of the sender's chain before this one */
  readonly previous: number
  /** [Ns] position in this chain */
  readonly number: number
}

/**
 * A reader tells both forms of a length apart by its first byte: the short form never goes below 0x20, the long form
 * never reaches it. So versions can change in the middle of a conversation. agent.md 3.4
 */
const LONG_BELOW = 0x20

function writeLong(writer: Writer, version: number, value: Uint8Array): void {
  if (version >= KEM_VERSION) bytes16.write(writer, value)
  else bytes8.write(writer, value)
}

function readLong(reader: Reader): Uint8Array {
  return (reader.peek() ?? 0) < LONG_BELOW ? bytes16.read(reader) : bytes8.read(reader)
}

const iv16 = fixedBytes(IV)
const tag16 = fixedBytes(TAG)

export function encodeMessage(version: number, message: RatchetMessage): Uint8Array {
  return encode(
    {
      write(writer, { header, bodyTag, body }) {
        writeLong(writer, version, header)
        tag16.write(writer, bodyTag)
        tail.write(writer, body)
      },
      read: readMessage,
    },
    message,
  )
}

function readMessage(reader: Reader): RatchetMessage {
  return { header: readLong(reader), bodyTag: tag16.read(reader), body: tail.read(reader) }
}

export function decodeMessage(bytes: Uint8Array): RatchetMessage {
  return decode({ write() {}, read: readMessage }, bytes)
}

const encryptedHeader: Codec<EncryptedHeader> = {
  write(writer, { version, iv, tag, ciphertext }) {
    u16.write(writer, version)
    iv16.write(writer, iv)
    tag16.write(writer, tag)
    writeLong(writer, version, ciphertext)
  },
  read: (reader) => ({
    version: u16.read(reader),
    iv: iv16.read(reader),
    tag: tag16.read(reader),
    ciphertext: readLong(reader),
  }),
}

export function encodeEncryptedHeader(header: EncryptedHeader): Uint8Array {
  return encode(encryptedHeader, header)
}

export function decodeEncryptedHeader(bytes: Uint8Array): EncryptedHeader {
  return decode(encryptedHeader, bytes)
}

const x448Key = rawKey('x448')
const optionalKem = maybe(kemOffer)

function messageHeader(version: number): Codec<MessageHeader> {
  const hasKem = version >= KEM_VERSION
  return {
    write(writer, { maxVersion, key, kem, previous, number }) {
      u16.write(writer, maxVersion)
      x448Key.write(writer, key)
      if (hasKem) optionalKem.write(writer, kem)
      u32.write(writer, previous)
      u32.write(writer, number)
    },
    read(reader) {
      const maxVersion = u16.read(reader)
      const key = x448Key.read(reader)
      const kem = hasKem ? optionalKem.read(reader) : null
      return { maxVersion, key, kem, previous: u32.read(reader), number: u32.read(reader) }
    },
  }
}

export function encodeMessageHeader(version: number, header: MessageHeader): Uint8Array {
  return pad(encode(messageHeader(version), header), PADDED_HEADER)
}

/** Newer versions may add fields at its end. Of any padded length: a peer with a KEM pads to 2310. */
export function decodeMessageHeader(version: number, padded: Uint8Array): MessageHeader {
  return decodePrefix(messageHeader(version), unpad(padded))
}
