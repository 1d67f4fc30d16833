/** Pictures of links, as SVG: a bare code, and a card with the words that somebody needs who gets it on paper. */
import type { Reach } from '#core/contract'
import { drawCode } from './code.ts'

export const FONT = 'DejaVu Sans'
const FONTS = `${FONT}, sans-serif`
const HEAD = 'xmlns="http://www.w3.org/2000/svg"'
/** The light colours of the design, whatever the theme: a card is paper. */
const COLOUR = {
  code: '#000',
  paper: '#fff',
  ink: '#1A2124',
  quiet: '#475154',
  line: '#DBD8D1',
  petrol: '#0D5963',
  tint: '#E3EFEF',
  veil: '#E9E8E5',
  saffron: '#EBA937',
}

export type LinkKind = 'invitation' | 'address'

/** What to do with the card, in lines that fit it; and what stands in the place of a name. */
const WORDS: Readonly<Record<LinkKind, { nobody: string; hints: Readonly<Record<Reach, Hint>> }>> = {
  invitation: {
    nobody: 'You are invited to connect',
    hints: {
      internet: ['Scan with Duplex or SimpleX Chat.', 'It works once, for one person.'],
      'local-network': [
        'Scan with Duplex or SimpleX Chat. It works',
        'once, and in the same local network only.',
      ],
      'this-computer': ['It works once, and only on the computer', 'on which it was made.'],
    },
  },
  address: {
    nobody: 'Send me a request',
    hints: {
      internet: ['Scan with Duplex or SimpleX Chat', 'to ask for a connection.'],
      'local-network': ['Scan with Duplex or SimpleX Chat. It works', 'in the same local network only.'],
      'this-computer': ['It works only on the computer', 'on which it was made.'],
    },
  },
}

type Hint = readonly [string, string]

export interface CardWords {
  kind: LinkKind
  /** Whose card it is; null: nobody is named. */
  title: string | null
  /** Who can use the link. */
  reach: Reach
}

/** `size` pixels square. Whole pixels for each module: what is left over widens the quiet zone. */
export function codePicture(link: string, size: number): string {
  return (
    `<svg ${HEAD} width="${size}" height="${size}" viewBox="0 0 ${size} ${size}">` +
    `<rect width="${size}" height="${size}" fill="${COLOUR.paper}"/>${codeIn(link, 0, 0, size)}</svg>`
  )
}

/* ---- the card, in units of a width of 100 */

const HEIGHT = 121
/** The code with its quiet zone. */
const CODE = { left: 7, top: 4, size: 86 }
/** The plate under it is cut by the step of the design: its start lies lower than its end. */
const PLATE =
  'M1 99.5H64a2.5 2.5 0 0 0 2.5-2.5V95.5a2.5 2.5 0 0 1 2.5-2.5H99V115a5 5 0 0 1-5 5H6a5 5 0 0 1-5-5z'
const EDGE =
  'M6 .8H94a5.2 5.2 0 0 1 5.2 5.2V115a5.2 5.2 0 0 1-5.2 5.2H6a5.2 5.2 0 0 1-5.2-5.2V6A5.2 5.2 0 0 1 6 .8z'
/** One half of the tally, on a grid of 24: design/logo.svg */
const HALF =
  'M8.5 2H14.25a.5.5 0 0 1 .5.5V9.5a1.75 1.75 0 0 1-1.75 1.75H11a3.25 3.25 0 0 0-3.25 3.25V21.5a.5.5 0 0 1-.5.5H4' +
  'A2 2 0 0 1 2 20V8.5A6.5 6.5 0 0 1 8.5 2z'
const TALLY = { left: 6, top: 103, scale: 0.5 }
const TEXT = { left: 22, room: 72, title: 106.6, hint: [111.6, 115.9], size: 3.2, largest: 5 }

/** `width` pixels wide. The code keeps whole pixels, everything else scales. */
export function cardPicture(link: string, { kind, title, reach }: CardWords, width: number): string {
  const one = width / 100
  const height = Math.round(HEIGHT * one)
  const { nobody, hints } = WORDS[kind]
  const hint = hints[reach]
  const heading = title ?? nobody
  const drawn =
    `<path d="${PLATE}" fill="${title === null ? COLOUR.veil : COLOUR.tint}"/>` +
    `<path d="${EDGE}" fill="none" stroke="${COLOUR.line}" stroke-width=".4"/>` +
    `<g transform="translate(${TALLY.left} ${TALLY.top}) scale(${TALLY.scale})">` +
    `<path d="${HALF}" fill="${COLOUR.petrol}"/>` +
    `<path d="${HALF}" fill="${COLOUR.saffron}" transform="rotate(180 12 12)"/></g>` +
    textLine(heading, TEXT.title, titleSize(heading), 'bold', COLOUR.ink) +
    hint.map((line, at) => textLine(line, TEXT.hint[at]!, TEXT.size, 'normal', COLOUR.quiet)).join('')
  const px = (units: number): number => Math.round(units * one)
  return (
    `<svg ${HEAD} width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<rect width="${width}" height="${height}" fill="${COLOUR.paper}"/><g transform="scale(${one})">${drawn}</g>` +
    `${codeIn(link, px(CODE.left), px(CODE.top), px(CODE.size))}</svg>`
  )
}

/** The code in the middle of a square, as large as whole pixels allow. */
function codeIn(link: string, left: number, top: number, size: number): string {
  const { side, path } = drawCode(link)
  const scale = Math.max(1, Math.floor(size / side))
  const rest = Math.max(0, Math.floor((size - side * scale) / 2))
  return (
    `<path transform="translate(${left + rest} ${top + rest}) scale(${scale})" d="${path}" fill="${COLOUR.code}" ` +
    'shape-rendering="crispEdges"/>'
  )
}

function textLine(text: string, y: number, size: number, weight: 'bold' | 'normal', colour: string): string {
  return (
    `<text x="${TEXT.left}" y="${y}" font-family="${FONTS}" font-size="${size}" font-weight="${weight}" ` +
    `fill="${colour}" unicode-bidi="plaintext">${escapeMarkup(text)}</text>`
  )
}

/** Width of one character in the widest scripts, in parts of the font's size. */
const WIDE = 1.05

function titleSize(text: string): number {
  const characters = [...text]
  const width = characters.reduce((sum, one) => sum + (one.codePointAt(0)! < 0x1100 ? 0.72 : WIDE), 0)
  return Math.min(TEXT.largest, TEXT.room / Math.max(width, 1))
}

const MARKUP: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Names are text of people: nothing in them is ever markup. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (char) => MARKUP[char] ?? '')
}
