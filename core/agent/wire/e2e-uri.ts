import { decodeSpki, kemOffer, rawKey, spkiOf, type KemOffer, type X3dhPublic } from '#core/crypto'
import {
  DecodeError,
  formatVersionRange,
  maybe,
  toBase64Url,
  versionRange,
  type Codec,
  type VersionRange,
} from '#core/encoding'
import { Query, readVersions, Piece } from './piece.ts'

/** The keys of an invitation for the key agreement, in every version that its author can do. agent.md 5.1 */
export interface E2eUri {
  readonly versions: VersionRange
  /** Raw X448. */
  readonly key1: Uint8Array
  readonly key2: Uint8Array
  /** sntrup761; this client reads it and leaves it unanswered. */
  readonly kemKey: Uint8Array | null
}

const KEM_KEY = 1158 // bytes; agent.md 0.6

/** `v=..&x3dh=<R1>,<R2>[&kem_key=..]`, nothing escaped inside. */
export function formatE2eUri({ versions, key1, key2, kemKey }: E2eUri): string {
  const keys = [key1, key2].map((key) => toBase64Url(spkiOf('x448', key)))
  const kem = kemKey ? `&kem_key=${toBase64Url(kemKey)}` : ''
  return `v=${formatVersionRange(versions)}&x3dh=${keys.join(',')}${kem}`
}

/** The value of the parameter alone, decoded. Throws `LinkError`. */
export function parseE2eUri(text: string): E2eUri {
  return readE2eUri(Piece.whole(text))
}

export function readE2eUri(piece: Piece): E2eUri {
  const query = new Query(piece)
  const versions = readVersions(query.need('v', 'e2e-version'), 'e2e-version')
  const x3dh = query.need('x3dh', 'e2e-keys')
  const keys = x3dh.split(/,/g)
  if (keys.length !== 2) x3dh.refuse(0, 'e2e-keys')
  const kem = query.get('kem_key')
  const kemKey = kem?.base64('e2e-kem') ?? null
  if (kem && kemKey?.length !== KEM_KEY) kem.refuse(0, 'e2e-kem')
  return { versions, key1: readKey(keys[0]!), key2: readKey(keys[1]!), kemKey }
}

function readKey(piece: Piece): Uint8Array {
  const der = piece.base64('e2e-keys')
  try {
    const key = decodeSpki(der)
    if (key.algorithm === 'x448') return key.raw
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
  }
  return piece.refuse(0, 'e2e-keys')
}

const x448Key = rawKey('x448')
const optionalKem = maybe(kemOffer)

/** `vr bs(key1) bs(key2) opt(KEM)`: the option is there in every version. agent.md 5.6 */
export const e2eUriCodec: Codec<E2eUri> = {
  write(writer, { versions, key1, key2, kemKey }) {
    versionRange.write(writer, versions)
    x448Key.write(writer, key1)
    x448Key.write(writer, key2)
    optionalKem.write(writer, kemKey && { type: 'proposed', key: kemKey })
  },
  read(reader) {
    const versions = versionRange.read(reader)
    const key1 = x448Key.read(reader)
    const key2 = x448Key.read(reader)
    const kem: KemOffer | null = optionalKem.read(reader)
    if (kem?.type === 'accepted') reader.fail('an accepted KEM in a link')
    return { versions, key1, key2, kemKey: kem?.key ?? null }
  },
}

/** The author's keys in the version that was agreed, for the key agreement. */
export function x3dhOf(e2e: E2eUri, version: number): X3dhPublic {
  return {
    version,
    key1: e2e.key1,
    key2: e2e.key2,
    kem: e2e.kemKey && { type: 'proposed', key: e2e.kemKey },
  }
}
