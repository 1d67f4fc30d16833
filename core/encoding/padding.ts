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
