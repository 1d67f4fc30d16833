import type { Pixels } from './types.ts'

/** Formats of frames whose first plane is brightness, a byte a pixel. WebCodecs, 9.4 (VideoPixelFormat) */
const WITH_LUMA: ReadonlySet<string> = new Set(['I420', 'I420A', 'I422', 'I444', 'NV12'])

/**
 * The brightness of a frame, as grey pixels, its longer side at most `side`. It is copied as the camera gave it: drawing the
 * frame and reading the drawing takes six times as long. Null where the frame keeps its brightness elsewhere.
 */
export async function framePixels(frame: VideoFrame, side: number): Promise<Pixels | null> {
  if (frame.format === null || !WITH_LUMA.has(frame.format) || frame.visibleRect === null) return null
  const bytes = new Uint8Array(frame.allocationSize())
  const [plane] = await frame.copyTo(bytes)
  if (plane === undefined) return null
  const { width, height } = frame.visibleRect
  return greyPixels({ bytes: bytes.subarray(plane.offset), stride: plane.stride, width, height }, side)
}

interface Luma {
  readonly bytes: Uint8Array
  /** Bytes from one line to the next. */
  readonly stride: number
  readonly width: number
  readonly height: number
}

/** Each pixel the mean of what it covers. Written a pixel at a time: this runs at every look of the camera. */
export function greyPixels({ bytes, stride, width, height }: Luma, side: number): Pixels {
  const factor = Math.min(1, side / Math.max(width, height))
  const columns = spans(width, Math.max(1, Math.round(width * factor)))
  const rows = spans(height, Math.max(1, Math.round(height * factor)))
  const pixels = new Uint32Array((columns.length - 1) * (rows.length - 1))
  let at = 0
  for (let y = 0; y + 1 < rows.length; y += 1) {
    const [top, bottom] = [rows[y]!, rows[y + 1]!]
    for (let x = 0; x + 1 < columns.length; x += 1) {
      const [left, right] = [columns[x]!, columns[x + 1]!]
      let sum = 0
      for (let fromY = top; fromY < bottom; fromY += 1)
        for (let fromX = left; fromX < right; fromX += 1) sum += bytes[fromY * stride + fromX]!
      const grey = Math.round(sum / ((bottom - top) * (right - left)))
      // red, green and blue alike, and opaque: every Electron is little-endian
      pixels[at] = 0xff000000 | (grey * 0x010101)
      at += 1
    }
  }
  return { width: columns.length - 1, height: rows.length - 1, data: new Uint8ClampedArray(pixels.buffer) }
}

/** Where each of `count` parts of a length begins, and where the last ends; no part is empty. */
const spans = (length: number, count: number): Uint32Array =>
  Uint32Array.from({ length: count + 1 }, (_, at) => Math.floor((at * length) / count))
