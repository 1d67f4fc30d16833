import { concatBytes, equalBytes, fromHex } from '#core/base'
import { bytes8, DecodeError, EncodeError, mapped, type Codec } from '#core/encoding'
import { ed25519Sign, ed25519Verify } from './curve25519.ts'
import { ed448Sign, ed448Verify } from './curve448.ts'
import { CryptoError } from './errors.ts'

export type KeyAlgorithm = 'ed25519' | 'ed448' | 'x25519' | 'x448'
export type SignatureAlgorithm = 'ed25519' | 'ed448'

export interface PublicKey {
  readonly algorithm: KeyAlgorithm
  readonly raw: Uint8Array
}

export interface PrivateKey {
  readonly algorithm: KeyAlgorithm
  /** The seed for the signing curves. */
  readonly raw: Uint8Array
}

interface Form {
  readonly algorithm: KeyAlgorithm
  readonly length: number
  readonly spki: Uint8Array
  readonly pkcs8: Uint8Array
}

/** DER around the raw key: always these very bytes, so no ASN.1 reader is needed. smp.md 1.2, agent.md 0.1 */
const FORMS: readonly Form[] = [
  form('ed25519', 32, '302a300506032b6570032100', '302e020100300506032b657004220420'),
  form('x25519', 32, '302a300506032b656e032100', '302e020100300506032b656e04220420'),
  form('ed448', 57, '3043300506032b6571033a00', '3047020100300506032b6571043b0439'),
  form('x448', 56, '3042300506032b656f033900', '3046020100300506032b656f043a0438'),
]

function form(algorithm: KeyAlgorithm, length: number, spki: string, pkcs8: string): Form {
  return { algorithm, length, spki: fromHex(spki), pkcs8: fromHex(pkcs8) }
}

function formOf(algorithm: KeyAlgorithm): Form {
  return FORMS.find((each) => each.algorithm === algorithm)!
}

function wrap(kind: 'spki' | 'pkcs8', algorithm: KeyAlgorithm, raw: Uint8Array): Uint8Array {
  const { length, [kind]: prefix } = formOf(algorithm)
  if (raw.length !== length)
    throw new EncodeError('key of the wrong length', { length: raw.length, expected: length })
  return concatBytes(prefix, raw)
}

function unwrap(kind: 'spki' | 'pkcs8', der: Uint8Array): { algorithm: KeyAlgorithm; raw: Uint8Array } {
  for (const { algorithm, length, [kind]: prefix } of FORMS) {
    if (der.length === prefix.length + length && equalBytes(der.subarray(0, prefix.length), prefix)) {
      return { algorithm, raw: der.slice(prefix.length) }
    }
  }
  throw new DecodeError(`not a key in ${kind} form`, 0)
}

/** DER SubjectPublicKeyInfo, the form of every key on the wire. */
export function encodeSpki(key: PublicKey): Uint8Array {
  return wrap('spki', key.algorithm, key.raw)
}

/** Exactly the DER of one of the four kinds; anything else, also BER of the same meaning, is a `DecodeError`. */
export function decodeSpki(der: Uint8Array): PublicKey {
  return unwrap('spki', der)
}

export function spkiOf(algorithm: KeyAlgorithm, raw: Uint8Array): Uint8Array {
  return wrap('spki', algorithm, raw)
}

/** Shorthand for the most frequent key on the wire: X25519. */
export function spki25519(raw: Uint8Array): Uint8Array {
  return wrap('spki', 'x25519', raw)
}

export function encodePkcs8(key: PrivateKey): Uint8Array {
  return wrap('pkcs8', key.algorithm, key.raw)
}

export function decodePkcs8(der: Uint8Array): PrivateKey {
  return unwrap('pkcs8', der)
}

/** A key behind one length byte; refuses kinds that are not `allowed` in its place. */
export function spkiKey(...allowed: readonly KeyAlgorithm[]): Codec<PublicKey> {
  const check = (key: PublicKey): PublicKey => {
    if (!allowed.includes(key.algorithm)) throw new DecodeError('a key of a kind not allowed here', 0)
    return key
  }
  return mapped(
    bytes8,
    (der) => check(decodeSpki(der)),
    (key) => encodeSpki(check(key)),
  )
}

/** The raw half of a key of exactly one kind behind one length byte. */
export function rawKey(algorithm: KeyAlgorithm): Codec<Uint8Array> {
  return mapped(
    spkiKey(algorithm),
    (key) => key.raw,
    (raw) => ({ algorithm, raw }),
  )
}

export function signWith(key: PrivateKey, message: Uint8Array): Uint8Array {
  if (key.algorithm === 'ed25519') return ed25519Sign(key.raw, message)
  if (key.algorithm === 'ed448') return ed448Sign(key.raw, message)
  throw new CryptoError('crypto.key-kind', 'a key that does not sign', { algorithm: key.algorithm })
}

/** False also for a key that does not sign. */
export function verifyWith(key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  if (key.algorithm === 'ed25519') return ed25519Verify(key.raw, message, signature)
  if (key.algorithm === 'ed448') return ed448Verify(key.raw, message, signature)
  return false
}
