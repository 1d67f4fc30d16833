import type { Pixels } from './types.ts'

/** The picture at another size, each pixel the mean of what it covers, or mixed of its neighbours when it grows. */
export function scaled(image: Pixels, factor: number): Pixels {
  const width = Math.max(1, Math.round(image.width * factor))
  const height = Math.max(1, Math.round(image.height * factor))
  return factor < 1 ? shrunk(image, width, height) : grown(image, width, height)
}

/** The picture itself where no side is longer than that. */
export function atMost(image: Pixels, side: number): { small: Pixels; factor: number } {
  const factor = Math.min(1, side / Math.max(image.width, image.height))
  return { small: factor === 1 ? image : scaled(image, factor), factor }
}

function shrunk(image: Pixels, width: number, height: number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4)
  for (let y = 0; y < height; y++) {
    const top = Math.floor((y * image.height) / height)
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * image.height) / height))
    for (let x = 0; x < width; x++) {
      const left = Math.floor((x * image.width) / width)
      const right = Math.max(left + 1, Math.floor(((x + 1) * image.width) / width))
      let sum = 0
      for (let fromY = top; fromY < bottom; fromY++)
        for (let fromX = left; fromX < right; fromX++) sum += greyAt(image, fromX, fromY)
      put(data, y * width + x, sum / ((bottom - top) * (right - left)))
    }
  }
  return { width, height, data }
}

function grown(image: Pixels, width: number, height: number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4)
  for (let y = 0; y < height; y++) {
    const fy = Math.min(image.height - 1, Math.max(0, ((y + 0.5) * image.height) / height - 0.5))
    const top = Math.floor(fy)
    const bottom = Math.min(image.height - 1, top + 1)
    for (let x = 0; x < width; x++) {
      const fx = Math.min(image.width - 1, Math.max(0, ((x + 0.5) * image.width) / width - 0.5))
      const left = Math.floor(fx)
      const right = Math.min(image.width - 1, left + 1)
      const above = mix(greyAt(image, left, top), greyAt(image, right, top), fx - left)
      const below = mix(greyAt(image, left, bottom), greyAt(image, right, bottom), fx - left)
      put(data, y * width + x, mix(above, below, fy - top))
    }
  }
  return { width, height, data }
}

/** A part of the picture, as it is. */
export function cut(image: Pixels, left: number, top: number, width: number, height: number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4)
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 4
    data.set(image.data.subarray(from, from + width * 4), y * width * 4)
  }
  return { width, height, data }
}

/** Rec. 601; what is see-through lies on white paper. */
function greyAt({ width, data }: Pixels, x: number, y: number): number {
  const at = (y * width + x) * 4
  const alpha = (data[at + 3] ?? 0) / 255
  const grey = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0)
  return grey * alpha + 255 * (1 - alpha)
}

/** Every pixel, line by line. */
export function greyOf(image: Pixels): Float32Array {
  const values = new Float32Array(image.width * image.height)
  for (let y = 0; y < image.height; y++)
    for (let x = 0; x < image.width; x++) values[y * image.width + x] = greyAt(image, x, y)
  return values
}

export function put(data: Uint8ClampedArray, pixel: number, value: number): void {
  data[pixel * 4] = value
  data[pixel * 4 + 1] = value
  data[pixel * 4 + 2] = value
  data[pixel * 4 + 3] = 255
}

const mix = (a: number, b: number, share: number): number => a + (b - a) * share
