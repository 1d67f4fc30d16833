import { expect } from 'vitest'
import { x448PublicKey, type KeyPair, type RatchetState, type SkippedKey } from '#core/crypto'
import { bytes, hex } from './harness.ts'

/** A ratchet state as the vector files write it. `kem` and the flags around it are of the post-quantum part. */
export interface StateFields {
  assocData: string
  dhPrivateKey: string
  dhPublicKey: string
  rootKey: string
  ns: number
  nr: number
  pn: number
  nextHeaderKeySnd: string
  nextHeaderKeyRcv: string
  snd: { chainKey: string; headerKey: string; peerDhPublicKey: string } | null
  rcv: { chainKey: string; headerKey: string } | null
  version: { current: number; maxSupported: number }
  kem: unknown
  supportKEM: boolean
  enableKEM: boolean
  sndKEM: boolean
  rcvKEM: boolean
}

export function usesKem(c: StateFields): boolean {
  return c.kem !== null || c.supportKEM || c.enableKEM || c.sndKEM || c.rcvKEM
}

export function keyPair(privateKey: string): KeyPair {
  return { privateKey: bytes(privateKey), publicKey: x448PublicKey(bytes(privateKey)) }
}

export function toState(c: StateFields): RatchetState {
  const { snd, rcv } = c
  return {
    version: { current: c.version.current, max: c.version.maxSupported },
    ad: bytes(c.assocData),
    ownKey: { privateKey: bytes(c.dhPrivateKey), publicKey: bytes(c.dhPublicKey) },
    rootKey: bytes(c.rootKey),
    sent: c.ns,
    received: c.nr,
    previous: c.pn,
    nextSendKey: bytes(c.nextHeaderKeySnd),
    nextReceiveKey: bytes(c.nextHeaderKeyRcv),
    sending: snd && {
      peerKey: bytes(snd.peerDhPublicKey),
      chainKey: bytes(snd.chainKey),
      headerKey: bytes(snd.headerKey),
    },
    receiving: rcv && { chainKey: bytes(rcv.chainKey), headerKey: bytes(rcv.headerKey) },
  }
}

export type ClassicalState = Omit<StateFields, 'kem' | 'supportKEM' | 'enableKEM' | 'sndKEM' | 'rcvKEM'>

export function fromState(v: RatchetState): ClassicalState {
  const { sending, receiving } = v
  return {
    assocData: hex(v.ad),
    dhPrivateKey: hex(v.ownKey.privateKey),
    dhPublicKey: hex(v.ownKey.publicKey),
    rootKey: hex(v.rootKey),
    ns: v.sent,
    nr: v.received,
    pn: v.previous,
    nextHeaderKeySnd: hex(v.nextSendKey),
    nextHeaderKeyRcv: hex(v.nextReceiveKey),
    snd: sending && {
      chainKey: hex(sending.chainKey),
      headerKey: hex(sending.headerKey),
      peerDhPublicKey: hex(sending.peerKey),
    },
    rcv: receiving && { chainKey: hex(receiving.chainKey), headerKey: hex(receiving.headerKey) },
    version: { current: v.version.current, maxSupported: v.version.max },
  }
}

export function expectState(actual: RatchetState, expected: StateFields): void {
  expect({ ...expected, ...fromState(actual) }).toEqual(expected)
}

export interface SkippedFields {
  headerKey: string
  keys: { n: number; key: string; iv: string }[]
}

export function toSkipped(groups: readonly SkippedFields[]): SkippedKey[] {
  return groups.flatMap(({ headerKey, keys }) =>
    keys.map(({ n, key, iv }) => ({
      headerKey: bytes(headerKey),
      number: n,
      messageKey: bytes(key),
      iv: bytes(iv),
    })),
  )
}

/** As a sorted list of lines, so that order and grouping do not matter. */
export function skippedLines(keys: readonly SkippedKey[]): string[] {
  return keys
    .map((key) => `${hex(key.headerKey)} ${key.number} ${hex(key.messageKey)} ${hex(key.iv)}`)
    .toSorted()
}
