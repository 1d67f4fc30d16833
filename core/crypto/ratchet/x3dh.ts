import { concatBytes, type Random } from '#core/base'
import { maybe, u16, type Codec } from '#core/encoding'
import type { KeyPair } from '../curve25519.ts'
import { generateX448, x448 } from '../curve448.ts'
import { rawKey } from '../public-key.ts'
import { systemRandom } from '../random.ts'
import { KEM_VERSION } from './constants.ts'
import { RatchetError } from './errors.ts'
import { threeKeys } from './kdf.ts'
import { kemOffer, type KemOffer } from './kem.ts'

/** What one side publishes: R1 and R2 in an invitation, S1 and S2 in the confirmation. Raw X448. agent.md 3.1 */
export interface X3dhPublic {
  readonly version: number
  readonly key1: Uint8Array
  readonly key2: Uint8Array
  readonly kem: KemOffer | null
}

export interface X3dhPrivate {
  readonly key1: KeyPair
  readonly key2: KeyPair
}

export interface X3dhSecret {
  /** Associated data of every message of the ratchet: raw S1 ++ raw R1, joiner first on both sides. */
  readonly ad: Uint8Array
  /** `hk`: the joiner sends its first headers under it. */
  readonly hk: Uint8Array
  /** `nhk`: the initiator's first headers. */
  readonly nhk: Uint8Array
  /** `sk`: the first root key. */
  readonly sk: Uint8Array
}

export function generateX3dh(random: Random = systemRandom): X3dhPrivate {
  return { key1: generateX448(random), key2: generateX448(random) }
}

/** The public half as it goes into a confirmation; this client never adds a KEM. */
export function x3dhPublic(own: X3dhPrivate, version: number): X3dhPublic {
  return { version, key1: own.key1.publicKey, key2: own.key2.publicKey, kem: null }
}

/** The joiner's side; a KEM key in the invitation is left unanswered. */
export function x3dhJoin(own: X3dhPrivate, peer: X3dhPublic): X3dhSecret {
  return secret(concatBytes(own.key1.publicKey, peer.key1), [
    x448(own.key2.privateKey, peer.key1),
    x448(own.key1.privateKey, peer.key2),
    x448(own.key2.privateKey, peer.key2),
  ])
}

/** The initiator's side. Throws `ratchet.kem` when the joiner answers a KEM key that was not in the invitation. */
export function x3dhInitiate(own: X3dhPrivate, peer: X3dhPublic): X3dhSecret {
  if (peer.kem?.type === 'accepted') {
    throw new RatchetError('ratchet.kem', 'the joiner accepts a KEM that was not proposed')
  }
  return secret(concatBytes(peer.key1, own.key1.publicKey), [
    x448(own.key1.privateKey, peer.key2),
    x448(own.key2.privateKey, peer.key1),
    x448(own.key2.privateKey, peer.key2),
  ])
}

function secret(ad: Uint8Array, agreements: readonly Uint8Array[]): X3dhSecret {
  const [hk, nhk, sk] = threeKeys(new Uint8Array(64), concatBytes(...agreements), 'SimpleXX3DH')
  return { ad, hk, nhk, sk }
}

const x448Key = rawKey('x448')
const optionalKem = maybe(kemOffer)

/** `w16(v) bs(key1) bs(key2) [v >= 3: opt(KEM)]`, in confirmations and re-keys. agent.md 2.1 */
export const x3dhParams: Codec<X3dhPublic> = {
  write(writer, { version, key1, key2, kem }) {
    u16.write(writer, version)
    x448Key.write(writer, key1)
    x448Key.write(writer, key2)
    if (version >= KEM_VERSION) optionalKem.write(writer, kem)
  },
  read(reader) {
    const version = u16.read(reader)
    const key1 = x448Key.read(reader)
    const key2 = x448Key.read(reader)
    const kem = version >= KEM_VERSION ? optionalKem.read(reader) : null
    return { version, key1, key2, kem }
  },
}
