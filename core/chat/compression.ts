import { zstdDecompressSync } from 'node:zlib'
import { concatBytes } from '#core/base'
import { DecodeError, Reader } from '#core/encoding'
import { MAX_UNPACKED } from './constants.ts'

const PLAIN_BLOCK = 0x30 // '0'
const ZSTD_BLOCK = 0x31 // '1'
const ZSTD_MAGIC = 0xfd2fb528

/**
 * The blocks of a compressed body, after its leading `X` (chat.md 1.2):
 *
 *     count:u8 (>= 1)  then each  '0' length:u8 bytes  |  '1' length:u16 zstd-frame
 *
 * All blocks together may unpack to 65,536 bytes; a frame that hides its size is refused unread.
 * Throws `DecodeError`.
 */
export function unpackBlocks(bytes: Uint8Array): Uint8Array[] {
  const reader = new Reader(bytes)
  const count = reader.byte()
  if (count === 0) reader.fail('no block')
  const blocks: Uint8Array[] = []
  let room = MAX_UNPACKED
  for (let i = 0; i < count; i++) {
    const block = readBlock(reader, room)
    room -= block.length
    blocks.push(block)
  }
  reader.end()
  return blocks
}

function readBlock(reader: Reader, room: number): Uint8Array {
  const kind = reader.byte()
  if (kind === PLAIN_BLOCK) {
    const block = reader.take(reader.byte())
    if (block.length > room) reader.fail('unpacks to too much')
    return block
  }
  if (kind !== ZSTD_BLOCK) reader.fail('neither a plain nor a zstd block')
  const frame = reader.take(reader.byte() * 256 + reader.byte())
  const size = contentSize(frame)
  if (size === null) reader.fail('zstd frame without its content size')
  if (size > room) reader.fail('unpacks to too much')
  if (size === 0) return concatBytes()
  try {
    const block = new Uint8Array(zstdDecompressSync(frame, { maxOutputLength: Math.max(size, 1) }))
    if (block.length !== size) reader.fail('zstd frame of another size than it says')
    return block
  } catch (cause) {
    if (cause instanceof DecodeError) throw cause
    throw new DecodeError('zstd frame does not unpack', reader.offset, '', { cause })
  }
}

/** The content size in a zstd frame header (RFC 8878, 3.1.1.1), or null where it is left out. */
export function contentSize(frame: Uint8Array): number | null {
  if (frame.length < 6) return null
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  if (view.getUint32(0, true) !== ZSTD_MAGIC) return null
  const descriptor = frame[4]!
  const singleSegment = (descriptor & 0x20) !== 0
  const dictionaryIdLength = [0, 1, 2, 4][descriptor & 3]!
  const at = 5 + (singleSegment ? 0 : 1) + dictionaryIdLength
  const flag = descriptor >> 6
  const length = flag === 0 ? (singleSegment ? 1 : 0) : 1 << flag
  if (length === 0 || at + length > frame.length) return null
  if (length === 1) return frame[at]!
  if (length === 2) return view.getUint16(at, true) + 256
  if (length === 4) return view.getUint32(at, true)
  return Number(view.getBigUint64(at, true))
}
