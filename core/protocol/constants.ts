/* ---- specification */

/** Bytes of a transport block. smp.md 2.6 */
export const BLOCK_SIZE = 16_384
/** Sum of the items of a block, each with its two length bytes. smp.md 4.1 */
export const BATCH_LIMIT = 16_365
/** Items of one block. smp.md 4.1 */
export const BATCH_COUNT = 255

/** Queue ids, message ids, correlation ids and nonces, in bytes. smp.md 6 */
export const ID_SIZE = 24
/** SHA-256 of the identity certificate. smp.md 2.2 */
export const FINGERPRINT_SIZE = 32
/** Port of an address that names none. smp.md 8 */
export const DEFAULT_PORT = '5223'

/** What both sides offer. Version 6 is implemented as far as parsing goes, for relays that refuse it. smp.md 3.5 */
export const SMP_VERSIONS = { min: 8, max: 18 } as const

/** What is offered over WebSocket, where the client writes everything in the form of 17 and later. smp.md 11 */
export const WEB_VERSIONS = { min: 17, max: 19 } as const

/** First version of what changes bytes or behaviour. smp.md 3.5 */
export const V = {
  sessionIdImplied: 7,
  proxy: 8,
  senderCanSecure: 9,
  deleted: 10,
  blockEncryption: 11,
  blocked: 12,
  proxyFlag: 14,
  links: 15,
  service: 16,
  notifierInNew: 17,
  blockedNotice: 18,
  /** Over WebSocket only. smp.md 11 */
  webProof: 19,
} as const

/** Length of `auth` tells its kind. smp.md 4.2 */
export const AUTH_SIZES = { ed25519: 64, ed448: 114, authenticator: 80 } as const

/** Plaintext of a recipient's message, padded. The same in all versions. smp.md 6 */
export const RECIPIENT_PLAINTEXT = 16_106
/** Plaintext of a notification's metadata, padded. smp.md 6 */
export const NOTIFICATION_PLAINTEXT = 128

/** Block inside a forwarded command or its answer, padded. smp.md 6 */
export const FORWARDED_CONTENT = 16_226

/** Largest body of SEND in each version; larger is LARGE_MSG. smp.md 6 */
export function maxBodySize(version: number): number {
  if (version >= V.blockEncryption) return 16_048
  return version >= V.proxy ? 16_064 : 16_088
}
