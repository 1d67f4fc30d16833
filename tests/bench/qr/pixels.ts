/** Grey pictures as a camera would have them, made from nothing but numbers. */

/** One value a pixel, 0 (black) to 255 (white), line by line. */
export interface Grey {
  readonly width: number
  readonly height: number
  readonly values: Float32Array
}

/** What decoders take: four bytes a pixel. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray<ArrayBuffer>
}

export function blank(width: number, height: number): Grey {
  return { width, height, values: new Float32Array(width * height) }
}

export function toPixels({ width, height, values }: Grey): Pixels {
  const data = new Uint8ClampedArray(width * height * 4)
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0
    data[at * 4] = value
    data[at * 4 + 1] = value
    data[at * 4 + 2] = value
    data[at * 4 + 3] = 255
  }
  return { width, height, data }
}

/** The same numbers for the same seed, on every machine (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Gaussian blur of standard deviation `sigma` pixels, in two passes. */
export function blur(image: Grey, sigma: number): Grey {
  const radius = Math.max(1, Math.ceil(sigma * 2.5))
  const weights = Float32Array.from({ length: 2 * radius + 1 }, (_, at) =>
    Math.exp(-((at - radius) ** 2) / (2 * sigma * sigma)),
  )
  return smear(smear(image, weights, 1, 0), weights, 0, 1)
}

/** What a hand does that moves by `length` pixels while the shutter is open, to the right and half as much down. */
export function shake(image: Grey, length: number): Grey {
  const steps = Math.max(2, Math.round(length) + 1)
  const out = blank(image.width, image.height)
  for (let step = 0; step < steps; step += 1) {
    const along = (step / (steps - 1) - 0.5) * length
    const [dx, dy] = [Math.round(along), Math.round(along / 2)]
    for (let y = 0; y < image.height; y += 1)
      for (let x = 0; x < image.width; x += 1)
        out.values[y * image.width + x]! += pixelAt(image, x + dx, y + dy) / steps
  }
  return out
}

function smear(image: Grey, weights: Float32Array, dx: number, dy: number): Grey {
  const radius = (weights.length - 1) / 2
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const out = blank(image.width, image.height)
  for (let y = 0; y < image.height; y += 1) {
    for (let x = 0; x < image.width; x += 1) {
      let sum = 0
      for (let at = -radius; at <= radius; at += 1)
        sum += pixelAt(image, x + at * dx, y + at * dy) * (weights[at + radius] ?? 0)
      out.values[y * image.width + x] = sum / total
    }
  }
  return out
}

function pixelAt({ width, height, values }: Grey, x: number, y: number): number {
  const [inX, inY] = [Math.min(width - 1, Math.max(0, x)), Math.min(height - 1, Math.max(0, y))]
  return values[inY * width + inX] ?? 0
}

/** Every value by itself, knowing where it is. */
export function change(image: Grey, fn: (value: number, x: number, y: number) => number): Grey {
  const { width, height, values } = image
  const out = blank(width, height)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) out.values[y * width + x] = fn(values[y * width + x] ?? 0, x, y)
  return out
}

/** Sensor noise of standard deviation `amount`. */
export function noise(image: Grey, amount: number, random: () => number): Grey {
  return change(image, (value) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    return value + normal * amount
  })
}
