import { isAppError } from '#core/base'
import { CryptoError, RatchetError } from '#core/crypto'
import { DecodeError } from '#core/encoding'

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
