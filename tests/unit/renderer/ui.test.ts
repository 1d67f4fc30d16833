import jsqr from 'jsqr'
import { describe, expect, it } from 'vitest'
import { avatarTile, initials } from '../../../renderer/ui/avatar-tile.ts'
import { drawQr } from '../../../renderer/ui/qr-path.ts'
import { shownPicture } from '../../../renderer/ui/shown-picture.ts'

const link = `simplex:/invitation#/?v=2-7&smp=${'aB3-_'.repeat(60)}&e2e=${'Zz9%2B'.repeat(40)}`

describe('a QR code', () => {
  it('INV-1: drawn as one path decodes to exactly the text, quiet zone included', () => {
    const { side, path } = drawQr(link)
    const scale = 4
    const width = side * scale
    const pixels = new Uint8ClampedArray(width * width * 4).fill(255)
    for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
      fill(pixels, width, Number(x) * scale, Number(y) * scale, Number(run) * scale, scale)
    }
    const decode = jsqr as unknown as (
      data: Uint8ClampedArray,
      w: number,
      h: number,
    ) => { data: string } | null
    expect(decode(pixels, width, width)?.data).toBe(link)
  })
})

function fill(pixels: Uint8ClampedArray, width: number, x: number, y: number, w: number, h: number): void {
  for (let row = y; row < y + h; row++) {
    for (let column = x; column < x + w; column++)
      pixels.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3)
  }
}

describe('an avatar', () => {
  it('depends on the seed alone and spreads over all 24 tiles', () => {
    expect(avatarTile('abc')).toEqual(avatarTile('abc'))
    const tiles = new Set(
      Array.from({ length: 600 }, (_, index) => JSON.stringify(avatarTile(`contact-${String(index)}`))),
    )
    expect(tiles.size).toBe(24)
  })

  it('takes at most two letters, of letters only', () => {
    expect(initials('Ines Varga')).toBe('IV')
    expect(initials('Yui')).toBe('Y')
    expect(initials('\u202e <b>evil')).toBe('BE')
    expect(initials('李 小龙')).toBe('李小')
    expect(initials('👍')).toBe('')
  })
})

describe('a picture of a stranger', () => {
  /** Signature and IHDR; what follows is the decoder's to judge. */
  const png = (side: number, kind = 'png'): string => {
    const bytes = Buffer.alloc(33)
    bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52])
    bytes.writeUInt32BE(side, 16)
    bytes.writeUInt32BE(side, 20)
    return `data:image/${kind};base64,${bytes.toString('base64')}`
  }

  it('is shown when it is the PNG or JPEG that it says it is', () => {
    expect(shownPicture(png(192))).toBe(png(192))
    const jpeg = 'data:image/jpg;base64,/9j/wAARCADAAMADASIAAhEBAxEB'
    expect(shownPicture(jpeg)).toBe(jpeg)
  })

  it.each([
    ['none', undefined],
    ['an SVG', 'data:image/svg+xml;base64,PHN2Zy8+'],
    ['an SVG that says PNG', 'data:image/png;base64,PHN2Zy8+'],
    ['a PNG that says JPG', png(192, 'jpg')],
    ['one that would fill the memory', png(60_000)],
    ['one without a size', png(0)],
    ['an address', 'https://example.org/me.png'],
    ['text behind the picture', `${png(192)}" onload="x`],
    ['no base64', 'data:image/png;base64,A'],
  ])('is not shown: %s', (_, image) => {
    expect(shownPicture(image)).toBeNull()
  })
})
