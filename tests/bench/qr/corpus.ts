/**
 * Pictures of codes under seventeen conditions (goals 2.7), made anew from a seed at every run: nothing is stored.
 * Lengths are those of real links: 103 characters the short one-time link, 473 the full one.
 */
import { blank, blur, change, noise, seeded, shake, toPixels, type Grey, type Pixels } from './pixels.ts'
import { codeOf, paint, room, type Code, type Ink, type Pose } from './paint.ts'

export const conditions = [
  'plain',
  'small',
  'quarter turns',
  'any turn',
  'perspective',
  'blur',
  'shake',
  'noise',
  'low contrast',
  'gradient',
  'inverted',
  'several codes',
  'screen moire',
  'hand-held',
  'hard',
  'dots',
  'dots, logo',
] as const
export type Condition = (typeof conditions)[number]

export interface Sample {
  readonly pixels: Pixels
  /** Every text in the picture. */
  readonly texts: readonly string[]
}

export interface Frame {
  readonly width: number
  readonly height: number
}

export const linkLengths = { short: 103, long: 473 } as const
export type LinkLength = keyof typeof linkLengths

/** A text as long as a real link and of the same letters; no two are equal. */
export function linkText(length: number, random: () => number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  let text = 'https://relay.example.org/i#'
  while (text.length < length) text += letters[Math.floor(random() * letters.length)]
  return text.slice(0, length)
}

const PAPER: Ink = { dark: 25, light: 235 }

export function makeSample(condition: Condition, length: LinkLength, frame: Frame, seed: number): Sample {
  const random = seeded(seed * 7_919 + conditions.indexOf(condition) * 104_729 + linkLengths[length])
  const text = linkText(linkLengths[length], random)
  const image = room(frame.width, frame.height, random)
  if (condition === 'several codes') return severalCodes(image, text, length, random)
  const pose = poseOf(condition, length, frame, random)
  paint(image, lookOf(condition, text, random), pose, inkOf(condition))
  return { pixels: toPixels(afterwards(condition, image, pose, random)), texts: [text] }
}

/** A room without any code: what a camera sees most of the time. */
export function emptySample(frame: Frame, seed: number): Pixels {
  const random = seeded(seed * 15_485_863)
  return toPixels(noise(room(frame.width, frame.height, random), 4, random))
}

/** A grab of a 3840 x 2160 screen with a code of 150 pixels somewhere between windows and lines of text. */
export function screenshot(
  text: string,
  seed: number,
  frame: Frame = { width: 3_840, height: 2_160 },
): Pixels {
  const random = seeded(seed)
  const image = change(blank(frame.width, frame.height), () => 246)
  for (let window = 0; window < 6; window += 1) {
    const [left, top] = [random() * frame.width * 0.7, random() * frame.height * 0.7]
    for (let line = 0; line < 40; line += 1) fillText(image, left, top + line * 22, random)
  }
  const [x, y] = [0.2 + random() * 0.6, 0.2 + random() * 0.6]
  paint(image, codeOf(text), { ...straight, x: x * frame.width, y: y * frame.height, size: 150 }, black)
  return toPixels(image)
}

const straight = { turn: 0, leanX: 0, leanY: 0 }
const black: Ink = { dark: 0, light: 255 }

/** Dashes the size of letters. */
function fillText(image: Grey, left: number, top: number, random: () => number): void {
  for (let letter = 0; letter < 90; letter += 1) {
    if (random() < 0.15) continue
    const x = Math.floor(left + letter * 9)
    for (let dy = 0; dy < 12; dy += 1)
      for (let dx = 0; dx < 6; dx += 1) {
        const [px, py] = [x + dx, Math.floor(top) + dy]
        if (px < image.width && py < image.height && random() < 0.5) image.values[py * image.width + px] = 40
      }
  }
}

/** The share of the frame's height that the code takes: a long link needs more of it. */
function sizeOf(condition: Condition, length: LinkLength, random: () => number): number {
  if (condition === 'small') return length === 'short' ? 0.24 + random() * 0.06 : 0.5 + random() * 0.06
  if (condition === 'any turn' || condition === 'hand-held' || condition === 'hard')
    return length === 'short' ? 0.5 + random() * 0.15 : 0.68 + random() * 0.05
  return length === 'short' ? 0.45 + random() * 0.3 : 0.72 + random() * 0.12
}

