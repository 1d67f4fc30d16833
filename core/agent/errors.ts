import { AppError } from '#core/base'
import type { Facts } from '#core/base'

/**
 * Codes, of errors that are thrown and of those that an `AgentHandler` is told:
 * - `agent.link-used`: the queue of the link was secured by somebody else (SKEY answered AUTH)
 * - `agent.already-joined`: this installation has joined that link already
 * - `agent.address-gone`: the relay does not know the address any more (a request answered AUTH)
 * - `agent.address-full`: as many requests wait at the relay as it keeps
 * - `agent.own-relay`: a relay of ours makes no queue; its word is the cause, and nothing was begun
 * - `agent.request-gone`: the asker has deleted the queue of its request
 * - `agent.link-data`: what lies behind a short link is not what the link stands for; `facts.reason`
 * - `agent.link-claimed`: somebody has fetched the data of an own one-time link: it cannot be changed any more
 * - `agent.version`: no common version
 * - `agent.not-ready`: the connection cannot send yet, or no more
 * - `agent.too-large`: the body, or the connInfo of a request, does not fit one message; `facts.limit`
 * - `agent.not-found`: no such connection
 * - `agent.not-available`: the peer's queue refused the handshake for good
 * - `agent.queue-gone`: the relay does not know our queue any more
 * - `agent.queue-ended`: another copy of the app subscribed to our queue
 * - `agent.expired`: not delivered within the time that retries are allowed
 * - `agent.refused`: the relay refused for good; `facts.reason` has its word
 * - `agent.stopped`: the agent was stopped while somebody waited
 * - `agent.prohibited`: a message that must not come in this state
 */
export class AgentError extends AppError {
  constructor(code: `agent.${string}`, message: string, facts: Facts = {}, options?: ErrorOptions) {
    super(code, message, facts, options)
    this.name = 'AgentError'
  }
}
