/** Cards to be printed and cut apart: one file without scripts, requests or anything that is not on the paper. */
import { type CardWords, cardPicture, escapeMarkup } from './pictures.ts'

export interface PageCard extends CardWords {
  link: string
  /** For the one who hands the cards out: whom this one is for. Private, so it stands on a strip that is kept. */
  label: string | null
}

/** Pixels in which a card is drawn; on paper the style says how wide it is. */
const CARD_WIDTH = 1_000

/** All of it hangs on `.paper`, so that the window can put the same thing before its printer. */
const STYLE = `
  @page { margin: 12mm }
  body { margin: 0 }
  .paper { background: #fff; color: #1a2124; font: 9pt/1.3 system-ui, sans-serif }
  @media screen { .paper { padding: 8mm } }
  .cards { display: grid; grid-template-columns: repeat(auto-fill, 56mm); gap: 7mm 8mm }
  .card { break-inside: avoid }
  .card svg { display: block; width: 100%; height: auto }
  .strip { display: flex; gap: 2mm; justify-content: space-between; align-items: baseline;
    border-bottom: 1px dashed #82898a; padding: 0 1mm 1.5mm; margin-bottom: 2mm; color: #5b6568; font-size: 7.5pt }
  .strip b { color: #1a2124; font-size: 9pt; overflow-wrap: anywhere }
  .strip span { flex: none }
`

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
<main class="paper"><div class="cards">
${cards.map(cardOf).join('\n')}
</div></main>
</body>
</html>
`
}

function cardOf({ link, label, ...words }: PageCard): string {
  const strip =
    label === null
      ? ''
      : `<div class="strip"><b><bdi>${escapeMarkup(label)}</bdi></b><span>keep this strip</span></div>`
  return `<section class="card">${strip}${cardPicture(link, words, CARD_WIDTH)}</section>`
}
