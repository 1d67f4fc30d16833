import { create } from 'qrcode'
import { openedLink, type OpenedLink } from './link.ts'

/* Runs in any browser. The link goes from the address bar into this page and nowhere else: no request, no storage, no title. */

const WORDS = {
  invitation: {
    title: 'You were invited to connect',
    lead: 'This link works for one person. Whoever opens it first is connected, so let the sender know it was you.',
  },
  contact: {
    title: 'Connect to this address',
    lead: 'Anyone who has this link can ask to connect. The person behind it decides whom to accept.',
  },
} as const

/** How long an app may take to come to the front before the page offers help. flows.md 10, LND-4 */
const OPEN_PATIENCE = 2_000
/** Modules of white around a code. ISO/IEC 18004, 9.1 */
const QUIET = 4

function byId(id: string): HTMLElement {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`the page has no ${id}`)
  return element
}

function show(id: string, visible = true): void {
  byId(id).hidden = !visible
}

function render(): void {
  const link = openedLink(location)
  document.documentElement.dataset['state'] = link?.kind ?? 'broken'
  show('plain', false)
  show('main', link !== null)
  show('broken', link === null)
  show('help', false)
  if (link !== null) renderLink(link)
}

function renderLink(link: OpenedLink): void {
  const { title, lead } = WORDS[link.kind]
  byId('title').textContent = title
  byId('lead').textContent = lead
  byId('open').setAttribute('href', link.app)
  byId('other').setAttribute('href', link.network)
  byId('copied').textContent = ''
  show('actions')
  show('others')
  show('code', drawCode(link.share))
}

/** False for a link that no code can hold. */
function drawCode(text: string): boolean {
  try {
    const { modules } = create(text, { errorCorrectionLevel: text.length > 300 ? 'L' : 'M' })
    const { size } = modules
    const runs: string[] = []
    for (let y = 0; y < size; y += 1) {
      for (let x = 0; x < size; x += 1) if (modules.get(y, x)) runs.push(`M${x + QUIET} ${y + QUIET}h1v1h-1z`)
    }
    byId('qr').setAttribute('viewBox', `0 0 ${size + 2 * QUIET} ${size + 2 * QUIET}`)
    byId('qr-path').setAttribute('d', runs.join(''))
    return true
  } catch {
    return false
  }
}

async function copyLink(): Promise<void> {
  const link = openedLink(location)
  if (link === null) return
  byId('copied').textContent = ''
  const done = await navigator.clipboard.writeText(link.share).then(
    () => true,
    () => false,
  )
  byId('copied').textContent = done
    ? 'Link copied'
    : 'This browser does not let the page copy. Copy the whole address from the address bar.'
}

/** Only offers help: the page never leads anywhere by itself. */
function watchOpening(): void {
  const timer = setTimeout(() => show('help'), OPEN_PATIENCE)
  const away = (): void => clearTimeout(timer)
  window.addEventListener('blur', away, { once: true })
  document.addEventListener('visibilitychange', away, { once: true })
}

byId('open').addEventListener('click', watchOpening)
byId('copy').addEventListener('click', () => void copyLink())
window.addEventListener('hashchange', render)
render()
