import { concatBytes, equalBytes, isAppError, toHex, type Random } from '#core/base'
import { DecodeError, unpad } from '#core/encoding'
import { aesGcmOpen } from '../aead.ts'
import { generateX448 } from '../curve448.ts'
import { CryptoError } from '../errors.ts'
import { systemRandom } from '../random.ts'
import { MAX_SKIP } from './constants.ts'
import { RatchetError } from './errors.ts'
import { chainStep, rootStep } from './kdf.ts'
import {
  decodeEncryptedHeader,
  decodeMessage,
  decodeMessageHeader,
  type EncryptedHeader,
  type MessageHeader,
} from './message.ts'
import type { RatchetState, SkippedKey } from './state.ts'

/**
 * What became of a received message, and what to store with it in one transaction. agent.md 3.6
 *
 * Where the body does not open, nothing is to be stored: upstream moves on there, keeping the old state is as valid
 * (shared vectors, README), and only so a relay that changes a byte of a genuine message cannot move a ratchet or use up
 * the key of the original. The single case of a failure with a `next` is a genuine header that opens a new chain more
 * than 512 messages ahead: the step to that chain is kept, as the specification says.
 */
export type Decrypted =
  | {
      readonly ok: true
      readonly plaintext: Uint8Array
      readonly next: RatchetState
      readonly addSkipped: readonly SkippedKey[]
      readonly dropSkipped: readonly SkippedKeyId[]
    }
  | {
      readonly ok: false
      readonly error: RatchetError
      /** To be stored all the same; null: keep what there is. */
      readonly next: RatchetState | null
      readonly addSkipped: readonly SkippedKey[]
      readonly dropSkipped: readonly SkippedKeyId[]
    }

export type SkippedKeyId = Pick<SkippedKey, 'headerKey' | 'number'>

/** `skipped`: all that are stored for this connection. `random`: for the next ratchet key. */
export function decryptMessage(
  state: RatchetState,
  skipped: readonly SkippedKey[],
  message: Uint8Array,
  random: Random = systemRandom,
): Decrypted {
  try {
    return decrypt(state, skipped, message, random)
  } catch (error) {
    return { ok: false, error: asRatchetError(error), next: null, addSkipped: [], dropSkipped: [] }
  }
}

function asRatchetError(error: unknown): RatchetError {
  if (error instanceof RatchetError) return error
  if (error instanceof DecodeError) {
    return new RatchetError('ratchet.malformed', 'message does not parse', error.facts, { cause: error })
  }
  if (isAppError(error, 'crypto.low-order')) {
    return new RatchetError('ratchet.malformed', 'ratchet key of low order', {}, { cause: error })
  }
  throw error
}

function decrypt(
  state: RatchetState,
  skipped: readonly SkippedKey[],
  message: Uint8Array,
  random: Random,
): Decrypted {
  const { header: encoded, bodyTag, body } = decodeMessage(message)
  const open = (key: Uint8Array, iv: Uint8Array): Uint8Array =>
    openBody(key, iv, concatBytes(state.ad, encoded), bodyTag, body)
  const { header, headerKey } = openHeader(state, skipped, decodeEncryptedHeader(encoded))

  const kept = skipped.find((key) => key.number === header.number && equalBytes(key.headerKey, headerKey))
  if (kept) {
    const plaintext = open(kept.messageKey, kept.iv)
    return { ok: true, plaintext, next: state, addSkipped: [], dropSkipped: [kept] }
  }

  const isSame = state.receiving !== null && equalBytes(headerKey, state.receiving.headerKey)
  if (!isSame && !equalBytes(headerKey, state.nextReceiveKey)) {
    throw new RatchetError('ratchet.header', 'of a past chain, and its key is not kept')
  }
  const upgraded = upgrade(state, header.maxVersion)
  const before: Skipping = isSame ? { state: upgraded, added: [] } : advance(upgraded, header, random)
  const after = skipTo(before.state, header.number)
  if (after instanceof RatchetError) {
    if (isSame) throw after
    return { ok: false, error: after, next: before.state, addSkipped: before.added, dropSkipped: [] }
  }
  const receiving = after.state.receiving!
  const { chainKey, messageKey, bodyIv } = chainStep(receiving.chainKey)
  const plaintext = open(messageKey, bodyIv)
  const next: RatchetState = {
    ...after.state,
    received: after.state.received + 1,
    receiving: { ...receiving, chainKey },
  }
  return { ok: true, plaintext, next, addSkipped: [...before.added, ...after.added], dropSkipped: [] }
}

