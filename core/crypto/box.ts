import { hsalsa } from '@noble/ciphers/salsa.js'
import { concatBytes } from '#core/base'
import { CryptoError, requireLength } from './errors.ts'
import { sodium } from './sodium.ts'

const KEY = 32 // bytes; smp.md 3.7
const NONCE = 24 // bytes; smp.md 1.1
/** Bytes of the tag, in front of the ciphertext. smp.md 3.7 */
export const BOX_TAG = 16

/** "expand 32-byte k", the constant of Salsa20. */
const SIGMA = new Uint32Array([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574])
const ZERO_INPUT = new Uint32Array(4)

/** Written over by every box. */
const words = new Uint32Array(8)
const derived = new Uint32Array(8)
const boxKey = new Uint8Array(KEY)
const boxKeyWords = new DataView(boxKey.buffer)

/** HSalsa20(key, 0^16): libsodium keeps it inside `beforenm`, out of reach for symmetric keys. Good until the next one. */
function hsalsa20(key: Uint8Array): Uint8Array {
  requireLength(key, KEY, 'box key')
  const input = new DataView(key.buffer, key.byteOffset, KEY)
  for (let i = 0; i < words.length; i++) words[i] = input.getUint32(4 * i, true)
  hsalsa(SIGMA, words, ZERO_INPUT, derived)
  for (let i = 0; i < derived.length; i++) boxKeyWords.setUint32(4 * i, derived[i]!, true)
  return boxKey
}

/**
 * The one secret-key box of these protocols: XSalsa20-Poly1305 under HSalsa20(secret), tag first, nothing padded.
 * The extra HSalsa20 is there for symmetric keys too, so it is *not* `crypto_secretbox(secret)`. smp.md 3.7
 */
export function box(secret: Uint8Array, nonce: Uint8Array, message: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(BOX_TAG + message.length)
  requireLength(nonce, NONCE, 'box nonce')
  sodium.secretbox(sealed, message, nonce, hsalsa20(secret))
  return sealed
}

/** As `box`, of what stands in `room` behind place for the tag, which becomes the box. */
export function boxInPlace(secret: Uint8Array, nonce: Uint8Array, room: Uint8Array): void {
  requireLength(nonce, NONCE, 'box nonce')
  sodium.secretbox(room, room.subarray(BOX_TAG), nonce, hsalsa20(secret))
}

/** Throws `crypto.box` when the box was not made with this secret and nonce, or was touched since. */
export function openBox(secret: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array {
  const message = new Uint8Array(Math.max(0, sealed.length - BOX_TAG))
  open(message, secret, nonce, sealed)
  return message
}

/** As `openBox`; the message stands where its ciphertext was, and is a view on that. */
export function openBoxInPlace(secret: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array {
  const message = sealed.subarray(BOX_TAG)
  open(message, secret, nonce, sealed)
  return message
}

function open(message: Uint8Array, secret: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): void {
  requireLength(nonce, NONCE, 'box nonce')
  const key = hsalsa20(secret)
  const { length } = sealed
  if (length < BOX_TAG) throw new CryptoError('crypto.box', 'box shorter than its tag', { length })
  if (!sodium.openSecretbox(message, sealed, nonce, key))
    throw new CryptoError('crypto.box', 'box does not open', { length })
}

/** A nonce out of an id of any length: the first 24 bytes, zero filled. smp.md 3.7 */
export function nonceFrom(bytes: Uint8Array): Uint8Array {
  const nonce = new Uint8Array(NONCE)
  nonce.set(bytes.subarray(0, NONCE))
  return nonce
}

/** The form for files: the same box with its tag at the end. vectors: secretbox, tailTag */
export function boxTagLast(secret: Uint8Array, nonce: Uint8Array, message: Uint8Array): Uint8Array {
  const sealed = box(secret, nonce, message)
  return concatBytes(sealed.subarray(BOX_TAG), sealed.subarray(0, BOX_TAG))
}

export function openBoxTagLast(secret: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array {
  const tagAt = Math.max(0, sealed.length - BOX_TAG)
  return openBox(secret, nonce, concatBytes(sealed.subarray(tagAt), sealed.subarray(0, tagAt)))
}
