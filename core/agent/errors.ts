import { AppError } from '#core/base'
import type { Facts } from '#core/base'

/**
 * Codes:
 * - `agent.link-used`: the queue of the link was secured by somebody else (SKEY answered AUTH)
 * - `agent.link-gone`: the relay has no such queue any more where that can be told apart
 * - `agent.already-joined`: this installation has joined that link already
 * - `agent.version`: no common version
 * - `agent.not-ready`: the connection cannot send yet, or no more
 * - `agent.too-large`: the body does not fit one message; `facts.limit`
 * - `agent.not-found`: no such connection
 * - `agent.not-available`: the peer's queue refused the handshake for good
 * - `agent.queue-gone`: the relay does not know our queue any more
 * - `agent.expired`: not delivered within the time that retries are allowed
 * - `agent.refused`: the relay refused for good; `facts.reason` has its word
 * - `agent.prohibited`: a message that must not come in this state
 */
export class AgentError extends AppError {
  constructor(code: `agent.${string}`, message: string, facts: Facts = {}, options?: ErrorOptions) {
    super(code, message, facts, options)
    this.name = 'AgentError'
  }
}
