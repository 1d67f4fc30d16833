import type { Random } from '#core/base'
import { CryptoError, requireLength } from './errors.ts'
import { systemRandom } from './random.ts'
import { sodium } from './sodium.ts'

/** Both halves raw. For Ed25519 and Ed448 the private half is the seed, as PKCS#8 holds it. */
export interface KeyPair {
  readonly publicKey: Uint8Array
  readonly privateKey: Uint8Array
}

const KEY = 32 // bytes, every key and seed of both curves; smp.md 1.2
const SIGNATURE = 64 // bytes; smp.md 4.2

export function generateX25519(random: Random = systemRandom): KeyPair {
  const privateKey = random.bytes(KEY)
  return { privateKey, publicKey: x25519PublicKey(privateKey) }
}

export function x25519PublicKey(privateKey: Uint8Array): Uint8Array {
  requireLength(privateKey, KEY, 'X25519 private key')
  return sodium.scalarMultBase(privateKey)
}

/** The raw shared secret. A peer key of low order would make it all zero and is refused. */
export function x25519(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
  requireLength(privateKey, KEY, 'X25519 private key')
  requireLength(publicKey, KEY, 'X25519 public key')
  const secret = sodium.scalarMult(privateKey, publicKey)
  if (!secret) throw new CryptoError('crypto.low-order', 'X25519 public key of low order')
  return secret
}

export function generateEd25519(random: Random = systemRandom): KeyPair {
  const privateKey = random.bytes(KEY)
  return { privateKey, publicKey: ed25519PublicKey(privateKey) }
}

export function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  return expanded(seed).slice(KEY)
}

export function ed25519Sign(seed: Uint8Array, message: Uint8Array): Uint8Array {
  return sodium.sign(message, expanded(seed))
}

/** False also for a key or signature of the wrong length. */
export function ed25519Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== KEY || signature.length !== SIGNATURE) return false
  return sodium.verify(signature, message, publicKey)
}

/** libsodium signs with seed and public key side by side; making the second half costs as much as signing. */
const expandedSeeds = new WeakMap<Uint8Array, Uint8Array>()

function expanded(seed: Uint8Array): Uint8Array {
  let secret = expandedSeeds.get(seed)
  if (!secret) {
    requireLength(seed, KEY, 'Ed25519 seed')
    secret = sodium.signingKey(seed)
    expandedSeeds.set(seed, secret)
  }
  return secret
}
