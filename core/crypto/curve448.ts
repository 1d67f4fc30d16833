import { createPrivateKey, createPublicKey, diffieHellman, sign, verify, type KeyObject } from 'node:crypto'
import { ed448 as nobleEd, x448 as nobleX } from '@noble/curves/ed448.js'
import type { Random } from '#core/base'
import type { KeyPair } from './curve25519.ts'
import { CryptoError, requireLength } from './errors.ts'
import { systemRandom } from './random.ts'
import { runtimeHas } from './runtime.ts'

/** X448 and Ed448 twice: by the runtime, and portable. libsodium has neither. Each is the other's oracle in the tests. */
export interface Curve448 {
  x448PublicKey(privateKey: Uint8Array): Uint8Array
  /** Throws whatever its library throws; the callers below turn that into a `CryptoError`. */
  x448(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array
  ed448PublicKey(seed: Uint8Array): Uint8Array
  ed448Sign(seed: Uint8Array, message: Uint8Array): Uint8Array
  ed448Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean
}

const X_KEY = 56 // bytes; agent.md 0.1
const ED_KEY = 57 // bytes; smp.md 1.2
const ED_SIGNATURE = 114 // bytes; smp.md 4.2

type Curve = 'X448' | 'Ed448'

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

/**
 * Importing a private key costs as much as the agreement itself, and one ratchet key is used for several:
 * the imported form is remembered for as long as the caller keeps the very same byte array (which nobody changes).
 */
const imported = new WeakMap<Uint8Array, KeyObject>()

function privateKeyObject(crv: Curve, d: Uint8Array): KeyObject {
  let key = imported.get(d)
  if (!key) {
    // `x` must be there but is not looked at: the library computes it from `d`.
    const zeros = text(new Uint8Array(crv === 'X448' ? X_KEY : ED_KEY))
    key = createPrivateKey({ format: 'jwk', key: { kty: 'OKP', crv, d: text(d), x: zeros } })
    imported.set(d, key)
  }
  return key
}

function publicKeyObject(crv: Curve, x: Uint8Array): KeyObject {
  return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv, x: text(x) } })
}

function publicHalf(crv: Curve, d: Uint8Array): Uint8Array {
  const { x } = privateKeyObject(crv, d).export({ format: 'jwk' })
  return new Uint8Array(Buffer.from(String(x), 'base64url'))
}

/** Only where `runtimeHas('x448')` and `runtimeHas('ed448')`. */
export const runtimeCurve448: Curve448 = {
  x448PublicKey: (privateKey) => publicHalf('X448', privateKey),
  x448: (privateKey, publicKey) =>
    new Uint8Array(
      diffieHellman({
        privateKey: privateKeyObject('X448', privateKey),
        publicKey: publicKeyObject('X448', publicKey),
      }),
    ),
  ed448PublicKey: (seed) => publicHalf('Ed448', seed),
  ed448Sign: (seed, message) => new Uint8Array(sign(null, message, privateKeyObject('Ed448', seed))),
  ed448Verify: (publicKey, message, signature) =>
    verify(null, message, publicKeyObject('Ed448', publicKey), signature),
}

export const portableCurve448: Curve448 = {
  x448PublicKey: (privateKey) => nobleX.getPublicKey(privateKey),
  x448: (privateKey, publicKey) => nobleX.getSharedSecret(privateKey, publicKey),
  ed448PublicKey: (seed) => nobleEd.getPublicKey(seed),
  ed448Sign: (seed, message) => nobleEd.sign(message, seed),
  ed448Verify: (publicKey, message, signature) => nobleEd.verify(signature, message, publicKey),
}

const x = (): Curve448 => (runtimeHas('x448') ? runtimeCurve448 : portableCurve448)
const ed = (): Curve448 => (runtimeHas('ed448') ? runtimeCurve448 : portableCurve448)

export function generateX448(random: Random = systemRandom): KeyPair {
  const privateKey = random.bytes(X_KEY)
  return { privateKey, publicKey: x448PublicKey(privateKey) }
}

export function x448PublicKey(privateKey: Uint8Array): Uint8Array {
  requireLength(privateKey, X_KEY, 'X448 private key')
  return x().x448PublicKey(privateKey)
}

/** The raw shared secret. A peer key of low order would make it all zero and is refused. */
export function x448(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
  requireLength(privateKey, X_KEY, 'X448 private key')
  requireLength(publicKey, X_KEY, 'X448 public key')
  let secret: Uint8Array
  try {
    secret = x().x448(privateKey, publicKey)
  } catch (cause) {
    throw new CryptoError('crypto.low-order', 'X448 public key of low order', {}, { cause })
  }
  if (secret.every((byte) => byte === 0)) {
    throw new CryptoError('crypto.low-order', 'X448 public key of low order')
  }
  return secret
}

export function generateEd448(random: Random = systemRandom): KeyPair {
  const privateKey = random.bytes(ED_KEY)
  return { privateKey, publicKey: ed448PublicKey(privateKey) }
}

export function ed448PublicKey(seed: Uint8Array): Uint8Array {
  requireLength(seed, ED_KEY, 'Ed448 seed')
  return ed().ed448PublicKey(seed)
}

export function ed448Sign(seed: Uint8Array, message: Uint8Array): Uint8Array {
  requireLength(seed, ED_KEY, 'Ed448 seed')
  return ed().ed448Sign(seed, message)
}

/** False also for a key or signature of the wrong length, and for a key that is no point of the curve. */
export function ed448Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== ED_KEY || signature.length !== ED_SIGNATURE) return false
  try {
    return ed().ed448Verify(publicKey, message, signature)
  } catch {
    return false
  }
}
