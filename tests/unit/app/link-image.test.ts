import { Resvg } from '@resvg/resvg-js'
import { describe, expect, it } from 'vitest'
import { ContractFailure } from '#core/contract'
import { drawCode } from '../../../core/app/link-image/code.ts'
import { printablePage } from '../../../core/app/link-image/page.ts'
import { cardPicture, codePicture } from '../../../core/app/link-image/pictures.ts'
import { toPng } from '../../../core/app/link-image/png.ts'
import { drawQr } from '../../../renderer/ui/qr-path.ts'
import { decoded } from '../../tools/pictures.ts'

const LONG = `https://simplex.chat/invitation#/?v=2-7&smp=smp%3A%2F%2F${'aB3-_'.repeat(60)}&e2e=${'Zz9%2B'.repeat(40)}`
const SHORT = `https://relay.example.org:5223/i#${'aB3-_'.repeat(9)}/${'Zz9-'.repeat(11)}`
const EVIL = '</text><script>alert(1)</script>"&\''

describe('the picture of a link', () => {
  it.each([
    ['a long link', LONG],
    ['a short link', SHORT],
  ])(
    'INV-5: of %s is a PNG of the size asked for that decodes to it, for a code and a card',
    async (_name, link) => {
      const code = decoded(await toPng(codePicture(link, 1_537)))
      expect(code).toMatchObject({ width: 1_537, height: 1_537, text: link })
      const words = { kind: 'invitation', title: 'Ann Łukasz', reach: 'internet' } as const
      const card = decoded(await toPng(cardPicture(link, words, 1_024)))
      expect(card).toMatchObject({ width: 1_024, text: link })
    },
    30_000, // pictures of a million pixels, on a computer that does other things as well
  )

  it('says who can use the link where that is not everybody, on a card and on every card of a page', () => {
    for (const kind of ['invitation', 'address'] as const) {
      for (const [reach, words] of [
        ['internet', /SimpleX Chat/],
        ['local-network', /local network only/],
        ['this-computer', /only on the computer/],
      ] as const) {
        const card = { link: SHORT, kind, title: null, reach, label: null }
        expect(cardPicture(SHORT, card, 1_024)).toMatch(words)
        expect(printablePage([card, card]).match(new RegExp(words, 'g'))).toHaveLength(2)
      }
    }
  })

  it('has the modules that the window draws, black on white, with four modules of white around', async () => {
    for (const link of [LONG, SHORT]) {
      expect(drawCode(link)).toEqual(drawQr(link))
      const { pixels, width } = decoded(await toPng(codePicture(link, 1_024)))
      const values = new Set<number>()
      for (let at = 0; at < pixels.length; at += 4) {
        values.add(pixels[at]! * 65_536 + pixels[at + 1]! * 256 + pixels[at + 2]!)
      }
      expect(values).toEqual(new Set([0, 0xff_ff_ff]))
      const { side } = drawCode(link)
      const quiet = 4 * Math.floor(width / side)
      const first = pixels.findIndex((value, at) => at % 4 === 0 && value === 0) / 4
      expect(Math.floor(first / width)).toBeGreaterThanOrEqual(quiet)
      expect(first % width).toBeGreaterThanOrEqual(quiet)
    }
  })

  it('draws the words of a card without any font of the system', () => {
    const drawn = (title: string | null): Buffer =>
      new Resvg(cardPicture(SHORT, { kind: 'address', title, reach: 'internet' }, 1_024), {
        font: { loadSystemFonts: false, fontFiles: ['node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf'] },
      })
        .render()
        .asPng()
    expect(drawn('Ann')).not.toEqual(drawn('Bob'))
    expect(decoded(drawn('Анна Ťuřková عرب')).text).toBe(SHORT)
  })

  it('refuses what no code can hold', () => {
    expect(() => codePicture('x'.repeat(3_000), 1_024)).toThrow(ContractFailure)
  })

  it('INV-12: never lets a name be markup, whatever it holds', async () => {
    const svg = cardPicture(SHORT, { kind: 'invitation', title: EVIL, reach: 'internet' }, 1_024)
    expect(svg).not.toContain('<script')
    expect(decoded(await toPng(svg)).text).toBe(SHORT)
    const html = printablePage([
      { link: LONG, kind: 'invitation', title: EVIL, reach: 'internet', label: EVIL },
    ])
    expect(html).not.toMatch(/<script|onerror|javascript:/)
    expect(html).toContain('&lt;script&gt;')
  })
})

describe('the printable page', () => {
  it('INV-11: holds a code for each link, and nothing that runs or asks anybody', async () => {
    const links = [LONG, SHORT]
    const html = printablePage(
      links.map((link, index) => ({
        link,
        kind: 'invitation',
        title: 'Ann',
        reach: 'internet',
        label: `guest ${index + 1}`,
      })),
    )
    const pictures = html.match(/<svg.*?<\/svg>/g) ?? []
    expect(pictures).toHaveLength(2)
    for (const [index, svg] of pictures.entries()) {
      const png = new Resvg(svg, { fitTo: { mode: 'width', value: 1_024 } }).render().asPng()
      expect(decoded(png).text).toBe(links[index])
    }
    expect(html).toContain(`default-src 'none'`)
    expect(html.replace(/http:\/\/www\.w3\.org\/2000\/svg/g, '')).not.toMatch(/https?:|src=|<link|url\(/)
    expect(html).toContain('guest 1')
    expect(html).toContain('Ann')
  })
})
