import { create } from 'qrcode'
import { blank, type Grey } from './pixels.ts'

/** ISO/IEC 18004: the light margin around a code. */
const QUIET_ZONE = 4
/** Points looked at in each direction of a pixel: edges come out as a lens shows them. */
const SAMPLES = 3

export interface Code {
  /** Modules along a side, margin included. */
  readonly side: number
  /** 1 is dark. */
  readonly dark: Uint8Array
}

export function codeOf(text: string, correction: 'L' | 'M' = 'L'): Code {
  const { modules } = create(text, { errorCorrectionLevel: correction })
  const side = modules.size + 2 * QUIET_ZONE
  const dark = new Uint8Array(side * side)
  for (let y = 0; y < modules.size; y += 1)
    for (let x = 0; x < modules.size; x += 1)
      dark[(y + QUIET_ZONE) * side + x + QUIET_ZONE] = modules.data[y * modules.size + x] ? 1 : 0
  return { side, dark }
}

/** Where a code stands: its middle and its side in pixels, turned by `turn`, leaning away by `leanX` and `leanY`. */
export interface Pose {
  readonly x: number
  readonly y: number
  readonly size: number
  /** Radians. */
  readonly turn: number
  /** 0: seen straight on; 0.4: the far edge looks about a third shorter than the near one. */
  readonly leanX: number
  readonly leanY: number
}

export interface Ink {
  readonly dark: number
  readonly light: number
}

/** A room with some edges in it: nothing that looks like a code. */
export function room(width: number, height: number, random: () => number): Grey {
  const image = blank(width, height)
  const shapes = Array.from({ length: 9 }, () => ({
    x: random() * width,
    y: random() * height,
    w: (0.1 + random() * 0.4) * width,
    h: (0.1 + random() * 0.4) * height,
    value: 40 + random() * 130,
  }))
  const floor = 70 + random() * 60
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let value = floor + (y / height) * 25
      for (const shape of shapes)
        if (x > shape.x && x < shape.x + shape.w && y > shape.y && y < shape.y + shape.h)
          value = (value + shape.value) / 2
      image.values[y * width + x] = value
    }
  }
  return image
}

/** Puts a code on its paper into the picture, as a pinhole camera sees it. */
export function paint(image: Grey, code: Code, pose: Pose, ink: Ink): void {
  const [sin, cos] = [Math.sin(-pose.turn), Math.cos(-pose.turn)]
  const reach = pose.size * 1.1
  const [fromY, toY] = [Math.max(0, Math.floor(pose.y - reach)), Math.min(image.height, pose.y + reach)]
  const [fromX, toX] = [Math.max(0, Math.floor(pose.x - reach)), Math.min(image.width, pose.x + reach)]
  /** Module under a point of the picture; -1 beside the paper. */
  const moduleAt = (px: number, py: number): number => {
    const dx = (px - pose.x) / pose.size
    const dy = (py - pose.y) / pose.size
    // the plane of the paper seen from the middle of the lens: a projective map, solved for the paper
    const scale = 1 - pose.leanX * dx - pose.leanY * dy
    if (scale <= 0.1) return -1
    const [fx, fy] = [dx / scale, dy / scale]
    const u = Math.floor((fx * cos - fy * sin + 0.5) * code.side)
    const v = Math.floor((fx * sin + fy * cos + 0.5) * code.side)
    return u < 0 || v < 0 || u >= code.side || v >= code.side ? -1 : v * code.side + u
  }
  for (let y = fromY; y < toY; y += 1) {
    for (let x = fromX; x < toX; x += 1) {
      const at = y * image.width + x
      let sum = 0
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
        const module = moduleAt(
          x + ((sample % SAMPLES) + 0.5) / SAMPLES,
          y + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES,
        )
        sum += module === -1 ? (image.values[at] ?? 0) : code.dark[module] ? ink.dark : ink.light
      }
      image.values[at] = sum / (SAMPLES * SAMPLES)
    }
  }
}