function poseOf(condition: Condition, length: LinkLength, frame: Frame, random: () => number): Pose {
  const size = sizeOf(condition, length, random) * frame.height
  const spread = (random() - 0.5) * 2
  const pose = {
    x: frame.width / 2 + spread * (frame.width - size) * 0.25,
    y: frame.height / 2 + (random() - 0.5) * (frame.height - size) * 0.5,
    size,
    turn: (random() - 0.5) * 0.08,
    leanX: 0,
    leanY: 0,
  }
  const lean = (most: number): { leanX: number; leanY: number } => ({
    leanX: (random() - 0.5) * 2 * most,
    leanY: (random() - 0.5) * 2 * most,
  })
  switch (condition) {
    case 'quarter turns':
      return { ...pose, turn: (1 + Math.floor(random() * 3)) * (Math.PI / 2) }
    case 'any turn':
      return { ...pose, turn: random() * 2 * Math.PI }
    case 'perspective':
      return { ...pose, ...lean(0.4) }
    case 'hand-held':
      return { ...pose, turn: (random() - 0.5) * 0.7, ...lean(0.22) }
    case 'hard':
      return { ...pose, turn: (random() - 0.5) * 1.2, ...lean(0.3) }
    default:
      return pose
  }
}

/** All of dots, or dots between marks with round corners and a picture in the middle, as apps and phones draw them. */
function lookOf(condition: Condition, text: string, random: () => number): Code {
  const dot = (): number => 0.7 + random() * 0.3
  if (condition === 'dots') return codeOf(text, 'M', { dot: dot(), finders: 'dots', logo: 0 })
  if (condition === 'dots, logo') return codeOf(text, 'Q', { dot: dot(), finders: 'round', logo: 0.22 })
  return codeOf(text)
}

function inkOf(condition: Condition): Ink {
  if (condition === 'inverted') return { dark: PAPER.light, light: PAPER.dark }
  if (condition === 'low contrast') return { dark: 104, light: 140 }
  return PAPER
}

/** What the lens, the light and the sensor add. Blur is in parts of a module, since that is what makes it hard. */
function afterwards(condition: Condition, image: Grey, pose: Pose, random: () => number): Grey {
  const part = pose.size / 85
  const softly = noise(blur(image, 0.6), 3, random)
  switch (condition) {
    case 'blur':
      return noise(blur(image, Math.max(0.8, part * (0.4 + random() * 0.15))), 3, random)
    case 'shake':
      return noise(shake(image, Math.max(2, part * (0.7 + random() * 0.5))), 3, random)
    case 'noise':
      return noise(image, 28 + random() * 10, random)
    case 'gradient':
      return change(
        softly,
        (value, x, y) => value * (0.18 + 0.9 * ((x / image.width + y / image.height) / 2)),
      )
    case 'screen moire':
      return moire(softly, random)
    case 'hand-held':
      return noise(blur(image, Math.max(0.7, part * 0.3)), 7, random)
    case 'hard':
      return change(
        noise(blur(image, Math.max(0.8, part * 0.38)), 9, random),
        (value, x) => 30 + value * 0.65 * (0.5 + 0.5 * (x / image.width)),
      )
    default:
      return softly
  }
}

/** The grid of the screen beating with the grid of the sensor: slow waves in two directions and fine lines. */
function moire(image: Grey, random: () => number): Grey {
  const [a, b] = [0.15 + random() * 0.25, 0.2 + random() * 0.3]
  const turn = random() * Math.PI
  const fine = 1.9 + random() * 0.3
  return change(image, (value, x, y) => {
    const along = x * Math.cos(turn) + y * Math.sin(turn)
    const across = y * Math.cos(turn) - x * Math.sin(turn)
    return value * (0.8 + 0.1 * Math.sin(along * a) + 0.08 * Math.sin(across * b) + 0.06 * Math.sin(x * fine))
  })
}

function severalCodes(image: Grey, first: string, length: LinkLength, random: () => number): Sample {
  const texts = [first, linkText(linkLengths.short, random)]
  const share = length === 'short' ? 0.4 : 0.6
  const size = share * image.height
  const beside = 0.34 * image.height
  texts.forEach((text, at) =>
    paint(
      image,
      codeOf(text),
      {
        ...straight,
        x: at === 0 ? image.width * 0.32 : image.width * 0.8,
        y: image.height * (0.42 + random() * 0.1),
        size: at === 0 ? size : beside,
        turn: (random() - 0.5) * 0.3,
      },
      PAPER,
    ),
  )
  return { pixels: toPixels(noise(blur(image, 0.6), 3, random)), texts }
}
