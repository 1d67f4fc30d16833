import { isAppError } from '#core/base'
import { decodeSpki, spki25519 } from '#core/crypto'
import {
  DecodeError,
  formatVersionRange,
  toBase64Url,
  versionRange,
  type Codec,
  type Reader,
  type VersionRange,
} from '#core/encoding'
import {
  formatRelayAddress,
  readHost,
  parseRelayAddress,
  relayAddressCodec,
  type QueueMode,
  type RelayAddress,
} from '#core/protocol'
import { MOST_IN_BYTE, SMPC } from './constants.ts'
import { percentEncode, Query, readVersions, Piece } from './piece.ts'
import { dhKey, queueId, readMode } from './queue-fields.ts'

/** A queue as a link gives it away: where to send, and the key for its end-to-end layer. agent.md 5.2 */
export interface QueueUri {
  readonly versions: VersionRange
  readonly server: RelayAddress
  readonly senderId: Uint8Array
  /** Raw X25519 of the recipient. */
  readonly dhKey: Uint8Array
  /** `M`: the sender can secure it. Null: a queue of the time before modes. */
  readonly mode: QueueMode | null
}

/* ---- text */

/** `smp://fingerprint@hosts[:port]/id#/?v=..&dh=..[&q=..][&k=s][&srv=..]` */
export function formatQueueUri(queue: QueueUri): string {
  const { versions, mode, server } = queue
  const oldest = versions.min < SMPC.severalHosts
  const params = [
    `v=${formatVersionRange(versions)}`,
    `dh=${percentEncode(toBase64Url(spki25519(queue.dhKey)))}`,
    ...(mode === null ? [] : [`q=${mode.toLowerCase()}`]),
    ...(mode === 'M' && versions.min < SMPC.queueMode ? ['k=s'] : []),
    ...(oldest && server.hosts.length > 1 ? [`srv=${percentEncode(server.hosts.slice(1).join(','))}`] : []),
  ]
  const named = oldest ? { ...server, hosts: server.hosts.slice(0, 1) } : server
  const address = formatRelayAddress(named, { password: false })
  return `${address}/${toBase64Url(queue.senderId)}#/?${params.join('&')}`
}

const SCHEME = 'smp://'

/** A queue URI alone. Throws `LinkError`. */
export function parseQueueUri(text: string): QueueUri {
  return readQueueUri(Piece.whole(text))
}

/** Any versions; whether they can be spoken is asked later. Refuses passwords: none belongs into a link. smp.md 8 */
export function readQueueUri(piece: Piece): QueueUri {
  if (!piece.text.startsWith(SCHEME)) piece.refuse(0, 'queue-scheme')
  const slash = piece.text.indexOf('/', SCHEME.length)
  const hash = piece.text.indexOf('#', SCHEME.length)
  if (slash < 0) piece.refuse(piece.text.length, 'queue-id')
  if (hash < slash) piece.refuse(hash < 0 ? piece.text.length : hash, 'queue-fragment')
  const server = readServer(piece.slice(0, slash))
  const idEnd = piece.text[hash - 1] === '/' && hash - 1 > slash ? hash - 1 : hash
  const senderId = piece.slice(slash + 1, idEnd).base64('queue-id')
  if (senderId.length > MOST_IN_BYTE) piece.refuse(slash + 1, 'queue-id')
  return { senderId, ...readFragment(piece.slice(hash + 1), server) }
}

function readServer(piece: Piece): RelayAddress {
  const at = piece.text.indexOf('@')
  const colon = piece.text.indexOf(':', SCHEME.length)
  if (at < 0) piece.refuse(SCHEME.length, 'queue-address')
  if (colon >= 0 && colon < at) piece.refuse(colon, 'queue-password')
  piece.slice(SCHEME.length, at).base64('queue-fingerprint')
  let server: RelayAddress
  try {
    server = parseRelayAddress(piece.text)
  } catch (error) {
    if (!isAppError(error)) throw error
    return piece.refuse(at + 1, 'queue-address')
  }
  const tooMuch =
    server.hosts.length > MOST_IN_BYTE ||
    server.keyHash.length > MOST_IN_BYTE ||
    server.hosts.some((host) => host.length > MOST_IN_BYTE)
  return tooMuch ? piece.refuse(at + 1, 'queue-address') : server
}

/** `[key] ["/"] "?" query`, or of version 1 the key alone. */
function readFragment(piece: Piece, server: RelayAddress): Omit<QueueUri, 'senderId'> {
  const question = piece.text.indexOf('?')
  const path = piece.slice(0, question < 0 ? piece.text.length : question)
  const before = path.text.endsWith('/') ? path.slice(0, path.text.length - 1) : path
  if (question < 0) {
    return { versions: { min: 1, max: 1 }, server, dhKey: readDhKey(path), mode: null }
  }
  const query = new Query(piece.slice(question + 1))
  const versions = readVersions(query.need('v', 'queue-version'), 'queue-version')
  const key = readDhKey(before.text === '' ? query.need('dh', 'queue-key') : before)
  const more = query.get('srv')
  return {
    versions,
    server: more ? { ...server, hosts: [...server.hosts, ...readHosts(more)] } : server,
    dhKey: key,
    mode: readModeParam(query),
  }
}

function readModeParam(query: Query): QueueMode | null {
  const mode = query.get('q')?.text
  if (mode === 'm') return 'M'
  if (mode === 'c') return 'C'
  return query.get('k')?.text === 's' ? 'M' : null
}

function readDhKey(piece: Piece): Uint8Array {
  const der = piece.base64('queue-key')
  try {
    const key = decodeSpki(der)
    if (key.algorithm === 'x25519') return key.raw
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
  }
  return piece.refuse(0, 'queue-key')
}

function readHosts(piece: Piece): string[] {
  const parts = piece.split(/,/g)
  if (parts.length >= MOST_IN_BYTE) piece.refuse(0, 'queue-address')
  return parts.map((part) => {
    const host = part.text.length > MOST_IN_BYTE ? null : readHost(part.text)
    return host ?? part.refuse(0, 'queue-address')
  })
}

/* ---- binary */

/**
 * `vr server id key suffix`. The suffix says what the oldest version of the range can understand, so some modes get lost.
 * agent.md 5.6
 */
export const queueUriCodec: Codec<QueueUri> = {
  write(writer, { versions, server, senderId, dhKey: key, mode }) {
    versionRange.write(writer, versions)
    relayAddressCodec.write(writer, server)
    queueId.write(writer, senderId)
    dhKey.write(writer, key)
    const suffix = uriSuffix(versions, mode)
    if (suffix) writer.byte(suffix.charCodeAt(0))
  },
  read(reader: Reader) {
    const versions = versionRange.read(reader)
    const server = relayAddressCodec.read(reader)
    const senderId = queueId.read(reader)
    return { versions, server, senderId, dhKey: dhKey.read(reader), mode: readMode(reader) }
  },
}

function uriSuffix({ min, max }: VersionRange, mode: QueueMode | null): 'M' | 'C' | 'T' | 'F' | '' {
  if (min >= SMPC.queueMode) return mode ?? ''
  if (min >= SMPC.senderCanSecure) return mode === 'M' ? 'T' : 'F'
  return max >= SMPC.senderCanSecure && mode === 'M' ? 'T' : ''
}
