import { isAppError, type Millis } from '#core/base'
import { CryptoError, RatchetError } from '#core/crypto'
import { DecodeError } from '#core/encoding'
import type { AgentConnection, RcvQueue } from '#core/store'
import type { AgentEnvelope, ClientMessage } from './wire/index.ts'

/** A received message that cannot be used: it is reported, and taken from the queue so that the next one can come. */
export class Unusable extends Error {
  readonly code: string

  constructor(code: string, cause?: unknown) {
    super(code, { cause })
    this.name = 'Unusable'
    this.code = code
  }
}

/** Turns what decoders and boxes throw into `Unusable`; every other error is ours and goes on. */
export function usable<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof DecodeError) throw new Unusable('agent.malformed', error)
    if (error instanceof CryptoError || error instanceof RatchetError) throw new Unusable(error.code, error)
    if (isAppError(error) && error.code.startsWith('crypto.')) throw new Unusable(error.code, error)
    throw error
  }
}

/** A message through the queue layer, with all that is known of where it came. */
export interface Arrived {
  readonly connection: AgentConnection
  readonly queue: RcvQueue
  readonly brokerTs: Millis
  readonly envelope: AgentEnvelope
  /** SHA-256 of the ratchet message: the same bytes again are a redelivery or a repeated SEND. agent.md 4.8 */
  readonly hash: Uint8Array
  readonly client: ClientMessage
  readonly clientVersion: number
  /** The queue's secret if the message brought the sender's key. */
  readonly newSecret: Uint8Array | null
}
