import { concatBytes, EMPTY } from '#core/base'
import { x448 } from '../curve448.ts'
import { hkdfSha512 } from '../hashes.ts'
import { IV, SYMMETRIC_KEY } from './constants.ts'

/** `H3` of agent.md 0.4: three keys out of one. */
export function threeKeys(
  salt: Uint8Array,
  ikm: Uint8Array,
  info: string,
): [Uint8Array, Uint8Array, Uint8Array] {
  const out = hkdfSha512(salt, ikm, info, 3 * SYMMETRIC_KEY)
  return [
    out.slice(0, SYMMETRIC_KEY),
    out.slice(SYMMETRIC_KEY, 2 * SYMMETRIC_KEY),
    out.slice(2 * SYMMETRIC_KEY),
  ]
}

export interface RootStep {
  readonly rootKey: Uint8Array
  readonly chainKey: Uint8Array
  readonly nextHeaderKey: Uint8Array
}

/** `RootKdf` of agent.md 3.3. `kemShared` only where a KEM is agreed, which this client never does itself. */
export function rootStep(
  rootKey: Uint8Array,
  peerPublic: Uint8Array,
  ownPrivate: Uint8Array,
  kemShared: Uint8Array = EMPTY,
): RootStep {
  const ikm = concatBytes(x448(ownPrivate, peerPublic), kemShared)
  const [next, chainKey, nextHeaderKey] = threeKeys(rootKey, ikm, 'SimpleXRootRatchet')
  return { rootKey: next, chainKey, nextHeaderKey }
}

export interface ChainStep {
  readonly chainKey: Uint8Array
  readonly messageKey: Uint8Array
  readonly bodyIv: Uint8Array
  readonly headerIv: Uint8Array
}

/** `ChainKdf` of agent.md 3.3: the body's IV comes first. */
export function chainStep(chainKey: Uint8Array): ChainStep {
  const [next, messageKey, ivs] = threeKeys(EMPTY, chainKey, 'SimpleXChainRatchet')
  return { chainKey: next, messageKey, bodyIv: ivs.slice(0, IV), headerIv: ivs.slice(IV) }
}
