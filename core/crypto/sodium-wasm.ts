import type { Sodium } from './sodium.ts'

/** Compiled when it is asked for: where the native build is there it costs nothing. */
export async function loadWasmSodium(): Promise<Sodium> {
  const { default: library } = await import('libsodium-wrappers')
  await library.ready
  return {
    build: 'wasm',
    secretbox: (sealed, message, nonce, key) =>
      sealed.set(library.crypto_secretbox_easy(message, nonce, key)),
    openSecretbox(message, sealed, nonce, key) {
      const opened = orNull(() => library.crypto_secretbox_open_easy(sealed, nonce, key))
      if (opened) message.set(opened)
      return opened !== null
    },
    scalarMult: (privateKey, publicKey) => orNull(() => library.crypto_scalarmult(privateKey, publicKey)),
    scalarMultBase: (privateKey) => library.crypto_scalarmult_base(privateKey),
    signingKey: (seed) => library.crypto_sign_seed_keypair(seed).privateKey,
    sign: (message, signingKey) => library.crypto_sign_detached(message, signingKey),
    verify: (signature, message, publicKey) =>
      library.crypto_sign_verify_detached(signature, message, publicKey),
    sha512: null,
  }
}

/** It throws what is no more than a "no"; lengths are checked before. */
function orNull<T>(fn: () => T): T | null {
  try {
    return fn()
  } catch {
    return null
  }
}
