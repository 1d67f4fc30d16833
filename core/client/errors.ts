import { AppError, type Facts } from '#core/base'
import { ProtocolError, type SmpError, errorWord } from '#core/protocol'
import { TransportError } from '#core/transport'

export type ClientErrorCode =
  /** No connection, a connection lost, no answer in time. Trying again later may help. */
  | 'relay.unreachable'
  /** Somebody answers who is not the relay of this address. */
  | 'relay.identity'
  /** It is who it should be, but its certificate is not valid by the clock of this computer. */
  | 'relay.clock'
  /** It has names of another network only, as those of Tor. */
  | 'relay.host-kind'
  /** The relay is too old or too new, at all or for this command. */
  | 'relay.version'
  /** The relay refuses to create queues: wrong or missing password. Reported by `test` only. */
  | 'relay.auth'
  /** The relay answered something that does not answer the request. */
  | 'relay.protocol'
  /** The command fits no block. */
  | 'relay.too-large'
  /** The pool was closed. */
  | 'relay.closed'

export class ClientError extends AppError {
  declare readonly code: ClientErrorCode

  constructor(code: ClientErrorCode, message: string, facts: Facts = {}, options?: ErrorOptions) {
    super(code, message, facts, options)
    this.name = 'ClientError'
  }
}

/** The relay understood and said no. */
export class RelayRefused extends AppError {
  declare readonly code: 'relay.refused'
  readonly smpError: SmpError

  constructor(smpError: SmpError) {
    super('relay.refused', 'the relay refused the command', { error: errorWord(smpError) })
    this.name = 'RelayRefused'
    this.smpError = smpError
  }
}

export function unreachable(reason: string, cause?: unknown): ClientError {
  return new ClientError('relay.unreachable', 'no answer from the relay', { reason }, { cause })
}

/** What the rooms below throw, as callers of this room know it. Other errors (the signal's reason) stay as they are. */
export function asClientError(error: unknown): unknown {
  if (error instanceof ProtocolError && error.code === 'protocol.version')
    return new ClientError('relay.version', error.message, error.facts, { cause: error })
  if (!(error instanceof TransportError)) return error
  switch (error.code) {
    case 'transport.identity':
      return new ClientError('relay.identity', error.message, error.facts, { cause: error })
    case 'transport.clock':
      return new ClientError('relay.clock', error.message, error.facts, { cause: error })
    case 'transport.host-kind':
      return new ClientError('relay.host-kind', error.message, error.facts, { cause: error })
    case 'transport.version':
      return new ClientError('relay.version', error.message, error.facts, { cause: error })
    default: {
      const detail = error.facts['reason']
      return unreachable(typeof detail === 'string' ? detail : error.code, error)
    }
  }
}
