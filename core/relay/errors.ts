import { AppError, type Facts } from '#core/base'

export type RelayErrorCode =
  /** The TLS library gives no Finished, so no client would stay. smp.md 2.4 */
  | 'relay.runtime'
  /** Files of the identity are missing or damaged, or are not those that the queues were made under. */
  | 'relay.identity'
  /** Cannot listen: the port is taken or not allowed. */
  | 'relay.port'
  /** The queues were written by a newer version. */
  | 'relay.newer'
  /** SQLite failed; `facts.reason` is its code. */
  | 'relay.store'
  /** A backup cannot be made now, or not there. */
  | 'relay.backup'
  /** The operator named a queue that is not there, or that needs nothing done to it. */
  | 'relay.queue'

export class RelayError extends AppError {
  declare readonly code: RelayErrorCode

  constructor(code: RelayErrorCode, message: string, facts: Facts = {}, options?: ErrorOptions) {
    super(code, message, facts, options)
    this.name = 'RelayError'
  }
}
