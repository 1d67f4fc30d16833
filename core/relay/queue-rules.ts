/**
 * What a queue allows, as pure functions of its record. smp.md 5.5
 *
 *              NEW
 *               │
 *               ▼    KEY, SKEY, LKEY: the first key wins
 *          ┌ unsecured ────────────▶ secured
 *   OFF    │    │                       │     SEND: size < quota      -> stored
 *  (either)▼    ▼                       ▼           size = quota      -> marker stored, QUOTA
 *         off, blocked: nobody sends                marker stored     -> QUOTA until the queue is empty
 *               │
 *               ▼  DEL: gone, every id answers AUTH
 */
import { equalBytes } from '#core/base'
import { type PublicKey, constantTimeEqual } from '#core/crypto'
import type { CommandType, SmpError } from '#core/protocol'
import type { Fifo, LinkData, Queue } from './queue.ts'

export const AUTH: SmpError = { type: 'AUTH' }

/* ---- securing */

export type Securing = 'now' | 'already' | 'refused'

/** First key wins, the same key again is fine (a retry), another one never. */
export function securing(queue: Queue, key: PublicKey): Securing {
  if (!queue.sndKey) return 'now'
  return sameKey(queue.sndKey, key) ? 'already' : 'refused'
}

/** SKEY and LKEY: only a queue made for a one-time invitation lets its sender in. */
export function senderMaySecure(queue: Queue): boolean {
  return queue.mode === 'M'
}

export function sameKey(a: PublicKey, b: PublicKey): boolean {
  return a.algorithm === b.algorithm && constantTimeEqual(a.raw, b.raw)
}

/* ---- closed queues */

/** Commands that a blocked queue still obeys. smp.md 5.5 */
const whileBlocked: readonly CommandType[] = ['OFF', 'DEL', 'NSUB']

/** What stands in the way of an authorized command, or null. */
export function refusal(queue: Queue, command: CommandType): SmpError | null {
  const { status } = queue
  switch (status.tag) {
    case 'active':
      return null
    case 'off':
      return command === 'SEND' ? AUTH : null
    case 'blocked':
      return whileBlocked.includes(command)
        ? null
        : { type: 'BLOCKED', reason: status.reason, notice: status.notice }
  }
}

/* ---- sending */

export type Admission = 'store' | 'mark' | 'full'

/** `mark`: the sender gets QUOTA, and a marker tells the recipient so. */
export function admission(fifo: Fifo, quota: number): Admission {
  if (fifo.marked) return 'full'
  return fifo.size < quota ? 'store' : 'mark'
}

/** Link data serves one invitation: the first SEND after securing removes it. */
export function linkIsSpent(queue: Queue): boolean {
  return queue.sndKey !== null && queue.mode !== 'C'
}

/* ---- links */

/** LGET needs no key, so it only serves what is meant for everybody. */
export function linkIsPublic(queue: Queue): boolean {
  return queue.mode === 'C' || (queue.mode === null && queue.sndKey === null)
}

/** Only the user data of a link may change, and only while the link can still be used. */
export function linkMayBecome(queue: Queue, before: LinkData | null, after: LinkData): boolean {
  if (linkIsSpent(queue)) return false
  if (!before) return true
  return equalBytes(before.linkId, after.linkId) && equalBytes(before.fixed, after.fixed)
}
