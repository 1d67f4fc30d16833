import { DecodeError, EncodeError } from './reader.ts'

const FILLER = 0x23 // '#'
/** Longest message that any padding holds, whatever the padded length. smp.md 1.4 */
const MAX_PADDED_MESSAGE = 65_533

/** `u16 length ++ message ++ '#'...` of exactly `paddedLength` bytes. */
export function pad(message: Uint8Array, paddedLength: number): Uint8Array {
  if (message.length + 2 > paddedLength || message.length > MAX_PADDED_MESSAGE) {
    throw new EncodeError('message too large to pad', { length: message.length, paddedLength })
  }
  const out = new Uint8Array(paddedLength).fill(FILLER, 2 + message.length)
  out[0] = message.length >> 8
  out[1] = message.length & 0xff
  out.set(message, 2)
  return out
}

/** The message inside; a view, not a copy. The filler is not checked, as upstream does not. */
export function unpad(padded: Uint8Array): Uint8Array {
  if (padded.length < 2) throw new DecodeError('no room for a length', 0)
  const length = (padded[0]! << 8) | padded[1]!
  if (2 + length > padded.length) throw new DecodeError('length runs past the end', 2)
  return padded.subarray(2, 2 + length)
}

const LONG_LENGTH = 8 // bytes

/** As `pad`, with a length of 64 bits: files, which may be longer than a message. vectors: padding, padLazy */
export function padLong(message: Uint8Array, paddedLength: number): Uint8Array {
  if (message.length + LONG_LENGTH > paddedLength) {
    throw new EncodeError('message too large to pad', { length: message.length, paddedLength })
  }
  const out = new Uint8Array(paddedLength).fill(FILLER, LONG_LENGTH + message.length)
  new DataView(out.buffer).setBigInt64(0, BigInt(message.length))
  out.set(message, LONG_LENGTH)
  return out
}

/** What is there of the message: the end of a file may come separately, so a longer length is no error. */
export function unpadLong(padded: Uint8Array): Uint8Array {
  if (padded.length < LONG_LENGTH) throw new DecodeError('no room for a length', 0)
  const length = new DataView(padded.buffer, padded.byteOffset).getBigInt64(0)
  if (length < 0n) throw new DecodeError('negative length', 0)
  const rest = padded.subarray(LONG_LENGTH)
  return length < BigInt(rest.length) ? rest.subarray(0, Number(length)) : rest
}
