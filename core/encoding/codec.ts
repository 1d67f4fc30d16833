import { fromUtf8, utf8 } from '#core/base'
import { DecodeError, EncodeError, Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** A format that both encodes and decodes. Formats are built from smaller ones, so the two directions cannot drift apart. */
export interface Codec<T> {
  write(writer: Writer, value: T): void
  read(reader: Reader): T
}

/** The type that a codec stands for. */
export type Decoded<C> = C extends Codec<infer T> ? T : never

export function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  const writer = new Writer()
  codec.write(writer, value)
  return writer.finish()
}

/** Decodes the whole input; bytes left over are a `DecodeError`. */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array): T {
  const reader = new Reader(bytes)
  const value = codec.read(reader)
  reader.end()
  return value
}

/** Decodes from the front and ignores what follows (handshake blocks, headers that newer versions extend). */
export function decodePrefix<T>(codec: Codec<T>, bytes: Uint8Array): T {
  return codec.read(new Reader(bytes))
}

/* ---- integers, big-endian */

function unsigned(size: 1 | 2 | 4): Codec<number> {
  const max = 2 ** (8 * size) - 1
  return {
    write(writer, value) {
      if (!Number.isInteger(value) || value < 0 || value > max) {
        throw new EncodeError('integer out of range', { value, max })
      }
      for (let shift = 8 * (size - 1); shift >= 0; shift -= 8) writer.byte((value >>> shift) & 0xff)
    },
    read(reader) {
      let value = 0
      for (const byte of reader.take(size)) value = value * 256 + byte
      return value
    },
  }
}

export const u8 = unsigned(1)
export const u16 = unsigned(2)
export const u32 = unsigned(4)

/** Two's complement, high half first. */
export const i64: Codec<bigint> = {
  write(writer, value) {
    if (BigInt.asIntN(64, value) !== value) throw new EncodeError('integer out of range')
    const bits = BigInt.asUintN(64, value)
    for (let shift = 56n; shift >= 0n; shift -= 8n) writer.byte(Number((bits >> shift) & 0xffn))
  },
  read(reader) {
    let bits = 0n
    for (const byte of reader.take(8)) bits = (bits << 8n) | BigInt(byte)
    return BigInt.asIntN(64, bits)
  },
}

/* ---- byte strings */

/** Exactly `length` bytes without a prefix: nonces, IVs, tags. */
export function fixedBytes(length: number): Codec<Uint8Array> {
  return {
    write(writer, value) {
      if (value.length !== length)
        throw new EncodeError('wrong length', { length: value.length, expected: length })
      writer.bytes(value)
    },
    read: (reader) => reader.take(length),
  }
}

function prefixed(length: Codec<number>, max: number): Codec<Uint8Array> {
  return {
    write(writer, value) {
      if (value.length > max)
        throw new EncodeError('too long for its length prefix', { length: value.length, max })
      length.write(writer, value.length)
      writer.bytes(value)
    },
    read: (reader) => reader.take(length.read(reader)),
  }
}

/** One length byte, then 0 to 255 bytes. */
export const bytes8 = prefixed(u8, 0xff)
/** Two length bytes, then 0 to 65,535 bytes ("Large"). */
export const bytes16 = prefixed(u16, 0xffff)

/** Everything to the end; only ever the last field. */
export const tail: Codec<Uint8Array> = {
  write: (writer, value) => writer.bytes(value),
  read: (reader) => reader.rest(),
}

/** UTF-8 text behind one length byte. */
export const text8: Codec<string> = {
  write: (writer, value) => bytes8.write(writer, utf8(value)),
  read(reader) {
    const at = reader.offset
    try {
      return fromUtf8(bytes8.read(reader))
    } catch (cause) {
      if (cause instanceof DecodeError) throw cause
      throw new DecodeError('not UTF-8', at, '', { cause })
    }
  },
}

/* ---- small alternatives */

const TRUE = 0x54 // 'T'
const FALSE = 0x46 // 'F'

export const bool: Codec<boolean> = {
  write: (writer, value) => writer.byte(value ? TRUE : FALSE),
  read(reader) {
    const byte = reader.byte()
    if (byte !== TRUE && byte !== FALSE) reader.fail('neither T nor F')
    return byte === TRUE
  },
}

const ABSENT = 0x30 // '0'
const PRESENT = 0x31 // '1'

/** `'0'`, or `'1'` and the value. */
export function maybe<T>(inner: Codec<T>): Codec<T | null> {
  return {
    write(writer, value) {
      writer.byte(value === null ? ABSENT : PRESENT)
      if (value !== null) inner.write(writer, value)
    },
    read(reader) {
      const byte = reader.byte()
      if (byte === ABSENT) return null
      if (byte !== PRESENT) reader.fail('neither 0 nor 1')
      return inner.read(reader)
    },
  }
}

/** One count byte, then the items. */
export function list<T>(inner: Codec<T>, least: 0 | 1 = 0): Codec<readonly T[]> {
  return {
    write(writer, items) {
      if (items.length < least || items.length > 0xff)
        throw new EncodeError('wrong number of items', { count: items.length })
      writer.byte(items.length)
      for (const item of items) inner.write(writer, item)
    },
    read(reader) {
      const count = reader.byte()
      if (count < least) reader.fail('an empty list where one item is needed')
      const items: T[] = []
      for (let i = 0; i < count; i++) items.push(inner.read(reader))
      return items
    },
  }
}

/** A list of at least one item. */
export function list1<T>(inner: Codec<T>): Codec<readonly T[]> {
  return list(inner, 1)
}

/** One ASCII character out of `allowed`, for example `char('SC')`. */
export function char<const A extends string>(allowed: A): Codec<string> {
  return {
    write(writer, value) {
      if (value.length !== 1 || !allowed.includes(value))
        throw new EncodeError('a letter that the format does not have')
      writer.byte(value.charCodeAt(0))
    },
    read(reader) {
      const value = String.fromCharCode(reader.byte())
      if (!allowed.includes(value)) reader.fail('a letter that the format does not have')
      return value
    },
  }
}

/* ---- records */

/** Fields one after another, in the order in which they are written down here. */
export function struct<S extends Record<string, Codec<unknown>>>(
  fields: S,
): Codec<{ [K in keyof S]: Decoded<S[K]> }> {
  const entries = Object.entries(fields)
  return {
    write(writer, value) {
      for (const [name, codec] of entries) codec.write(writer, value[name])
    },
    read(reader) {
      const out: Record<string, unknown> = {}
      for (const [name, codec] of entries) {
        try {
          out[name] = codec.read(reader)
        } catch (error) {
          throw error instanceof DecodeError ? inField(error, name) : error
        }
      }
      return out as { [K in keyof S]: Decoded<S[K]> }
    },
  }
}

function inField(error: DecodeError, name: string): DecodeError {
  const path = error.facts['path'] === '' ? name : `${name}.${error.facts['path']}`
  return new DecodeError(error.message, Number(error.facts['offset']), path, { cause: error.cause })
}

/** The same bytes under another type. `to` may throw `DecodeError` to refuse. */
export function mapped<A, B>(inner: Codec<A>, to: (value: A) => B, from: (value: B) => A): Codec<B> {
  return {
    write: (writer, value) => inner.write(writer, from(value)),
    read: (reader) => to(inner.read(reader)),
  }
}
