import { concatBytes, equalBytes, fromHex } from '#core/base'
import { DecodeError } from '#core/encoding'
import { CertificateError } from './errors.ts'
import {
  decodePkcs8,
  decodeSpki,
  signWith,
  spki25519,
  verifyWith,
  type PrivateKey,
  type PublicKey,
} from './public-key.ts'

/**
 * The session key that a relay signs with its TLS leaf key, once per connection. smp.md 3.3
 *
 *   SEQUENCE { SEQUENCE { <44-byte SPKI> }, AlgorithmIdentifier, BIT STRING }
 *              '-- signed: these 46 bytes, the extra SEQUENCE included
 *
 * Always exactly one of two layouts, so it is compared byte by byte instead of parsed.
 */
const LAYOUTS = [
  layout('ed25519', '3078', '300506032b6570034100', 64),
  layout('ed448', '3081aa', '300506032b6571037300', 114),
] as const

const WRAPPER = fromHex('302c')
const SIGNED = 46 // bytes

function layout(algorithm: 'ed25519' | 'ed448', head: string, middle: string, signature: number) {
  return { algorithm, head: fromHex(head), middle: fromHex(middle), signature }
}

/** One key signs for every connection; `ed25519Sign` knows it again by its array. */
const leafKeys = new WeakMap<Uint8Array, PrivateKey>()

function leafKeyOf(pkcs8: Uint8Array): PrivateKey {
  const key = leafKeys.get(pkcs8) ?? decodePkcs8(pkcs8)
  leafKeys.set(pkcs8, key)
  return key
}

/** DER, 122 bytes for an Ed25519 leaf and 173 for an Ed448 one. */
export function signSessionKey(leafKeyPkcs8: Uint8Array, x25519Public: Uint8Array): Uint8Array {
  const key = leafKeyOf(leafKeyPkcs8)
  const form = LAYOUTS.find(({ algorithm }) => algorithm === key.algorithm)
  if (!form)
    throw new CertificateError('certificate.key', 'a leaf key that does not sign', {
      algorithm: key.algorithm,
    })
  const signed = concatBytes(WRAPPER, spki25519(x25519Public))
  return concatBytes(form.head, signed, form.middle, signWith(key, signed))
}

/** The raw X25519 key inside. Throws `certificate.session-key` unless the leaf key signed exactly this. */
export function verifySignedKey(leafPublicKey: PublicKey, signedKeyDer: Uint8Array): Uint8Array {
  const form = LAYOUTS.find(({ algorithm }) => algorithm === leafPublicKey.algorithm)
  if (!form) throw refused('the leaf key does not sign')
  const { head, middle } = form
  const signedAt = head.length
  const middleAt = signedAt + SIGNED
  const signatureAt = middleAt + middle.length
  const fits =
    signedKeyDer.length === signatureAt + form.signature &&
    equalBytes(signedKeyDer.subarray(0, signedAt), head) &&
    equalBytes(signedKeyDer.subarray(signedAt, signedAt + WRAPPER.length), WRAPPER) &&
    equalBytes(signedKeyDer.subarray(middleAt, signatureAt), middle)
  if (!fits) throw refused('not the layout of a signed key')
  const signed = signedKeyDer.slice(signedAt, middleAt)
  if (!verifyWith(leafPublicKey, signed, signedKeyDer.slice(signatureAt)))
    throw refused('signature does not fit')
  return sessionKey(signed.subarray(WRAPPER.length))
}

function sessionKey(spki: Uint8Array): Uint8Array {
  try {
    const { algorithm, raw } = decodeSpki(spki)
    if (algorithm === 'x25519') return raw
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
  }
  throw refused('not an X25519 key')
}

function refused(message: string): CertificateError {
  return new CertificateError('certificate.session-key', message)
}
