/**
 * What a file says about itself in its first bytes: kind and size in pixels. A small file can claim a picture that
 * fills the memory of the computer, so the claim is looked at before anything decodes it.
 */

export type PictureKind = 'png' | 'jpeg' | 'webp' | 'gif' | 'bmp' | 'svg'

export interface PictureHead {
  readonly kind: PictureKind
  /** 0 where the kind has no size of its own (SVG). */
  readonly width: number
  readonly height: number
}

/** Null: no picture of a kind that is read here. */
export function pictureHead(bytes: Uint8Array): PictureHead | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    return (
      png(view) ?? jpeg(view) ?? webp(view) ?? gif(view) ?? bmp(view) ?? (looksLikeSvg(bytes) ? svg : null)
    )
  } catch (error) {
    // an end of the bytes in the middle of the head
    if (error instanceof RangeError) return null
    throw error
  }
}

const svg: PictureHead = { kind: 'svg', width: 0, height: 0 }

/** PNG 1.2, 11.2.2: signature, then IHDR. */
function png(view: DataView): PictureHead | null {
  if (view.getUint32(0) !== 0x89504e47 || view.getUint32(12) !== 0x49484452) return null
  return { kind: 'png', width: view.getUint32(16), height: view.getUint32(20) }
}

/** ITU T.81, B.2.2: the first frame header among the segments. */
function jpeg(view: DataView): PictureHead | null {
  if (view.getUint16(0) !== 0xffd8) return null
  let at = 2
  while (at < view.byteLength) {
    if (view.getUint8(at) !== 0xff) return null
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      at += 1
      continue
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) return { kind: 'jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    at += 2 + Math.max(2, view.getUint16(at + 2))
  }
  return null
}

/** RFC 9649: VP8X, VP8L or VP8 in a RIFF. */
function webp(view: DataView): PictureHead | null {
  if (view.getUint32(0) !== 0x52494646 || view.getUint32(8) !== 0x57454250) return null
  const chunk = view.getUint32(12)
  if (chunk === 0x56503858) {
    const uint24 = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536
    return { kind: 'webp', width: uint24(24) + 1, height: uint24(27) + 1 }
  }
  if (chunk === 0x5650384c) {
    const bits = view.getUint32(21, true)
    return { kind: 'webp', width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (chunk !== 0x56503820) return null
  return {
    kind: 'webp',
    width: view.getUint16(26, true) & 0x3fff,
    height: view.getUint16(28, true) & 0x3fff,
  }
}

function gif(view: DataView): PictureHead | null {
  if (view.getUint32(0) !== 0x47494638) return null
  return { kind: 'gif', width: view.getUint16(6, true), height: view.getUint16(8, true) }
}

function bmp(view: DataView): PictureHead | null {
  if (view.getUint16(0) !== 0x424d) return null
  return {
    kind: 'bmp',
    width: Math.abs(view.getInt32(18, true)),
    height: Math.abs(view.getInt32(22, true)),
  }
}

/** Text whose first element is `svg`, after what XML allows before it. */
function looksLikeSvg(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 4_096))
  return /^\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*(?:<!DOCTYPE[^>]*>\s*)?<svg[\s>]/i.test(start)
}
