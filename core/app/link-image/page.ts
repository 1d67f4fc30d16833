/** Cards to be printed and cut apart: one file without scripts, requests or anything that is not on the paper. */
import { type CardWords, codePicture, escapeMarkup } from './pictures.ts'

export interface PageCard extends CardWords {
  link: string
  /** For the one who hands the cards out: whom this one is for. */
  label: string | null
}

const CODE_SIZE = 320 // pixels of a screen; on paper the style says how wide it is

const STYLE = `
  @page { margin: 12mm }
  body { margin: 0; background: #fff; color: #000; font: 10pt/1.35 system-ui, sans-serif }
  @media screen { body { padding: 6mm } }
  main { display: grid; grid-template-columns: repeat(auto-fill, minmax(82mm, 1fr)); gap: 6mm }
  section { break-inside: avoid; border: 1px dashed #767676; padding: 4mm; text-align: center; overflow-wrap: anywhere }
  svg { display: block; width: 70mm; height: 70mm; margin: 0 auto }
  h2 { margin: 0 0 2mm; font-size: 11pt }
  p { margin: 1mm 0 }
  .name { font-weight: 600; font-size: 13pt }
`

const HINTS: Readonly<Record<CardWords['kind'], string>> = {
  invitation: 'Scan this code with Duplex or SimpleX Chat to connect: it works once, for one person.',
  address: 'Scan this code with Duplex or SimpleX Chat to send a request to connect.',
}

export function printablePage(cards: readonly PageCard[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>Duplex: cards to connect</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${cards.map(cardOf).join('\n')}
</main>
</body>
</html>
`
}

function cardOf({ link, kind, title, label }: PageCard): string {
  const heading = label === null ? '' : `<h2><bdi>${escapeMarkup(label)}</bdi></h2>`
  const name = title === null ? '' : `<p class="name"><bdi>${escapeMarkup(title)}</bdi></p>`
  return `<section>${heading}${codePicture(link, CODE_SIZE)}${name}<p>${HINTS[kind]}</p></section>`
}
