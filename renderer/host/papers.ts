/** What leaves the window on paper or as a picture: a file where the person says, the clipboard, the printer. */
export interface HostPapers {
  /** A PNG or a page of HTML, as a data URI; `name` is without extension. False when the person chose no place. */
  saveFile(name: string, file: string): Promise<boolean>
  /** A PNG as a data URI. */
  copyPicture(picture: string): Promise<void>
  /** A page of HTML as a data URI: the system asks the person for a printer. */
  printPage(page: string): void
}

export const webPapers: HostPapers = {
  saveFile(name, file) {
    const blob = blobOf(file)
    const url = URL.createObjectURL(blob)
    const link = document.createElement('a')
    link.href = url
    link.download = `${name}.${blob.type === 'image/png' ? 'png' : 'html'}`
    link.click()
    // the download has begun by then; without it the file stays in memory
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
    return Promise.resolve(true)
  },
  copyPicture: (picture) => navigator.clipboard.write([new ClipboardItem({ 'image/png': blobOf(picture) })]),
  printPage(page) {
    const paper = paperOf(new TextDecoder().decode(bytesOf(page)))
    for (const old of document.querySelectorAll('[data-paper]')) old.remove()
    document.body.append(paper)
    // `base.css` leaves nothing but the paper to a printer
    window.addEventListener('afterprint', () => paper.remove(), { once: true })
    window.print()
  },
}

/** The page in a tree of its own, so that its style and the window's do not meet. The content policy takes no inline style. */
function paperOf(html: string): HTMLElement {
  const style = /<style>([^<]*)<\/style>/.exec(html)?.[1] ?? ''
  const page = new DOMParser().parseFromString(html.replace(/<style>[^<]*<\/style>/, ''), 'text/html')
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style)
  const paper = document.createElement('div')
  paper.dataset['paper'] = ''
  const tree = paper.attachShadow({ mode: 'open' })
  tree.adoptedStyleSheets = [sheet]
  tree.append(...page.body.children)
  return paper
}

function blobOf(file: string): Blob {
  return new Blob([bytesOf(file)], { type: /^data:([^;,]+)/.exec(file)?.[1] ?? '' })
}

function bytesOf(file: string): Uint8Array<ArrayBuffer> {
  const base64 = file.slice(file.indexOf(',') + 1)
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
}
