import type { Millis } from '#core/base'
import { RETRY_GROWTH, type RetryPolicy } from './constants.ts'

/** How long to wait before each next attempt. */
export class Backoff {
  #policy: RetryPolicy | null = null
  #delay: Millis = 0
  #waited: Millis = 0

  next(policy: RetryPolicy): Millis {
    if (policy !== this.#policy) {
      this.#policy = policy
      this.#delay = policy.start
      this.#waited = 0
    } else if (this.#waited >= policy.growAfter) {
      this.#delay = Math.min(this.#delay * RETRY_GROWTH, policy.max)
    }
    this.#waited += this.#delay
    return this.#delay
  }

  reset(): void {
    this.#policy = null
  }
}
