import { greyOf, put } from './scale.ts'
import type { Pixels } from './types.ts'

/**
 * The picture with steeper edges, grey: what differs from the mean of its neighbours, `radius` pixels to each side, differs
 * by `amount` times more (an unsharp mask). It takes back what a lens out of focus and a moving hand smear.
 */
export function sharpened(image: Pixels, radius: number, amount: number): Pixels {
  const { width, height } = image
  const grey = greyOf(image)
  const mean = means(means(grey, width, height, radius, 1, width), height, width, radius, width, 1)
  const data = new Uint8ClampedArray(width * height * 4)
  for (let at = 0; at < grey.length; at += 1) {
    const value = grey[at] ?? 0
    put(data, at, value + amount * (value - (mean[at] ?? 0)))
  }
  return { width, height, data }
}

/** Along each of `lines` of `length` values, the mean of every value and its neighbours, those at the ends repeated. */
function means(
  values: Float32Array,
  length: number,
  lines: number,
  radius: number,
  step: number,
  stride: number,
): Float32Array {
  const out = new Float32Array(values.length)
  const count = 2 * radius + 1
  for (let line = 0; line < lines; line += 1) {
    const start = line * stride
    const valueAt = (at: number): number => values[start + Math.min(length - 1, Math.max(0, at)) * step] ?? 0
    let sum = 0
    for (let at = -radius; at <= radius; at += 1) sum += valueAt(at)
    for (let at = 0; at < length; at += 1) {
      out[start + at * step] = sum / count
      sum += valueAt(at + radius + 1) - valueAt(at - radius)
    }
  }
  return out
}
