import type { Millis } from '#core/base'

/** All timing of the client; `createRelayPool` takes other values, which tests use. */
export interface ClientLimits {
  /** TCP, TLS and both hellos. smp.md 2.6 */
  readonly connectMs: Millis
  /** From asking to the answer. smp.md 2.6 */
  readonly requestMs: Millis
  /** The same for SUB, sent for many queues at once and not waited for by anybody. smp.md 2.6, "background" */
  readonly subscribeMs: Millis
  /** PING after so long without a block, once something is subscribed. smp.md 2.6 */
  readonly pingMs: Millis
  /** Timeouts in a row after which the connection counts as lost. smp.md 2.6 */
  readonly timeoutsInARow: number
  /** Ours: a connection that nobody needs is closed after this; a second message soon after still finds it open. */
  readonly idleMs: Millis
  /** Ours: pauses between attempts grow from the first to the last by the factor, so that a relay that comes back is not stormed. */
  readonly backoffFirstMs: Millis
  readonly backoffFactor: number
  readonly backoffLastMs: Millis
  /** Ours: a queue whose SUB failed for a reason that may pass (INTERNAL, no answer) is asked for again after this. */
  readonly resubscribeMs: Millis
}

export const DEFAULT_LIMITS: ClientLimits = {
  connectMs: 15_000,
  requestMs: 10_000,
  subscribeMs: 30_000,
  pingMs: 600_000,
  timeoutsInARow: 3,
  idleMs: 60_000,
  backoffFirstMs: 2_000,
  backoffFactor: 1.5,
  backoffLastMs: 180_000,
  resubscribeMs: 60_000,
}

/** SUBs with Ed25519 that fit one block. smp.md 6 */
export const SUBS_PER_BLOCK = 135
/** Ours: pauses vary by this share in both directions, so that clients of one relay do not return in step. */
export const BACKOFF_JITTER = 0.25
