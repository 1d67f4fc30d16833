import type { Millis, Random } from '#core/base'
import { BACKOFF_JITTER, type ClientLimits } from './constants.ts'

/** The pause before attempt number `attempt` (0 is the first repetition). */
export function backoff(attempt: number, limits: ClientLimits, random: Random): Millis {
  const { backoffFirstMs, backoffFactor, backoffLastMs } = limits
  const base = Math.min(backoffFirstMs * backoffFactor ** attempt, backoffLastMs)
  const share = random.bytes(1)[0]! / 255
  return Math.min(base * (1 + BACKOFF_JITTER * (2 * share - 1)), backoffLastMs)
}
