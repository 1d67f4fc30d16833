/**
 * encoding: bytes described once. Codec combinators for the wire, version ranges, base64url, padding.
 * A format is a value with `write` and `read`; `encode` and `decode` run it over a whole byte string.
 * No keys, no protocol words, no I/O. Start reading at `codec.ts`.
 */
export {
  bool,
  bytes8,
  bytes16,
  char,
  decode,
  decodePrefix,
  encode,
  fixedBytes,
  i64,
  list,
  list1,
  mapped,
  maybe,
  struct,
  tail,
  text8,
  u8,
  u16,
  u32,
} from './codec.ts'
export type { Codec, Decoded } from './codec.ts'
export { DecodeError, EncodeError, Reader } from './reader.ts'
export { Writer } from './writer.ts'
export { encodePadded, pad, padInto, padLong, unpad, unpadLong } from './padding.ts'
export { fromBase64Url, toBase64Url } from './base64url.ts'
export {
  agreeVersion,
  formatVersionRange,
  includesVersion,
  intersectVersions,
  parseVersionRange,
  versionRange,
} from './versions.ts'
export type { VersionRange } from './versions.ts'
