/**
 * crypto: the primitives of smp.md and agent.md behind one door, the relays' certificates, and the double ratchet.
 * Pure functions on bytes: no I/O, no clock of its own; await `cryptoReady()` once, everything else is synchronous.
 * Not here: what goes into a message, a command or a link. libsodium does what it has, the runtime the rest,
 * noble what a runtime lacks (`runtime.ts`). Start reading at `box.ts`, then `ratchet/state.ts`.
 */
import { sodiumReady } from './sodium.ts'

export { CertificateError, CryptoError } from './errors.ts'
export { randomBytes, systemRandom } from './random.ts'
export { runtimeHas } from './runtime.ts'
export type { RuntimeFeature } from './runtime.ts'
export { cryptoSelfTest } from './self-test.ts'
export { constantTimeEqual, hkdfSha512, sha256, sha3_256, sha3_384, sha512 } from './hashes.ts'
export {
  ed25519PublicKey,
  ed25519Sign,
  ed25519Verify,
  generateEd25519,
  generateX25519,
  x25519,
  x25519PublicKey,
} from './curve25519.ts'
export type { KeyPair } from './curve25519.ts'
export {
  ed448PublicKey,
  ed448Sign,
  ed448Verify,
  generateEd448,
  generateX448,
  portableCurve448,
  runtimeCurve448,
  x448,
  x448PublicKey,
} from './curve448.ts'
export {
  decodePkcs8,
  decodeSpki,
  encodePkcs8,
  encodeSpki,
  rawKey,
  signWith,
  spki25519,
  spkiKey,
  spkiOf,
  verifyWith,
} from './public-key.ts'
export type { KeyAlgorithm, PrivateKey, PublicKey, SignatureAlgorithm } from './public-key.ts'
export {
  BOX_TAG,
  box,
  boxInPlace,
  boxTagLast,
  nonceFrom,
  openBox,
  openBoxInPlace,
  openBoxTagLast,
} from './box.ts'
export { openAuthenticator, sealAuthenticator } from './authenticator.ts'
export { aesGcmOpen, aesGcmSeal, portableAesGcm, runtimeAesGcm } from './aead.ts'
export { blockChains, stepBlockChain } from './block-chain.ts'
export type { BlockChains, BlockKey } from './block-chain.ts'
export { createRelayIdentity, newOnlineCertificate, pemOf } from './relay-identity.ts'
export type { RelayIdentity } from './relay-identity.ts'
export { verifyRelayChain } from './relay-chain.ts'
export { signSessionKey, verifySignedKey } from './signed-key.ts'
export { parseCertificate } from './x509.ts'
export type { Certificate } from './x509.ts'
export { RatchetError } from './ratchet/errors.ts'
export type { RatchetErrorCode } from './ratchet/errors.ts'
export { E2E_VERSIONS, MAX_SKIP } from './ratchet/constants.ts'
export { kemOffer } from './ratchet/kem.ts'
export type { KemOffer } from './ratchet/kem.ts'
export { chainStep, rootStep } from './ratchet/kdf.ts'
export type { ChainStep, RootStep } from './ratchet/kdf.ts'
export { generateX3dh, x3dhInitiate, x3dhJoin, x3dhParams, x3dhPublic } from './ratchet/x3dh.ts'
export type { X3dhPrivate, X3dhPublic, X3dhSecret } from './ratchet/x3dh.ts'
export { initInitiatorRatchet, initJoinerRatchet } from './ratchet/state.ts'
export type {
  RatchetState,
  RatchetVersions,
  ReceivingChain,
  SendingChain,
  SkippedKey,
} from './ratchet/state.ts'
export { decodePrepared, encodePrepared, encryptBody, encryptHeader } from './ratchet/encrypt.ts'
export type { PreparedMessage } from './ratchet/encrypt.ts'
export { decryptMessage } from './ratchet/decrypt.ts'
export type { Decrypted, SkippedKeyId } from './ratchet/decrypt.ts'
export { decodeRatchet, encodeRatchet } from './ratchet/state-codec.ts'
export { securityCode } from './ratchet/security-code.ts'
export { securityWords } from './ratchet/security-words.ts'

/** Resolves when libsodium is compiled. Everything but hashes by the runtime and random bytes needs it. */
export function cryptoReady(): Promise<void> {
  return sodiumReady()
}
