import { AppError, type Facts } from '#core/base'

/** What agent.md 3.7 tells apart; the sync state that each suggests is the agent's business. */
export type RatchetErrorCode =
  /** Message or header do not parse. */
  | 'ratchet.malformed'
  /** No header key opens the header: not from this peer, or the ratchets have come apart. */
  | 'ratchet.header'
  /** The header is genuine, the body was touched. */
  | 'ratchet.body'
  /** Its number was used before. */
  | 'ratchet.duplicate'
  /** It comes before the last one by `facts.count` and its key is not kept. */
  | 'ratchet.earlier'
  /** It would skip `facts.count` messages, more than the limit. */
  | 'ratchet.skipped'
  /** The peer answers a KEM proposal that was never made. */
  | 'ratchet.kem'
  /** The peer has not sent yet, so there is nothing to encrypt with. */
  | 'ratchet.no-sending-chain'

export class RatchetError extends AppError {
  constructor(code: RatchetErrorCode, message: string, facts: Facts = {}, options?: ErrorOptions) {
    super(code, message, facts, options)
    this.name = 'RatchetError'
  }
}
