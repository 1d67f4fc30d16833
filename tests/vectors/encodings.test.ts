import { expect } from 'vitest'
import { fromHex, toHex } from '#core/base'
import {
  bool,
  bytes16,
  bytes8,
  decode,
  encode,
  i64,
  list,
  list1,
  mapped,
  maybe,
  pad,
  padLong,
  struct,
  tail,
  text8,
  u16,
  u32,
  u8,
  unpad,
  unpadLong,
  type Codec,
} from '#core/encoding'
import { sha256 } from '#core/crypto'
import { bytes, expectBytes, expectRefused, hex, vectorFile } from './harness.ts'

const asHex = (codec: Codec<Uint8Array>): Codec<string> => mapped(codec, toHex, fromHex)
const decimal = mapped(i64, String, BigInt)

const codecs: Readonly<Record<string, Codec<never>>> = {
  word16: u16,
  word32: u32,
  int64: decimal,
  char: mapped(
    u8,
    (code) => String.fromCharCode(code),
    (text: string) => text.charCodeAt(0),
  ),
  bool,
  bytes: asHex(bytes8),
  large: asHex(bytes16),
  tail: asHex(tail),
  maybeBytes: maybe(asHex(bytes8)),
  maybeWord16: maybe(u16),
  listBytes: list(asHex(bytes8)),
  nonEmptyBytes: list1(asHex(bytes8)),
  nonEmptyWord16: list1(u16),
  text: text8,
  systemTimeSeconds: decimal,
  bytesAndWord16: tuple(asHex(bytes8), u16),
  boolBytesTail: tuple(bool, asHex(bytes8), asHex(tail)),
} as Readonly<Record<string, unknown>> as Readonly<Record<string, Codec<never>>>

function tuple(...codecsOfParts: readonly Codec<unknown>[]): Codec<unknown[]> {
  const fields = struct(Object.fromEntries(codecsOfParts.map((codec, index) => [`f${index}`, codec])))
  return mapped(
    fields,
    (value) => Object.values(value),
    (value) => Object.fromEntries(value.map((part, index) => [`f${index}`, part])),
  )
}

vectorFile('encodings', (file) => {
  file.list('cases', (c: { type: string; value: never; hex: string }) => {
    const codec = codecs[c.type]
    if (!codec) return `type ${c.type}`
    expectBytes(encode(codec, c.value), c.hex)
    expect(decode(codec, bytes(c.hex))).toEqual(c.value)
    return undefined
  })
  file.list('invalid', (c: { type: string; hex: string }) => {
    const codec = codecs[c.type]
    if (!codec) return `type ${c.type}`
    expectRefused(() => decode(codec, bytes(c.hex)), `${c.type} ${c.hex}`)
    return undefined
  })
})

interface Padded {
  message: string
  padded: string
  paddedLen: number
}

const filled = (length: number, byte = 0x61): Uint8Array => new Uint8Array(length).fill(byte)

vectorFile('padding', (file) => {
  file.list('pad', (c: Padded) => {
    expectBytes(pad(bytes(c.message), c.paddedLen), c.padded)
    expectBytes(unpad(bytes(c.padded)), c.message)
  })
  file.list(
    'padLarge',
    (c: { messageByte: string; messageLen: number; paddedLen: number; paddedSha256: string }) => {
      const message = filled(c.messageLen, bytes(c.messageByte)[0])
      const padded = pad(message, c.paddedLen)
      expectBytes(sha256(padded), c.paddedSha256)
      expect(hex(unpad(padded))).toBe(hex(message))
    },
  )
  file.list('padLazy', (c: Padded) => {
    expectBytes(padLong(bytes(c.message), c.paddedLen), c.padded)
    expectBytes(unpadLong(bytes(c.padded)), c.message)
  })
  file.list('padMustFail', (c: { messageLen: number; paddedLen: number }) =>
    expectRefused(() => pad(filled(c.messageLen), c.paddedLen), JSON.stringify(c)),
  )
  file.list('unpad', (c: Padded) => expectBytes(unpad(bytes(c.padded)), c.message))
  file.list('unpadMustFail', (c: string) => expectRefused(() => unpad(bytes(c)), c))
})
