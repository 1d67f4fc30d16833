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
  /** How it is drawn; absent where every module is a square. */
  readonly look?: Look
}

/** How apps and phones draw codes that are to look friendly. */
export interface Look {
  /** Diameter of the dot that stands for a module, in modules. */
  readonly dot: number
  /** The three large marks: of dots as all the rest, with round corners, or square as ever. */
  readonly finders: 'dots' | 'round' | 'square'
  /** Share of the side that a white disc in the middle takes, with a picture in it. */
  readonly logo: number
}

export function codeOf(text: string, correction: 'L' | 'M' | 'Q' = 'L', look?: Look): Code {
  const { modules } = create(text, { errorCorrectionLevel: correction })
  const side = modules.size + 2 * QUIET_ZONE
  const dark = new Uint8Array(side * side)
  for (let y = 0; y < modules.size; y += 1)
    for (let x = 0; x < modules.size; x += 1)
      dark[(y + QUIET_ZONE) * side + x + QUIET_ZONE] = modules.data[y * modules.size + x] ? 1 : 0
  return look === undefined ? { side, dark } : { side, dark, look }
}

const FINDER = 7

/** Whether the point is dark, in modules from the left and the top of the paper. */
function isDark({ side, dark, look }: Code, u: number, v: number): boolean {
  const module = Math.floor(v) * side + Math.floor(u)
  if (look === undefined) return dark[module] === 1
  const fromMiddle = Math.hypot(u - side / 2, v - side / 2) / (side - 2 * QUIET_ZONE)
  // in the disc stands a picture of its own: half of it is dark
  if (fromMiddle < look.logo / 2) return fromMiddle < look.logo / 3 && u > v
  const finder = finderAt(side, u, v)
  if (finder !== null && look.finders !== 'dots') {
    const corner = look.finders === 'round' ? 2 : 0
    const ring = inRounded(finder, FINDER / 2, corner) && !inRounded(finder, FINDER / 2 - 1, corner * 0.6)
    return ring || inRounded(finder, FINDER / 2 - 2, corner * 0.5)
  }
  const fromDot = Math.hypot(u - Math.floor(u) - 0.5, v - Math.floor(v) - 0.5)
  return dark[module] === 1 && fromDot < look.dot / 2
}

type Offset = readonly [x: number, y: number]

/** How far the point is from the middle of the finder in which it lies. */
function finderAt(side: number, u: number, v: number): Offset | null {
  const [near, far] = [QUIET_ZONE + FINDER / 2, side - QUIET_ZONE - FINDER / 2]
  for (const [x, y] of [
    [near, near],
    [far, near],
    [near, far],
  ] as const)
    if (Math.abs(u - x) < FINDER / 2 && Math.abs(v - y) < FINDER / 2) return [u - x, v - y]
  return null
}

/** Whether the point lies in a square of that half side whose corners are round. */
function inRounded([x, y]: Offset, half: number, corner: number): boolean {
  const [dx, dy] = [Math.abs(x) - half + corner, Math.abs(y) - half + corner]
  return Math.max(dx, dy) < corner && Math.hypot(Math.max(0, dx), Math.max(0, dy)) <= Math.max(corner, 1e-9)
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
  /** Ink under a point of the picture; null beside the paper. */
  const inkAt = (px: number, py: number): number | null => {
    const dx = (px - pose.x) / pose.size
    const dy = (py - pose.y) / pose.size
    // the plane of the paper seen from the middle of the lens: a projective map, solved for the paper
    const scale = 1 - pose.leanX * dx - pose.leanY * dy
    if (scale <= 0.1) return null
    const [fx, fy] = [dx / scale, dy / scale]
    const u = (fx * cos - fy * sin + 0.5) * code.side
    const v = (fx * sin + fy * cos + 0.5) * code.side
    if (u < 0 || v < 0 || u >= code.side || v >= code.side) return null
    return isDark(code, u, v) ? ink.dark : ink.light
  }
  for (let y = fromY; y < toY; y += 1) {
    for (let x = fromX; x < toX; x += 1) {
      const at = y * image.width + x
      let sum = 0
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
        const value = inkAt(
          x + ((sample % SAMPLES) + 0.5) / SAMPLES,
          y + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES,
        )
        sum += value ?? image.values[at] ?? 0
      }
      image.values[at] = sum / (SAMPLES * SAMPLES)
    }
  }
}
