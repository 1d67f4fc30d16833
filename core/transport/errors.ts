import { AppError, type Facts } from '#core/base'

export type TransportErrorCode =
  /** No TCP connection: name not found, refused, no route, or only an onion name. */
  | 'transport.unreachable'
  /** Only names of another network (Tor and the like): nobody was asked, not even a resolver. */
  | 'transport.host-kind'
  /** TCP, but no TLS: wrong kind of server, no common algorithm. */
  | 'transport.tls'
  /** The peer is not the relay of this address. */
  | 'transport.identity'
  /** The certificate of the relay does not begin yet, or is over, by the clock of this computer. */
  | 'transport.clock'
  /** No version of SMP in common. */
  | 'transport.version'
  /** The first blocks were not what the protocol says. */
  | 'transport.handshake'
  /** A block that does not decrypt or unpad. */
  | 'transport.block'
  /** The connection is over. `facts.by`: 'us' or 'peer'. */
  | 'transport.closed'

export class TransportError extends AppError {
  declare readonly code: TransportErrorCode

  constructor(code: TransportErrorCode, message: string, facts: Facts = {}, options?: ErrorOptions) {
    super(code, message, facts, options)
    this.name = 'TransportError'
  }
}

export function closed(by: 'us' | 'peer', facts: Facts = {}): TransportError {
  return new TransportError('transport.closed', 'the connection is over', { by, ...facts })
}
