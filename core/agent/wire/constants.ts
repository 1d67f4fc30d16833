/* ---- ours */

/** Owners of a link: each may be vouched for by any before it, so checking all that fit into link data would take a second. */
export const MOST_OWNERS = 16

/* ---- specification */

/** Versions advertised and spoken, exactly as the official apps do: another range would tell clients apart. agent.md 0.5 */
export const SMPC_VERSIONS = { min: 1, max: 4 } as const
export const AGENT_VERSIONS = { min: 2, max: 7 } as const

/** First version of what changes bytes. agent.md 0.5, 2.2, 5.2 */
export const SMPC = {
  severalHosts: 2,
  senderCanSecure: 3,
  queueMode: 4,
} as const

/** Plaintext of the per-queue box, in bytes. agent.md 0.6 */
export const PADDED_CONFIRMATION = 15_904
export const PADDED_MESSAGE = 16_000
/** Plaintext of the ratchet's body without post-quantum keys, in bytes. agent.md 0.6 */
export const PADDED_CONN_INFO = 14_832
export const PADDED_AGENT_MESSAGE = 15_840
/** Around the body of an A_MSG: `M`, i64, length and hash, `M`. agent.md 2.3 */
export const MESSAGE_OVERHEAD = 43
/** For link and connInfo of a request: the padded length, without two length bytes, `_`, version, `I`, length. agent.md 4.4 */
export const REQUEST_ROOM = 15_896
/** Longest body of an A_MSG: the padded length, minus its own two length bytes, minus the overhead. agent.md 2.3 */
export const MAX_MESSAGE_BODY = 15_795

/** SHA-256 of the relay's identity certificate; a queue at anything else can never be reached. smp.md 2.2 */
export const FINGERPRINT = 32
/** Ids and keys of short links, in bytes. agent.md 5.4 */
export const SHORT_LINK_ID = 24
export const SHORT_LINK_KEY = 32
/** Plaintext of the two boxes behind a short link, and the nonce in front of each, in bytes. agent.md 0.6, 5.6 */
export const PADDED_LINK_FIXED = 2008
export const PADDED_LINK_USER = 13_784
/** Longest UserBytes of an address: the padded length, without its two length bytes, a signature (65) and the fields around it (11). agent.md 5.6 */
export const MAX_LINK_DATA = 13_706
export const LINK_NONCE = 24
/** A byte string or a list behind one length byte. agent.md 0.1 */
export const MOST_IN_BYTE = 255
