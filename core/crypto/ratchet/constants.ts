/* ---- specification */

/** Versions of the ratchet that this client speaks. agent.md 0.5 */
export const E2E_VERSIONS = { min: 2, max: 3 } as const
/** From this version on, headers can carry a KEM and lengths take two bytes. agent.md 0.5 */
export const KEM_VERSION = 3
/** Padded header without KEM, in bytes. agent.md 0.6 */
export const PADDED_HEADER = 88
/** Messages that one chain may jump over at once. agent.md 0.6 */
export const MAX_SKIP = 512
/** sntrup761, in bytes. agent.md 0.6 */
export const KEM_PUBLIC_KEY = 1158
export const KEM_CIPHERTEXT = 1039
/** X448, in bytes. agent.md 3.1 */
export const X448_KEY = 56
/** Chain keys, root keys, header keys and message keys, in bytes. agent.md 3.3 */
export const SYMMETRIC_KEY = 32
/** AES-GCM, in bytes. agent.md 3.4 */
export const IV = 16
export const TAG = 16
