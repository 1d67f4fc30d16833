import { beforeAll, describe, expect, it } from 'vitest'
import { prepareBenchDecoder } from '../../bench/qr.ts'
import { conditions, emptySample, linkText, makeSample, screenshot } from '../../bench/qr/corpus.ts'
import { codeOf, paint } from '../../bench/qr/paint.ts'
import { blank, change, seeded, toPixels } from '../../bench/qr/pixels.ts'
import { readCodes } from '../../../renderer/features/scan/decode/decoder.ts'
import { pictureHead } from '../../../renderer/ui/picture-head.ts'
import { LOOKS } from '../../../renderer/features/scan/decode/limits.ts'
import { atMost, scaled } from '../../../renderer/features/scan/decode/scale.ts'

const camera = { width: 640, height: 480 }
const textsOf = async (...args: Parameters<typeof readCodes>): Promise<string[]> =>
  (await readCodes(...args)).map(({ text }) => text)

// compiling and the larger pictures take their time on a busy computer
beforeAll(prepareBenchDecoder, 60_000)

describe('the reader of codes', () => {
  it.each(conditions)('P12, SCN-6: reads every code of %s', async (condition) => {
    for (const length of ['short', 'long'] as const) {
      const { pixels, texts } = makeSample(condition, length, camera, 2)
      expect(await textsOf(pixels, 'study')).toEqual(expect.arrayContaining([...texts]))
    }
  })

  it(
    'SCN-6: finds a code of 150 pixels on a screen of 3840 x 2160, and where it is',
    { timeout: 60_000 },
    async () => {
      const text = linkText(103, seeded(3))
      const [found] = await readCodes(screenshot(text, 3), 'study')
      expect(found?.text).toBe(text)
      const xs = found?.corners.map(({ x }) => x) ?? []
      expect(Math.max(...xs) - Math.min(...xs)).toBeGreaterThan(100)
      expect(Math.max(...xs) - Math.min(...xs)).toBeLessThan(160)
    },
  )

  it('SCN-6: finds a code that is small in a picture of 15 million pixels', { timeout: 60_000 }, async () => {
    const text = linkText(103, seeded(4))
    const large = screenshot(text, 4, { width: 4_800, height: 3_200 })
    expect(await textsOf(large, 'study')).toEqual([text])
  })

  it('SCN-5: a picture that stands mirrored reads as well', async () => {
    const { pixels, texts } = makeSample('plain', 'short', camera, 3)
    const mirrored = new Uint8ClampedArray(pixels.data.length)
    for (let y = 0; y < camera.height; y += 1)
      for (let x = 0; x < camera.width; x += 1) {
        const from = (y * camera.width + x) * 4
        mirrored.set(pixels.data.subarray(from, from + 4), (y * camera.width + camera.width - 1 - x) * 4)
      }
    expect(await textsOf({ ...pixels, data: mirrored }, 'look')).toEqual([...texts])
  })

  it('a code of one and a half pixels a module, as in a small preview, reads when somebody chose the picture', async () => {
    const image = change(blank(90, 90), () => 255)
    const text = 'https://relay.example.org/i#abcdefgh'
    paint(
      image,
      codeOf(text),
      { x: 45, y: 45, size: 76, turn: 0, leanX: 0, leanY: 0 },
      { dark: 0, light: 255 },
    )
    expect(await textsOf(toPixels(image), 'study')).toEqual([text])
  })

  it(
    'P12: reads nine of ten dense codes that a lens out of focus has blurred, in one look',
    { timeout: 60_000 },
    async () => {
      let read = 0
      for (let seed = 1; seed <= 10; seed += 1) {
        const { pixels, texts } = makeSample('blur', 'long', camera, seed)
        if ((await textsOf(pixels, 'look')).includes(texts[0]!)) read += 1
      }
      expect(read).toBeGreaterThanOrEqual(9)
    },
  )

  it.each(['dots', 'dots, logo'] as const)(
    'the camera reads codes of round %s within the looks of half a second, at either size of its frames',
    { timeout: 60_000 },
    async (condition) => {
      for (const frame of [camera, { width: 1_280, height: 720 }])
        for (const length of ['short', 'long'] as const)
          for (let seed = 1; seed <= 3; seed += 1) {
            const { pixels, texts } = makeSample(condition, length, frame, seed)
            const seen: string[] = []
            for (const { effort, side } of LOOKS)
              if (seen.length === 0) seen.push(...(await textsOf(atMost(pixels, side).small, effort)))
            expect(seen).toEqual([...texts])
          }
    },
  )

  it('SCN-6: reads the photo of a code on a bottle, with a light on it, and where it is', async () => {
    const flat = change(blank(800, 600), () => 200)
    const text = linkText(103, seeded(6))
    const pose = { x: 400, y: 300, size: 420, turn: 0, leanX: 0, leanY: 0 }
    paint(flat, codeOf(text), pose, { dark: 30, light: 220 })
    const bottle = change(flat, (_value, x, y) => {
      const across = (x - 400) / 230
      if (Math.abs(across) >= 1) return 120
      const paper = flat.values[y * 800 + Math.round(400 + 230 * Math.asin(across))] ?? 120
      const light = 0.8 * Math.exp(-(((x - 400) / 120) ** 2) - ((y - 260) / 168) ** 2)
      return 255 - (255 - paper) * (1 - light)
    })
    const [found] = await readCodes(toPixels(bottle), 'study')
    expect(found?.text).toBe(text)
    for (const { x, y } of found?.corners ?? []) {
      expect(Math.abs(x - 400)).toBeLessThan(230)
      expect(Math.abs(y - 300)).toBeLessThan(230)
    }
    expect(found?.corners).toHaveLength(4)
  })

  it('finds nothing in a room without a code', async () => {
    for (let seed = 1; seed < 6; seed += 1)
      expect(await readCodes(emptySample(camera, seed), 'study')).toEqual([])
  })

  it('makes a picture smaller and larger without moving what is in it', () => {
    const image = change(blank(8, 8), (_value, x) => (x < 4 ? 0 : 255))
    const half = scaled(toPixels(image), 0.5)
    expect([half.width, half.data[4], half.data[8]]).toEqual([4, 0, 255])
    const twice = scaled(toPixels(image), 2)
    expect([twice.width, twice.data[0], twice.data[15 * 4]]).toEqual([16, 0, 255])
  })
})