/* ---- headers and bodies */

/** Tried in this order: chains of kept keys, the current chain, the next one. agent.md 3.6 */
function openHeader(
  state: RatchetState,
  skipped: readonly SkippedKey[],
  encrypted: EncryptedHeader,
): { header: MessageHeader; headerKey: Uint8Array } {
  const candidates = new Map<string, Uint8Array>()
  for (const { headerKey } of skipped) candidates.set(toHex(headerKey), headerKey)
  if (state.receiving) candidates.set(toHex(state.receiving.headerKey), state.receiving.headerKey)
  candidates.set(toHex(state.nextReceiveKey), state.nextReceiveKey)
  for (const headerKey of candidates.values()) {
    const plain = tryOpen(headerKey, state.ad, encrypted)
    // A header that opens but does not parse is malformed, not "wrong key".
    if (plain) return { header: decodeMessageHeader(encrypted.version, plain), headerKey }
  }
  throw new RatchetError('ratchet.header', 'no header key opens it')
}

function tryOpen(
  key: Uint8Array,
  ad: Uint8Array,
  { iv, tag, ciphertext }: EncryptedHeader,
): Uint8Array | null {
  try {
    return aesGcmOpen(key, iv, ad, tag, ciphertext)
  } catch (error) {
    if (error instanceof CryptoError) return null
    throw error
  }
}

function openBody(
  key: Uint8Array,
  iv: Uint8Array,
  aad: Uint8Array,
  tag: Uint8Array,
  body: Uint8Array,
): Uint8Array {
  let padded: Uint8Array
  try {
    padded = aesGcmOpen(key, iv, aad, tag, body)
  } catch (cause) {
    if (!(cause instanceof CryptoError)) throw cause
    throw new RatchetError('ratchet.body', 'body does not open', { length: body.length }, { cause })
  }
  return unpad(padded).slice()
}

/* ---- steps of the state */

interface Skipping {
  readonly state: RatchetState
  readonly added: readonly SkippedKey[]
}

function upgrade(state: RatchetState, peerMax: number): RatchetState {
  const { current, max } = state.version
  const better = Math.max(current, Math.min(peerMax, max))
  return better === current ? state : { ...state, version: { current: better, max } }
}

/** Leaves the old chain, keeping the keys of what is still missing from it, and takes a new key pair. agent.md 3.6, dhStep */
function advance(state: RatchetState, header: MessageHeader, random: Random): Skipping {
  if (header.kem?.type === 'accepted') {
    throw new RatchetError('ratchet.kem', 'the peer accepts a KEM that was not proposed')
  }
  const old = skipTo(state, header.previous)
  if (old instanceof RatchetError) throw old
  const receive = rootStep(state.rootKey, header.key, state.ownKey.privateKey)
  const ownKey = generateX448(random)
  const send = rootStep(receive.rootKey, header.key, ownKey.privateKey)
  return {
    added: old.added,
    state: {
      ...state,
      ownKey,
      rootKey: send.rootKey,
      sent: 0,
      received: 0,
      previous: state.sent,
      nextSendKey: send.nextHeaderKey,
      nextReceiveKey: receive.nextHeaderKey,
      sending: { peerKey: header.key, chainKey: send.chainKey, headerKey: state.nextSendKey },
      receiving: { chainKey: receive.chainKey, headerKey: state.nextReceiveKey },
    },
  }
}

/** Moves the receiving chain to `number`, keeping the keys on the way. At most `MAX_SKIP` of them. agent.md 3.6, skip */
function skipTo(state: RatchetState, number: number): Skipping | RatchetError {
  const { receiving, received } = state
  if (!receiving) return { state, added: [] }
  if (received === number + 1) return new RatchetError('ratchet.duplicate', 'its number was used')
  if (received > number) {
    return new RatchetError('ratchet.earlier', 'its key is not kept', { count: received - number - 1 })
  }
  if (received + MAX_SKIP < number) {
    const count = number + 1 - received
    return new RatchetError('ratchet.skipped', 'too many messages are missing', { count })
  }
  const added: SkippedKey[] = []
  let { chainKey } = receiving
  for (let missing = received; missing < number; missing++) {
    const step = chainStep(chainKey)
    added.push({
      headerKey: receiving.headerKey,
      number: missing,
      messageKey: step.messageKey,
      iv: step.bodyIv,
    })
    chainKey = step.chainKey
  }
  return { added, state: { ...state, received: number, receiving: { ...receiving, chainKey } } }
}
