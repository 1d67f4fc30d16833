import type { KeyPair } from '../curve25519.ts'
import { generateX448 } from '../curve448.ts'
import { rootStep } from './kdf.ts'
import { x3dhInitiate, x3dhJoin, type X3dhPrivate, type X3dhPublic } from './x3dh.ts'

/**
 * One side of a double ratchet with encrypted headers; agent.md 3.2 has the names in brackets. Plain data that nobody
 * changes: every step returns another state, and the caller decides which one to keep.
 */
export interface RatchetState {
  readonly version: RatchetVersions
  /** [AD] */
  readonly ad: Uint8Array
  /** [DHRs] X448 */
  readonly ownKey: KeyPair
  /** [RK] */
  readonly rootKey: Uint8Array
  /** [Ns] messages sent in this chain */
  readonly sent: number
  /** [Nr] messages received in this chain, skipped ones included */
  readonly received: number
  /** [PN] messages sent in the chain before */
  readonly previous: number
  /** [NHKs] */
  readonly nextSendKey: Uint8Array
  /** [NHKr] */
  readonly nextReceiveKey: Uint8Array
  /** Null at the initiator until the joiner's first message. */
  readonly sending: SendingChain | null
  /** Null until the peer's first message. */
  readonly receiving: ReceivingChain | null
}

export interface RatchetVersions {
  /** What messages are written in; rises when the peer can do more. */
  readonly current: number
  /** What we can do. */
  readonly max: number
}

export interface SendingChain {
  /** [DHRr] raw X448 */
  readonly peerKey: Uint8Array
  /** [CKs] */
  readonly chainKey: Uint8Array
  /** [HKs] */
  readonly headerKey: Uint8Array
}

export interface ReceivingChain {
  /** [CKr] */
  readonly chainKey: Uint8Array
  /** [HKr] */
  readonly headerKey: Uint8Array
}

/** The key of a message that has not come yet. Kept apart from the state, in rows of its own. */
export interface SkippedKey {
  readonly headerKey: Uint8Array
  /** Position in its chain. */
  readonly number: number
  readonly messageKey: Uint8Array
  readonly iv: Uint8Array
}

/** The joiner can send at once, by a third key pair that only headers carry. agent.md 3.1 */
export function initJoinerRatchet(options: {
  versions: RatchetVersions
  own: X3dhPrivate
  peer: X3dhPublic
  firstKey?: KeyPair
}): RatchetState {
  const { versions, own, peer } = options
  const ownKey = options.firstKey ?? generateX448()
  const { ad, hk, nhk, sk } = x3dhJoin(own, peer)
  const { rootKey, chainKey, nextHeaderKey } = rootStep(sk, peer.key2, ownKey.privateKey)
  return {
    version: versions,
    ad,
    ownKey,
    rootKey,
    sent: 0,
    received: 0,
    previous: 0,
    nextSendKey: nextHeaderKey,
    nextReceiveKey: nhk,
    sending: { peerKey: peer.key2, chainKey, headerKey: hk },
    receiving: null,
  }
}

/** The initiator has no chains before the joiner's first message; its first ratchet key is R2. agent.md 3.1 */
export function initInitiatorRatchet(options: {
  versions: RatchetVersions
  own: X3dhPrivate
  peer: X3dhPublic
}): RatchetState {
  const { ad, hk, nhk, sk } = x3dhInitiate(options.own, options.peer)
  return {
    version: options.versions,
    ad,
    ownKey: options.own.key2,
    rootKey: sk,
    sent: 0,
    received: 0,
    previous: 0,
    nextSendKey: nhk,
    nextReceiveKey: hk,
    sending: null,
    receiving: null,
  }
}
