import type { Millis } from '#core/base'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Waiting between attempts: `start` until `growAfter` has been waited in all, then half as long again each time, up to `max`. */
export interface RetryPolicy {
  readonly start: Millis
  readonly growAfter: Millis
  readonly max: Millis
}

/* ---- specification */

/** While a relay does not answer. agent.md 0.6 */
export const FAST_RETRY: RetryPolicy = { start: 2 * SECOND, growAfter: 10 * SECOND, max: 2 * MINUTE }
/** While the peer's queue is full, or a relay has another certificate. agent.md 0.6 */
export const SLOW_RETRY: RetryPolicy = { start: 5 * MINUTE, growAfter: MINUTE, max: 6 * HOUR }
export const RETRY_GROWTH = 1.5 // agent.md 0.6
/** How long a message, HELLO or step of a handshake is tried. agent.md 0.6 */
export const MESSAGE_TIMEOUT: Millis = 2 * DAY
/** How long it is tried while the peer's queue is full. agent.md 0.6 */
export const QUOTA_TIMEOUT: Millis = 7 * DAY
/** Hashes of what was received and sent; relays keep nothing longer. agent.md 0.6 */
export const RETENTION: Millis = 21 * DAY
/** A message that cannot be stored is dropped after that many attempts and that long. agent.md 0.6 */
export const DROP_ATTEMPTS = 8
export const DROP_AFTER: Millis = DAY
/** How long a deleted connection goes on to deliver. agent.md 0.6 */
export const DELETE_WAIT: Millis = 2 * DAY
/** Failed attempts to delete a queue, after which it is left to the relay. agent.md 0.6 */
export const DELETE_ATTEMPTS = 10
/** Random part of a connection's local id, in bytes. agent.md 0.6 */
export const LOCAL_ID = 12
/** Of the box around each SEND, in bytes. agent.md 1 */
export const NONCE = 24
/** Receipts exist from this agent version on, early sending by the joiner from the other. agent.md 0.5 */
export const RECEIPTS_VERSION = 4
export const SEND_AFTER_JOIN_VERSION = 7

/* ---- ours */

/** As often a queue that the peer moves to is tried before messages go to the old one first. */
export const NEW_QUEUE_ATTEMPTS = 3
/** As often a silent relay of ours is asked for a queue before another one of ours is. */
export const OWN_ATTEMPTS = 3
/** What tells one request from another, in bytes: as long as the official apps' contact request id. chat.md */
export const REQUEST_SEED = 16

/** A call that a person waits for. The contract promises an answer within 10 s; a little is left for the answer's way. */
export const PERSON_WAITS: Millis = 9_500
/** Claims of links that were never answered: nobody presses the button again after a day. */
export const CLAIM_KEPT: Millis = DAY
/** One-time links that were opened and not joined: only this key can still use them, so it is kept as long as our relays keep unused queues. */
export const OPENED_LINK_KEPT: Millis = 400 * DAY
/** Skipped keys per connection: two chains at the limit of 512. All are tried on each message that opens no current chain. */
export const MAX_SKIPPED_KEYS = 1_024
/** A queue whose relay stays silent is left to it only after this long: ten attempts are over in minutes. */
export const DELETE_PATIENCE: Millis = 2 * DAY
/** Between two clean-ups of hashes and delivered messages. */
export const CLEAN_UP_EVERY: Millis = 6 * HOUR
