/* What the address bar holds, read only as far as it takes to say what it is. The app reads it properly. */

export interface OpenedLink {
  readonly kind: 'invitation' | 'contact'
  /** For the button. */
  readonly app: string
  /** The same for other apps of this network. */
  readonly network: string
  /** For people and for the QR code. */
  readonly share: string
}

export interface Place {
  readonly protocol: string
  readonly host: string
  readonly hostname: string
  readonly pathname: string
  readonly hash: string
}

/** Lengths of base64url texts: 24 bytes of a link id, 32 of a link key. agent.md 5.4 */
const SHORT_IDS = /^(?:([\w-]{32})\/)?([\w-]{43})=?$/
const KIND_OF_PATH: Readonly<Record<string, 'invitation' | 'contact'>> = {
  i: 'invitation',
  invitation: 'invitation',
  a: 'contact',
  contact: 'contact',
}

/** Null: no link, or one that was cut or changed on its way. */
export function openedLink(place: Place): OpenedLink | null {
  const { hash } = place
  // Whatever else stands in it, a link consists of visible ASCII characters.
  if (!/^#[\x21-\x7e]+$/.test(hash)) return null
  const read = hash.startsWith('#/?') ? fullLink(hash) : shortLink(place)
  if (read === null) return null
  const name = place.pathname.split('/').findLast((part) => part !== '') ?? ''
  const said = Object.hasOwn(KIND_OF_PATH, name.toLowerCase()) ? KIND_OF_PATH[name.toLowerCase()] : undefined
  // A path that says something else: one of the two is wrong.
  if (said !== undefined && said !== read.kind) return null
  const served = place.protocol === 'https:' || place.protocol === 'http:'
  const share =
    served && said !== undefined ? `${place.protocol}//${place.host}${place.pathname}${hash}` : null
  const network = `simplex:/${read.rest}`
  return { kind: read.kind, app: `duplex:/${read.rest}`, network, share: share ?? network }
}

interface ReadLink {
  readonly kind: 'invitation' | 'contact'
  /** What follows the scheme. */
  readonly rest: string
}

/** agent.md 5.1: a version and a queue, and keys where it is for one person. */
function fullLink(hash: string): ReadLink | null {
  const query = new URLSearchParams(hash.slice('#/?'.length))
  const isWhole = /^\d/.test(query.get('v') ?? '') && /^smp:\/\/.+@.+\/.+#/.test(query.get('smp') ?? '')
  if (!isWhole) return null
  const kind = query.has('e2e') ? 'invitation' : 'contact'
  return { kind, rest: `${kind}${hash}` }
}

/**
 * agent.md 5.4. On the web the first relay is the host of the address; elsewhere every relay has to be named in `h`, so
 * the host goes in front there.
 */
function shortLink(place: Place): ReadLink | null {
  const question = place.hash.indexOf('?')
  const ids = question < 0 ? place.hash.slice(1) : place.hash.slice(1, question)
  const found = SHORT_IDS.exec(ids)
  if (found === null) return null
  const kind = found[1] === undefined ? 'contact' : 'invitation'
  const parts = question < 0 ? [] : place.hash.slice(question + 1).split('&')
  const others = parts.find((part) => part.startsWith('h='))?.slice('h='.length) ?? ''
  const own = place.protocol === 'file:' ? '' : encodeURIComponent(place.hostname)
  const named = others
    .split(/%2c|,/i)
    .some((host) => host.toLowerCase().replace(/\.$/, '') === own.toLowerCase())
  const hosts = [named ? '' : own, others].filter((part) => part !== '').join('%2C')
  if (hosts === '') return null
  const query = [`h=${hosts}`, ...parts.filter((part) => part !== '' && !part.startsWith('h='))].join('&')
  return { kind, rest: `${kind === 'invitation' ? 'i' : 'a'}#${ids}?${query}` }
}