describe('the head of a picture', () => {
  const bytes = (...parts: (number | string)[]): Uint8Array =>
    Uint8Array.from(
      parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part, 'latin1')] : [part])),
    )

  it('tells kind and size of each kind that is read', () => {
    const png = bytes(0x89, 'PNG\r\n\x1a\n', 0, 0, 0, 13, 'IHDR', 0, 0, 15, 0, 0, 0, 8, 112)
    expect(pictureHead(png)).toEqual({ kind: 'png', width: 3_840, height: 2_160 })
    const jpeg = bytes(0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc0, 0, 17, 8, 1, 0, 2, 0)
    expect(pictureHead(jpeg)).toEqual({ kind: 'jpeg', width: 512, height: 256 })
    const webp = bytes('RIFF', 0, 0, 0, 0, 'WEBPVP8X', 10, 0, 0, 0, 0, 0, 0, 0, 255, 3, 0, 255, 1, 0)
    expect(pictureHead(webp)).toEqual({ kind: 'webp', width: 1_024, height: 512 })
    expect(pictureHead(bytes('GIF89a', 16, 0, 8, 0))).toEqual({ kind: 'gif', width: 16, height: 8 })
    for (const text of ['<svg xmlns="x">', '<?xml version="1.0"?>\n<!-- a -->\n<svg >', '\ufeff<svg>'])
      expect(pictureHead(new TextEncoder().encode(text.padEnd(40)))?.kind).toBe('svg')
  })

  it('a picture that claims more pixels than there is memory says so before it is opened', () => {
    const bomb = bytes(0x89, 'PNG\r\n\x1a\n', 0, 0, 0, 13, 'IHDR', 0, 1, 0, 0, 0, 1, 0, 0)
    expect(pictureHead(bomb)).toEqual({ kind: 'png', width: 65_536, height: 65_536 })
  })

  it('anything else, and any part of a picture, is no picture and no error', () => {
    const random = seeded(9)
    const starts = [
      [0xff, 0xd8],
      [0x89, 0x50, 0x4e, 0x47],
      [...Buffer.from('RIFF    WEBPVP8L')],
      [0x42, 0x4d],
      [],
    ]
    for (let turn = 0; turn < 400; turn += 1) {
      const start = starts[turn % starts.length] ?? []
      const rest = Array.from({ length: turn % 60 }, () => Math.floor(random() * 256))
      expect(() => pictureHead(Uint8Array.from([...start, ...rest]))).not.toThrow()
    }
    expect(pictureHead(new TextEncoder().encode('<html><body>hello</body></html>'))).toBeNull()
    expect(pictureHead(new Uint8Array())).toBeNull()
  })
})
