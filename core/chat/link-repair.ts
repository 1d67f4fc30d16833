/**
 * What happens to a link on its way, undone: only text in and text out, whether it is a link is asked elsewhere. A
 * repair never makes another host of the one that was meant: where that is not sure, the text stays broken.
 */

/** A host that stands there without a scheme. */
const HOST = String.raw`(?:(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}|\d{1,3}(?:\.\d{1,3}){3}|localhost)(?::\d{1,5})?`
/** The path of a link, what trackers put behind it, and the sign that its keys follow. agent.md 5.1, 5.4 */
const PATH = String.raw`\/(?:invitation|contact|file|[iagcr])\/?(?:\?[^\s#]{0,1000})?(?:#|%23)`
/** A name by which people and groups of this network are looked up. */
const NAME = String.raw`(?<![\w.@#/])[@#](?:[\p{L}\p{N}][\p{L}\p{N}-]{0,62}\.){1,6}(?:simplex|testing)(?![\w-])`

/** Where something link-like starts. */
export const LINK_START = new RegExp(
  [
    String.raw`simplex:\/|duplex:\/|https?:\/\/|smp:\/\/|\b[a-z][a-z0-9+-]{1,15}:\/\/`,
    String.raw`\b(?:mailto|tg|sgnl|xmpp|tox|matrix):`,
    String.raw`(?:simplex|duplex|https?)%3a%2f`,
    String.raw`(?<![a-z0-9.@_%:/-])${HOST}${PATH}`,
    NAME,
  ].join('|'),
  'giu',
)
/** What no link contains unescaped: it ends there, as at everything that is not ASCII. agent.md 5.1 escapes all of these. */
const END = /[\s<>"'`|\\^{}()[\]*]|[^\x21-\x7e]/gu
/** A host may be written in any letters; so much of a text may be one. */
const AUTHORITY = /[a-z][a-z0-9+-]{1,15}:\/\/[^\s/?#<>"'`|\\^{}()[\]*]{1,600}/iuy
const IPV6 = /\[[0-9a-f:.]{2,45}\]/iy
const TRAILING = '.,;:!?'
/** Not drawn, but copied along: zero width characters, soft hyphens, direction marks, byte order marks. */
export const INVISIBLE = /[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g
/** A line break inside a link, with the quote marks of a reply, and the piece of link after it. */
export const WRAPPED = /[ \t\u00a0]*(?:\r\n?|\n|\u2028)[ \t>|]*([A-Za-z0-9\-._~%&=#/?;:+@,]+)/y

/** The longest run without a character that links escape; at least one character long. */
export function endOfLink(text: string, at: number): number {
  AUTHORITY.lastIndex = at
  const authority = AUTHORITY.exec(text)?.[0] ?? ''
  // Letters of other scripts belong to it only where the path of a link follows: else it ends before them.
  const isHost = /^[/?#[]/.test(text.charAt(at + authority.length))
  END.lastIndex = at + Math.max(1, isHost ? authority.length : 0)
  for (;;) {
    const end = END.exec(text)?.index ?? text.length
    IPV6.lastIndex = end
    if (!/[/@,]/.test(text.charAt(end - 1)) || !IPV6.test(text)) return end
    END.lastIndex = IPV6.lastIndex
  }
}

/**
 * What stands before a host without a scheme, where a line begins with it: the beginning of the same host, which a break
 * went through ('host'), perhaps that ('unsure'), or nothing of it. Without it the host would be another one.
 */
export function beforeHost(text: string, at: number): { part: string; is: 'host' | 'unsure' } | null {
  if (!/^[a-z0-9]/i.test(text.charAt(at)) || text.slice(at, at + 24).includes(':/')) return null
  const above = /([^\n]*?)([^\s>]+)[ \t]*\r?\n[ \t>]*$/.exec(text.slice(Math.max(0, at - 400), at))
  if (above === null) return null
  const [, before = '', part = ''] = above
  if (/^[\s>]*$/.test(before) && /^[a-z0-9][a-z0-9.-]{0,252}[.-]$/i.test(part)) return { part, is: 'host' }
  return /\/|[.-][a-z0-9]|-$/i.test(part) ? { part: '', is: 'unsure' } : null
}

/** Signs as JSON and Markdown write them, so that nothing in them means more. */
export function unescaped(text: string): string {
  return text
    .replace(/\\u00([2-7][0-9a-f])/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\([/_&#=?.~-])/g, '$1')
}

/** One link as it was written, of the run of characters that begins with it. */
export function repairedLink(raw: string): string {
  let text = withScheme(withoutTrailing(plainText(raw)))
  text = withHash(text)
  return withoutTracking(text)
}

/** Signs that pages write as names or numbers. */
export function plainText(text: string): string {
  return text
    .replaceAll('&amp;', '&')
    .replace(/&#(?:x([0-9a-f]{1,2})|(\d{2,3}));/gi, (_all, hex: string | undefined, decimal: string) =>
      String.fromCharCode(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)),
    )
}

function withoutTrailing(text: string): string {
  let end = text.length
  while (end > 0 && TRAILING.includes(text[end - 1]!)) end--
  return text.slice(0, end)
}

/** In small letters, and ours for our own name of it; `https` where it was left out or is the older one of a connection link. */
function withScheme(text: string): string {
  if (/^(?:simplex|duplex|https?)%3a%2f/i.test(text)) {
    const plain = percentDecoded(text)
    return plain === text ? text : withScheme(plain)
  }
  if (BARE.test(text)) return withScheme(`https://${text}`)
  const colon = text.indexOf(':')
  if (colon < 0) return text
  const scheme = text.slice(0, colon).toLowerCase()
  const rest = text.slice(colon)
  if (scheme === 'duplex' || scheme === 'simplex')
    return `simplex${rest.replace(/^:\/{2,3}(?=[a-z])/i, ':/')}`
  if (scheme !== 'http' && scheme !== 'https') return scheme + rest
  const [, host = '', behind = ''] = /^:\/\/([^/?#]*)(.*)$/s.exec(rest) ?? []
  // A name in front of the host means nothing to a relay and only makes the host look like another: it is warned of.
  const own = /^\/(?:invitation|contact|file|[iagcr])\/?(?:[?#]|%23|$)/i.test(behind)
  return own ? `https://${host.slice(host.lastIndexOf('@') + 1).toLowerCase()}${behind}` : scheme + rest
}
const BARE = new RegExp(`^${HOST}${PATH}`, 'i')

/** A `#` that was written as `%23`, alone or with all that follows. */
function withHash(text: string): string {
  if (text.includes('#')) return text
  const at = text.search(/%23/)
  if (at < 0 || !OWN_PATH.test(text.slice(0, at))) return text
  const keys = text.slice(at + '%23'.length)
  const isEscaped = !/[/?]/.test(keys) && /%(?:2f|3f)/i.test(keys)
  return `${text.slice(0, at)}#${isEscaped ? percentDecoded(keys) : keys}`
}
const OWN_PATH = /^(?:simplex:|https:\/\/[^/?#]{1,300})\/(?:invitation|contact|file|[iagcr])\/?(?:\?[^#]*)?$/i

/** Whatever stands between the path and the keys is no part of a link. */
function withoutTracking(text: string): string {
  const hash = text.indexOf('#')
  const question = text.indexOf('?')
  if (question < 0 || question > hash || !OWN_PATH.test(text.slice(0, hash))) return text
  return text.slice(0, question) + text.slice(hash)
}

/** A link that a page on the web only passes on: what it leads to stands in it. */
export function linkInside(text: string): string | null {
  const found =
    /^https?:\/\/[^?#]{1,2000}\?[^#]{0,4000}?(?<=[?&;][^=&;#]{1,64}=)((?:simplex|duplex|https?)(?:%3a|:)(?:%2f|\/)[^&#]{1,40000})/i.exec(
      text,
    )?.[1]
  return found === undefined ? null : repairedLink(percentDecoded(found))
}

/** Whether a link that was broken before its keys may begin so. */
export function mayGoOnAsLink(raw: string): boolean {
  return /^https?:\/\/[^/?#]{1,300}(?:\/[a-z]{0,10}\/?(?:\?[^#]*)?)?$/i.test(raw)
}

/** Without what mail does to letters and lines; null where nothing of it is to be seen. */
export function unquoted(text: string): string | null {
  if (!/=3D|=\r?\n/.test(text)) return null
  const lines = text.replace(/=\r?\n/g, '')
  const plain = lines.replace(/=([0-9A-F]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return plain.slice(0, endOfLink(plain, 0))
}

function percentDecoded(text: string): string {
  try {
    const plain = decodeURIComponent(text)
    return plain.slice(0, endOfLink(plain, 0))
  } catch {
    return text
  }
}
