import { inflateSync } from 'node:zlib'

/** Pixels of a PNG as a browser's screenshot has it: 8 bits, RGB or RGBA, not interlaced. */
export function PNG(file: Uint8Array): { width: number; height: number; pixels: Uint8ClampedArray } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const width = view.getUint32(16)
  const height = view.getUint32(20)
  const channels = file[25] === 6 ? 4 : 3
  const parts: Uint8Array[] = []
  for (let at = 8; at < file.length;) {
    const length = view.getUint32(at)
    if (String.fromCharCode(...file.subarray(at + 4, at + 8)) === 'IDAT') {
      parts.push(file.subarray(at + 8, at + 8 + length))
    }
    at += 12 + length
  }
  const lines = unfilter(inflateSync(Buffer.concat(parts)), width * channels, height, channels)
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    for (let part = 0; part < channels; part += 1)
      pixels[pixel * 4 + part] = lines[pixel * channels + part] ?? 0
  }
  return { width, height, pixels }
}

/** PNG 1.2, section 6: each line starts with how it was predicted from its left, upper and upper left neighbour. */
function unfilter(raw: Uint8Array, stride: number, height: number, channels: number): Uint8Array {
  const out = new Uint8Array(stride * height)
  for (let y = 0; y < height; y += 1) {
    const kind = raw[y * (stride + 1)]
    for (let x = 0; x < stride; x += 1) {
      const left = x < channels ? 0 : (out[y * stride + x - channels] ?? 0)
      const up = y === 0 ? 0 : (out[(y - 1) * stride + x] ?? 0)
      const corner = y === 0 || x < channels ? 0 : (out[(y - 1) * stride + x - channels] ?? 0)
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind ?? 0] ?? 0
      out[y * stride + x] = (raw[y * (stride + 1) + 1 + x] ?? 0) + guess
    }
  }
  return out
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}
