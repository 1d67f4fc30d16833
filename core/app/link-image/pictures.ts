/** Pictures of links, as SVG: a bare code, and a card with the words that somebody needs who gets it on paper. */
import { type Code, drawCode } from './code.ts'

export const FONT = 'DejaVu Sans'
const FONTS = `${FONT}, sans-serif`
const DARK = '#000'
const LIGHT = '#fff'
const HEAD = 'xmlns="http://www.w3.org/2000/svg"'

export type LinkKind = 'invitation' | 'address'

/** One sentence, in lines that fit a card. */
const HINTS: Readonly<Record<LinkKind, readonly string[]>> = {
  invitation: ['Scan this code with Duplex or SimpleX Chat', 'to connect: it works once, for one person.'],
  address: ['Scan this code with Duplex or SimpleX Chat', 'to send a request to connect.'],
}

export interface CardWords {
  kind: LinkKind
  /** Whose card it is; null: nobody is named. */
  title: string | null
}

/** `size` pixels square. Whole pixels for each module: what is left over widens the quiet zone. */
export function codePicture(link: string, size: number): string {
  return (
    `<svg ${HEAD} width="${size}" height="${size}" viewBox="0 0 ${size} ${size}">` +
    `<rect width="${size}" height="${size}" fill="${LIGHT}"/>${codeIn(drawCode(link), 0, 0, size)}</svg>`
  )
}

/** `width` pixels wide, in proportions of a width of 100. */
export function cardPicture(link: string, words: CardWords, width: number): string {
  const one = width / 100
  const px = (units: number): number => Math.round(units * one)
  const nameTop = 92
  const hintTop = words.title === null ? nameTop + 2 : nameTop + 9
  const height = px(hintTop + 14)
  const lines = HINTS[words.kind].map((line, index) =>
    textLine(line, px(50), px(hintTop + index * 5), px(3.4)),
  )
  const title =
    words.title === null ? '' : textLine(words.title, px(50), px(nameTop), px(titleSize(words.title)))
  return (
    `<svg ${HEAD} width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<rect width="${width}" height="${height}" fill="${LIGHT}"/>` +
    `${codeIn(drawCode(link), px(8), px(1), px(84))}${title}${lines.join('')}</svg>`
  )
}

/** The code in the middle of a square, as large as whole pixels allow. */
function codeIn({ side, path }: Code, left: number, top: number, size: number): string {
  const scale = Math.max(1, Math.floor(size / side))
  const rest = Math.max(0, Math.floor((size - side * scale) / 2))
  return (
    `<path transform="translate(${left + rest} ${top + rest}) scale(${scale})" d="${path}" fill="${DARK}" ` +
    'shape-rendering="crispEdges"/>'
  )
}

function textLine(text: string, x: number, y: number, size: number): string {
  return (
    `<text x="${x}" y="${y}" font-family="${FONTS}" font-size="${size}" fill="${DARK}" text-anchor="middle" ` +
    `style="unicode-bidi:plaintext">${escapeMarkup(text)}</text>`
  )
}

/** Width of one character in the widest scripts, in parts of the font's size, and the room for a name. */
const WIDE = 1.05
const ROOM = 84
const LARGEST = 6

function titleSize(text: string): number {
  const characters = [...text]
  const width = characters.reduce((sum, one) => sum + (one.codePointAt(0)! < 0x1100 ? 0.68 : WIDE), 0)
  return Math.min(LARGEST, ROOM / Math.max(width, 1))
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
