import { box, nonceFrom, openBox } from './box.ts'
import { x25519 } from './curve25519.ts'
import { CryptoError } from './errors.ts'
import { constantTimeEqual, sha512 } from './hashes.ts'

/**
 * Command authorization by an X25519 key: a box of the SHA-512 of what is authorized, 80 bytes, which the server could
 * have made itself, so that it proves nothing to others. smp.md 4.2
 */
export function sealAuthenticator(
  entityPrivate: Uint8Array,
  serverPublic: Uint8Array,
  corrId: Uint8Array,
  forAuth: Uint8Array,
): Uint8Array {
  return box(x25519(entityPrivate, serverPublic), nonceFrom(corrId), sha512(forAuth))
}

/** `secret`: of the entity's key and the server's session key. */
export function openAuthenticator(
  secret: Uint8Array,
  corrId: Uint8Array,
  forAuth: Uint8Array,
  authenticator: Uint8Array,
): boolean {
  try {
    const digest = openBox(secret, nonceFrom(corrId), authenticator)
    return constantTimeEqual(digest, sha512(forAuth))
  } catch (error) {
    if (error instanceof CryptoError) return false
    throw error
  }
}
