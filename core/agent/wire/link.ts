import { E2E_VERSIONS } from '#core/crypto'
import { agreeVersion, type VersionRange } from '#core/encoding'
import { plainHosts, scanHost } from '#core/protocol'
import { AGENT_VERSIONS, FINGERPRINT, MOST_IN_BYTE, SMPC_VERSIONS } from './constants.ts'
import { LinkError, type LinkReason } from './errors.ts'
import { readFullLink, type ContactLink, type InvitationLink } from './full-link.ts'
import { Piece } from './piece.ts'
import { readShortLink, shortLinkType, type ShortLink } from './short-link.ts'

export type ConnectionLink = InvitationLink | ContactLink | ShortLink

/** Schemes without a host; `duplex:` is our own name for the same thing. */
const OWN_SCHEMES = ['simplex:/', 'duplex:/']
const WEB_SCHEME = 'https://'

/**
 * Reads a link of any version, from the first character to the last. Throws `LinkError` 'link.invalid' with the offset
 * and the part that did not read. Linear in the text. agent.md 5.1, 5.4
 */
export function readConnectionLink(text: string): ConnectionLink {
  const whole = Piece.whole(text)
  const { host, path } = readScheme(whole)
  const hash = path.text.indexOf('#')
  if (hash < 0) path.refuse(path.text.length, 'fragment')
  const end = path.text[hash - 1] === '/' ? hash - 1 : hash
  const type = path.text.slice(0, end)
  const fragment = path.slice(hash + 1)
  if (type === 'invitation' || type === 'contact') {
    if (!fragment.text.startsWith('/?')) fragment.refuse(0, 'fragment')
    return readFullLink(type, fragment.slice(2))
  }
  const short = shortLinkType(type)
  return short ? readShortLink(short, host, fragment) : path.refuse(0, 'type')
}

/** Any host will do, nobody asks it anything; but it must be one, without name or password in front. */
function readScheme(whole: Piece): { host: string | null; path: Piece } {
  const own = OWN_SCHEMES.find((scheme) => whole.text.startsWith(scheme))
  if (own) return { host: null, path: whole.slice(own.length) }
  if (!whole.text.startsWith(WEB_SCHEME)) whole.refuse(0, 'scheme')
  const slash = whole.text.indexOf('/', WEB_SCHEME.length)
  const end = slash < 0 ? whole.text.length : slash
  const authority = whole.slice(WEB_SCHEME.length, end)
  if (authority.text.length > MOST_IN_BYTE) authority.refuse(MOST_IN_BYTE, 'host')
  const plain = plainHosts(authority.text)
  const host = scanHost(plain)
  const isHost = host !== null && /^(?::\d{1,5})?$/.test(plain.slice(host.length))
  if (!isHost || /[@?#]/.test(authority.text)) return authority.refuse(0, 'host')
  if (slash < 0) return whole.refuse(end, 'type')
  return { host: host.text, path: whole.slice(slash + 1) }
}

/**
 * The link behind a text, if this client can use it: `readConnectionLink`, and a common version in each of the three
 * scopes ('link.version'), and a relay that can be recognised.
 */
export function parseConnectionLink(text: string): ConnectionLink {
  const link = readConnectionLink(text)
  if (link.form === 'short') {
    const { keyHash } = link.server
    if (keyHash && keyHash.length !== FINGERPRINT) refuse(text, 'c=', 'link-fingerprint', 'link.invalid')
    return link
  }
  const [queue] = link.queues
  if (queue.server.keyHash.length !== FINGERPRINT) refuse(text, 'smp=', 'queue-fingerprint', 'link.invalid')
  requireCommon(link.agentVersions, AGENT_VERSIONS, text, 'v=', 'agent-version')
  requireCommon(queue.versions, SMPC_VERSIONS, text, 'smp=', 'queue-version')
  if (link.kind === 'invitation') requireCommon(link.e2e.versions, E2E_VERSIONS, text, 'e2e=', 'e2e-version')
  return link
}

function requireCommon(
  theirs: VersionRange,
  ours: VersionRange,
  text: string,
  param: string,
  reason: LinkReason,
): void {
  if (agreeVersion(theirs, ours) === null) refuse(text, param, reason, 'link.version')
}

/** Points at the parameter, which is there: the link was read. */
function refuse(
  text: string,
  param: string,
  reason: LinkReason,
  code: 'link.invalid' | 'link.version',
): never {
  const at = text.search(new RegExp(`[?&;]${param}`))
  throw new LinkError(code, at < 0 ? 0 : at + 1 + param.length, reason)
}
