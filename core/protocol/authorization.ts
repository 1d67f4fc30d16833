/** Making and checking what stands in `auth`. smp.md 4.2 */
import { EMPTY, unreachable } from '#core/base'
import {
  CryptoError,
  type PublicKey,
  openAuthenticator,
  sealAuthenticator,
  signWith,
  verifyWith,
} from '#core/crypto'
import type { AuthKey } from './keys.ts'
import type { Authorization } from './transmission.ts'

/** `serverKey`: the relay's session key. `corrId` is the nonce, so it must never be used twice. */
export function authorize(
  key: AuthKey | null,
  serverKey: Uint8Array,
  corrId: Uint8Array,
  forAuth: Uint8Array,
): Uint8Array {
  if (!key) return EMPTY
  if (key.algorithm === 'x25519') return sealAuthenticator(key.privateKey, serverKey, corrId, forAuth)
  return signWith({ algorithm: key.algorithm, raw: key.privateKey }, forAuth)
}

/** The secret of a public X25519 key and the relay's session key. Throws `CryptoError` for one of low order. */
export type Agreement = (publicKey: Uint8Array) => Uint8Array

/**
 * False for a key of another kind than the authorization. The time it takes depends on the kind only, and on what
 * `agree` takes.
 */
export function verifyAuthorization(
  key: PublicKey,
  auth: Authorization,
  agree: Agreement,
  corrId: Uint8Array,
  forAuth: Uint8Array,
): boolean {
  switch (auth.kind) {
    case 'none':
      return false
    case 'ed25519':
    case 'ed448':
      return key.algorithm === auth.kind && verifyWith(key, forAuth, auth.bytes)
    case 'authenticator':
      return key.algorithm === 'x25519' && opens(key.raw, auth.bytes, agree, corrId, forAuth)
    default:
      return unreachable(auth.kind)
  }
}

function opens(
  key: Uint8Array,
  authenticator: Uint8Array,
  agree: Agreement,
  corrId: Uint8Array,
  forAuth: Uint8Array,
): boolean {
  try {
    return openAuthenticator(agree(key), corrId, forAuth, authenticator)
  } catch (error) {
    if (error instanceof CryptoError) return false
    throw error
  }
}
