import type { Codec } from './codec.ts'
import { DecodeError, EncodeError } from './reader.ts'
import { Writer } from './writer.ts'

const FILLER = 0x23 // '#'
/** Longest message that any padding holds, whatever the padded length. smp.md 1.4 */
const MAX_PADDED_MESSAGE = 65_533

/** `u16 length ++ message ++ '#'...` of exactly `paddedLength` bytes. */
export function pad(message: Uint8Array, paddedLength: number): Uint8Array {
  const out = new Uint8Array(paddedLength)
  padInto(out, message)
  return out
}

/** As `pad`, over the whole of an array that is there already. */
export function padInto(out: Uint8Array, message: Uint8Array): void {
  if (message.length + 2 > out.length || message.length > MAX_PADDED_MESSAGE)
    throw tooLarge(message.length, out.length)
  out.set(message, 2)
  frame(out, message.length)
}

/** What `padInto` makes of the encoded value, without an array for that alone. */
export function encodePadded<T>(codec: Codec<T>, value: T, out: Uint8Array): void {
  const writer = new Writer()
  codec.write(writer, value)
  const length = writer.finishInto(out.subarray(2))
  if (length === false || length > MAX_PADDED_MESSAGE) throw tooLarge(length || out.length, out.length)
  frame(out, length)
}

/** The length in front of a message that stands at 2, and the filler behind it. */
function frame(out: Uint8Array, length: number): void {
  out[0] = length >> 8
  out[1] = length & 0xff
  out.fill(FILLER, 2 + length)
}

function tooLarge(length: number, paddedLength: number): EncodeError {
  return new EncodeError('message too large to pad', { length, paddedLength })
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
  if (message.length + LONG_LENGTH > paddedLength) throw tooLarge(message.length, paddedLength)
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
