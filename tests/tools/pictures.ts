import jsqr from 'jsqr'
import { inflateSync } from 'node:zlib'

export interface Decoded {
  width: number
  height: number
  /** Red, green, blue, alpha. */
  pixels: Uint8ClampedArray
  /** What a reader of codes finds in it. */
  text: string | null
}

/** A PNG with 8 bits of red, green, blue and alpha, and the text of the code in it. */
export function decoded(png: Uint8Array): Decoded {
  const file = Buffer.from(png)
  const width = file.readUInt32BE(16)
  const height = file.readUInt32BE(20)
  const parts: Buffer[] = []
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT') {
      parts.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)))
    }
  }
  const pixels = unfiltered(inflateSync(Buffer.concat(parts)), width * 4, height)
  // jsqr's types say it is a namespace; it is a function.
  const read = jsqr as unknown as (data: Uint8ClampedArray, w: number, h: number) => { data: string } | null
  return { width, height, pixels, text: read(pixels, width, height)?.data ?? null }
}

/** PNG 1.2, section 6: each line starts with how it was predicted from its left, upper and upper left neighbour. */
function unfiltered(raw: Uint8Array, stride: number, height: number): Uint8ClampedArray {
  const out = new Uint8ClampedArray(stride * height)
  for (let y = 0; y < height; y++) {
    const kind = raw[y * (stride + 1)]!
    for (let x = 0; x < stride; x++) {
      const left = x < 4 ? 0 : out[y * stride + x - 4]!
      const up = y === 0 ? 0 : out[(y - 1) * stride + x]!
      const corner = y === 0 || x < 4 ? 0 : out[(y - 1) * stride + x - 4]!
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind]!
      out[y * stride + x] = (raw[y * (stride + 1) + 1 + x]! + guess) & 255
    }
  }
  return out
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}
