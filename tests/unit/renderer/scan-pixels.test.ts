import { crc32, deflateSync } from 'node:zlib'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { beforeAll, describe, expect, it } from 'vitest'
import { prepareBenchDecoder } from '../../bench/qr.ts'
import { drawQr } from '../../../renderer/ui/qr-path.ts'
import { readCodes } from '../../../renderer/features/scan/decode/decoder.ts'
import { greyPixels } from '../../../renderer/features/scan/decode/frame-pixels.ts'
import { drawSvg, prepareSvg } from '../../../renderer/features/scan/decode/svg.ts'

const NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
const bytes = (svg: string): Uint8Array => new TextEncoder().encode(svg)

describe('SVG', () => {
  beforeAll(async () => {
    const file = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')
    await Promise.all([prepareBenchDecoder(), prepareSvg(new Uint8Array(readFileSync(file)).buffer)])
  }, 60_000)

  it('SCN-6: a code in an SVG reads; one of white squares reads on black paper', async () => {
    const text = 'https://relay.example.org/i#abcdefgh'
    const { side, path } = drawQr(text)
    const code = (fill: string): Uint8Array =>
      bytes(`<svg ${NS} viewBox="0 0 ${side} ${side}"><path d="${path}" fill="${fill}"/></svg>`)
    const textsOf = async (fill: string, paper: string): Promise<string[]> =>
      (await readCodes(drawSvg(code(fill), paper), 'look')).map((found) => found.text)
    expect(await textsOf('#000', '#fff')).toEqual([text])
    expect(await textsOf('#fff', '#fff')).toEqual([])
    expect(await textsOf('#fff', '#000')).toEqual([text])
  })

  it('is drawn with its longer side at 1,440 pixels, whatever size it claims', () => {
    const sizeOf = (head: string): number[] => {
      const { width, height } = drawSvg(
        bytes(`<svg ${NS} ${head}><rect width="1" height="1"/></svg>`),
        '#fff',
      )
      return [width, height]
    }
    expect(sizeOf('viewBox="0 0 2 1"')).toEqual([1_440, 720])
    expect(sizeOf('width="10000000" height="20000000"')).toEqual([720, 1_440])
    expect(sizeOf('')).toEqual([1_440, 1_440])
  })

  it.each([
    ['nothing', ''],
    ['cut off', '<svg'],
    ['without a size', `<svg ${NS} width="0" height="0"/>`],
    ['a hair', `<svg ${NS} viewBox="0 0 1 1000000"><rect width="1" height="1"/></svg>`],
    [
      'copies of copies',
      `<svg ${NS} viewBox="0 0 9 9"><defs>${copies(11)}</defs><use xlink:href="#a10"/></svg>`,
    ],
    [
      'entities of entities',
      `<!DOCTYPE svg [<!ENTITY a "&a;&a;">]><svg ${NS} viewBox="0 0 9 9"><text>&a;</text></svg>`,
    ],
    ['100,000 deep', `<svg ${NS} viewBox="0 0 9 9">${'<g>'.repeat(100_000)}${'</g>'.repeat(100_000)}</svg>`],
  ])('a hostile file is refused, and the next one is drawn: %s', { timeout: 30_000 }, (_name, svg) => {
    expect(() => drawSvg(bytes(svg), '#fff')).toThrow()
    expect(drawSvg(bytes(`<svg ${NS} viewBox="0 0 1 1"/>`), '#fff').width).toBe(1_440)
  })

  it.each([
    ['as a picture of its own might', 24, 1, true],
    ['that fill the memory', 20_000, 1, false],
    ['that fill it together', 6_000, 2, false],
  ])('pictures within are drawn or refused: %s', (_name, side, count, isDrawn) => {
    const href = `data:image/&k;;base64,${png(side)}`
    const image = `<image width="9" height="9" href="${href}"/>`.repeat(count)
    const file = bytes(`<!DOCTYPE svg [<!ENTITY k "png">]><svg ${NS} viewBox="0 0 9 9">${image}</svg>`)
    if (isDrawn) expect(drawSvg(file, '#fff').data[0]).toBe(0)
    else expect(() => drawSvg(file, '#fff')).toThrow('too many pixels within')
  })

  it('an SVG within is refused, which could hide more', () => {
    const inner = Buffer.from(`<svg ${NS} viewBox="0 0 1 1"/>`).toString('base64')
    const image = `<image width="9" height="9" href="data:image/svg+xml;base64,${inner}"/>`
    expect(() => drawSvg(bytes(`<svg ${NS} viewBox="0 0 9 9">${image}</svg>`), '#fff')).toThrow('within')
  })

  it('reads no other file', () => {
    const { data } = drawSvg(
      bytes(
        `<svg ${NS} viewBox="0 0 9 9"><image width="9" height="9" href="${import.meta.filename}"/></svg>`,
      ),
      '#fff',
    )
    expect(data.every((value) => value === 255)).toBe(true)
  })
})

/** A black square, in base64. */
function png(side: number): string {
  const chunk = (name: string, data: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(name), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  head[8] = 1
  const lines = deflateSync(Buffer.alloc((Math.ceil(side / 8) + 1) * side))
  const chunks = [chunk('IHDR', head), chunk('IDAT', lines), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks]).toString('base64')
}

/** Each level ten times the one below it. */
function copies(levels: number): string {
  const of = (level: number): string => `<use xlink:href="#a${level - 1}"/>`.repeat(10)
  return Array.from(
    { length: levels },
    (_, level) => `<g id="a${level}">${level === 0 ? '<rect width="1" height="1"/>' : of(level)}</g>`,
  ).join('')
}

describe('a frame of a camera', () => {
  const luma = {
    bytes: Uint8Array.from([10, 20, 30, 40, 99, 50, 60, 70, 80, 99]),
    stride: 5,
    width: 4,
    height: 2,
  }
  const greys = (side: number): number[] => [...greyPixels(luma, side).data].filter((_, at) => at % 4 === 0)

  it('is its brightness, without what stands behind each line', () => {
    const { width, height, data } = greyPixels(luma, 100)
    expect([width, height]).toEqual([4, 2])
    expect([...data.subarray(0, 8)]).toEqual([10, 10, 10, 255, 20, 20, 20, 255])
    expect(greys(100)).toEqual([10, 20, 30, 40, 50, 60, 70, 80])
  })

  it('is made smaller by the mean of what each pixel covers', () => {
    expect(greys(2)).toEqual([35, 55])
    expect(greys(3)).toEqual([10, 20, 35, 50, 60, 75])
  })
})
