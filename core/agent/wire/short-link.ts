import { EMPTY } from '#core/base'
import { bytes8, char, mapped, toBase64Url, type Codec, type Reader } from '#core/encoding'
import { formatHostsAndPort, readHost, relayAddressCodec } from '#core/protocol'
import { MOST_IN_BYTE, SHORT_LINK_ID, SHORT_LINK_KEY } from './constants.ts'
import { percentEncode, Query, type Piece } from './piece.ts'
import type { LinkReason } from './errors.ts'

/** Where the data behind a short link lies; no fingerprint means one of the well-known relays. agent.md 5.4 */
export interface ShortLinkServer {
  readonly hosts: readonly string[]
  readonly port: string
  readonly keyHash: Uint8Array | null
}

export type ContactType = 'contact' | 'group' | 'channel' | 'relay'

interface ShortLinkFields {
  readonly form: 'short'
  readonly scheme: 'simplex' | 'https'
  readonly server: ShortLinkServer
  readonly linkKey: Uint8Array
}

/** A key to data at a relay; the data says how to connect (link-data.ts). agent.md 5.4 */
export type ShortLink =
  | (ShortLinkFields & { readonly kind: 'invitation'; readonly linkId: Uint8Array })
  /** The type is not authenticated: it says what to show, never whom to trust. */
  | (ShortLinkFields & { readonly kind: 'contact'; readonly contactType: ContactType })

const LETTERS: Readonly<Record<ContactType, string>> = { contact: 'a', group: 'g', channel: 'c', relay: 'r' }
const CONTACT_TYPES: Readonly<Record<string, ContactType>> = Object.fromEntries(
  (Object.keys(LETTERS) as ContactType[]).map((type) => [LETTERS[type], type]),
)

/* ---- text */

/** The meaning of the letter in the path; letters but `i` in either case. Null: not a short link. */
export function shortLinkType(path: string): 'invitation' | ContactType | null {
  if (path === 'i') return 'invitation'
  return path.length === 1 ? (CONTACT_TYPES[path.toLowerCase()] ?? null) : null
}

/** `ids` for everything after the `#`; `host` of the https form. */
export function readShortLink(
  type: 'invitation' | ContactType,
  host: string | null,
  fragment: Piece,
): ShortLink {
  const question = fragment.text.indexOf('?')
  const ids = question < 0 ? fragment : fragment.slice(0, question)
  const query = new Query(fragment.slice(question < 0 ? fragment.text.length : question + 1))
  const server = readServer(host, query)
  const scheme = host === null ? 'simplex' : 'https'
  const common = { form: 'short', scheme, server } as const
  if (type !== 'invitation') {
    return { ...common, kind: 'contact', contactType: type, linkKey: sized(ids, SHORT_LINK_KEY, 'link-key') }
  }
  const slash = ids.text.indexOf('/')
  if (slash < 0) ids.refuse(ids.text.length, 'link-key')
  return {
    ...common,
    kind: 'invitation',
    linkId: sized(ids.slice(0, slash), SHORT_LINK_ID, 'link-id'),
    linkKey: sized(ids.slice(slash + 1), SHORT_LINK_KEY, 'link-key'),
  }
}

function sized(piece: Piece, length: number, reason: LinkReason): Uint8Array {
  const bytes = piece.base64(reason)
  return bytes.length === length ? bytes : piece.refuse(0, reason)
}

function readServer(host: string | null, query: Query): ShortLinkServer {
  const more = host === null ? query.need('h', 'link-hosts') : query.get('h')
  const parts = more?.split(/,/g) ?? []
  if (parts.length >= MOST_IN_BYTE) more?.refuse(0, 'link-hosts')
  const hosts = parts.map((part) => {
    const host = part.text.length > MOST_IN_BYTE ? null : readHost(part.text)
    return host ?? part.refuse(0, 'link-hosts')
  })
  const port = query.get('p')
  if (port && !/^\d{1,5}$/.test(port.text)) port.refuse(0, 'link-port')
  return {
    hosts: host === null ? hosts : [host, ...hosts],
    port: port?.text ?? '',
    keyHash: query.get('c')?.base64('link-fingerprint') ?? null,
  }
}

/** Ids and fingerprint unpadded, parameters always in this order. agent.md 5.4 */
export function formatShortLink(link: ShortLink): string {
  const { hosts, port, keyHash } = link.server
  const key = toBase64Url(link.linkKey, 'unpadded')
  const isInvitation = link.kind === 'invitation'
  const ids = isInvitation ? `${toBase64Url(link.linkId, 'unpadded')}/${key}` : key
  const letter = isInvitation ? 'i' : LETTERS[link.contactType]
  const isWeb = link.scheme === 'https'
  const start = isWeb ? `https://${formatHostsAndPort({ hosts: hosts.slice(0, 1), port: '' })}` : 'simplex:'
  const named = isWeb ? hosts.slice(1) : hosts
  const params = [
    ...(named.length > 0 ? [`h=${percentEncode(named.join(','))}`] : []),
    ...(port === '' ? [] : [`p=${port}`]),
    ...(keyHash ? [`c=${toBase64Url(keyHash, 'unpadded')}`] : []),
  ]
  return `${start}/${letter}#${ids}${params.length > 0 ? `?${params.join('&')}` : ''}`
}

/* ---- binary, inside the data of other short links */

const serverCodec: Codec<ShortLinkServer> = mapped(
  relayAddressCodec,
  ({ hosts, port, keyHash }) => ({ hosts, port, keyHash: keyHash.length > 0 ? keyHash : null }),
  ({ hosts, port, keyHash }) => ({ hosts, port, keyHash: keyHash ?? EMPTY, password: null }),
)
const kindLetter = char('IC')
const typeLetter = char('AGCR')

/** `'I' server id key` or `'C' type server key`; it has no scheme and reads as https. agent.md 5.6 */
export const shortLinkCodec: Codec<ShortLink> = {
  write(writer, link) {
    kindLetter.write(writer, link.kind === 'invitation' ? 'I' : 'C')
    if (link.kind === 'contact') typeLetter.write(writer, LETTERS[link.contactType].toUpperCase())
    serverCodec.write(writer, link.server)
    if (link.kind === 'invitation') bytes8.write(writer, link.linkId)
    bytes8.write(writer, link.linkKey)
  },
  read(reader) {
    const common = { form: 'short', scheme: 'https' } as const
    if (kindLetter.read(reader) === 'I') {
      const server = serverCodec.read(reader)
      const linkId = readSized(reader, SHORT_LINK_ID)
      return { ...common, kind: 'invitation', server, linkId, linkKey: readSized(reader, SHORT_LINK_KEY) }
    }
    const contactType = CONTACT_TYPES[typeLetter.read(reader).toLowerCase()]!
    const server = serverCodec.read(reader)
    return { ...common, kind: 'contact', contactType, server, linkKey: readSized(reader, SHORT_LINK_KEY) }
  },
}

function readSized(reader: Reader, length: number): Uint8Array {
  const bytes = bytes8.read(reader)
  return bytes.length === length ? bytes : reader.fail('an id or key of a link of the wrong length')
}
