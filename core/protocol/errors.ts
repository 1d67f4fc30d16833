import { AppError, type Facts } from '#core/base'

export type ProtocolErrorCode =
  /** An address text that does not parse. `facts.reason` says where. */
  | 'protocol.address'
  /** A command or field that the agreed version cannot carry. */
  | 'protocol.version'

export class ProtocolError extends AppError {
  constructor(code: ProtocolErrorCode, message: string, facts: Facts = {}, options?: ErrorOptions) {
    super(code, message, facts, options)
    this.name = 'ProtocolError'
  }
}
