import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
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
  return unpackFrame(reader.take(reader.byte() * 256 + reader.byte()), room, reader.offset)
}

/** What is in one zstd frame, if it says its size and that is at most `room`. Throws `DecodeError`. */
export function unpackFrame(frame: Uint8Array, room: number = MAX_UNPACKED, offset = 0): Uint8Array {
  const refuse = (reason: string, cause?: unknown): never => {
    throw new DecodeError(reason, offset, '', { cause })
  }
  const size = contentSize(frame)
  if (size === null) return refuse('zstd frame without its content size')
  if (size > room) return refuse('unpacks to too much')
  if (size === 0) return concatBytes()
  let block: Uint8Array
  try {
    block = new Uint8Array(zstdDecompressSync(frame, { maxOutputLength: Math.max(size, 1) }))
  } catch (cause) {
    return refuse('zstd frame does not unpack', cause)
  }
  return block.length === size ? block : refuse('zstd frame of another size than it says')
}

const LEVEL = 3 // chat.md 1.2

/** One zstd frame that says its size. */
export function packFrame(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(
    zstdCompressSync(bytes, {
      params: { [constants.ZSTD_c_compressionLevel]: LEVEL },
      pledgedSrcSize: bytes.length,
    }),
  )
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
