import { type PublicKey, spkiKey } from '#core/crypto'
import { type Codec, mapped } from '#core/encoding'

/** A key that commands may be authorized with. smp.md 1.2; anything else is CMD SYNTAX. */
export const authKey: Codec<PublicKey> = spkiKey('ed25519', 'ed448', 'x25519')

/** An X25519 key for a shared secret: raw here, SPKI on the wire. */
export const dhKey: Codec<Uint8Array> = mapped(
  spkiKey('x25519'),
  (key): Uint8Array => key.raw,
  (raw): PublicKey => ({ algorithm: 'x25519', raw }),
)

/** The private half of a queue's key, as its owner keeps it; Ed25519 and Ed448 as the seed. */
export interface AuthKey {
  readonly algorithm: 'ed25519' | 'x25519' | 'ed448'
  readonly privateKey: Uint8Array
}
