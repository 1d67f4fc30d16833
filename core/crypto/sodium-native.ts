import { createRequire } from 'node:module'
import type { Sodium } from './sodium.ts'

/** What is used of the package, which brings no types. Results go into the first argument. */
interface Binding {
  crypto_secretbox_easy(sealed: Uint8Array, message: Uint8Array, nonce: Uint8Array, key: Uint8Array): void
  crypto_secretbox_open_easy(
    message: Uint8Array,
    sealed: Uint8Array,
    nonce: Uint8Array,
    key: Uint8Array,
  ): boolean
  crypto_scalarmult(secret: Uint8Array, privateKey: Uint8Array, publicKey: Uint8Array): void
  crypto_scalarmult_base(publicKey: Uint8Array, privateKey: Uint8Array): void
  crypto_sign_seed_keypair(publicKey: Uint8Array, signingKey: Uint8Array, seed: Uint8Array): void
  crypto_sign_detached(signature: Uint8Array, message: Uint8Array, signingKey: Uint8Array): void
  crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
  crypto_hash_sha512(hash: Uint8Array, data: Uint8Array): void
}

const KEY = 32
const SIGNING_KEY = 64
const SIGNATURE = 64

/** Null where the package is not installed, or has no build for this machine. */
export function loadNativeSodium(): Sodium | null {
  const binding = loadBinding()
  return binding && over(binding)
}

function loadBinding(): Binding | null {
  try {
    return createRequire(import.meta.url)('sodium-native') as Binding
  } catch {
    return null
  }
}

function over(binding: Binding): Sodium {
  return {
    build: 'native',
    secretbox: (sealed, message, nonce, key) => binding.crypto_secretbox_easy(sealed, message, nonce, key),
    openSecretbox: (message, sealed, nonce, key) =>
      binding.crypto_secretbox_open_easy(message, sealed, nonce, key),
    scalarMult(privateKey, publicKey) {
      const secret = new Uint8Array(KEY)
      try {
        binding.crypto_scalarmult(secret, privateKey, publicKey)
        return secret
      } catch {
        return null
      }
    },
    scalarMultBase(privateKey) {
      const publicKey = new Uint8Array(KEY)
      binding.crypto_scalarmult_base(publicKey, privateKey)
      return publicKey
    },
    signingKey(seed) {
      const signingKey = new Uint8Array(SIGNING_KEY)
      binding.crypto_sign_seed_keypair(new Uint8Array(KEY), signingKey, seed)
      return signingKey
    },
    sign(message, signingKey) {
      const signature = new Uint8Array(SIGNATURE)
      binding.crypto_sign_detached(signature, message, signingKey)
      return signature
    },
    verify: (signature, message, publicKey) =>
      binding.crypto_sign_verify_detached(signature, message, publicKey),
    sha512: (into, data) => binding.crypto_hash_sha512(into, data),
  }
}
