import type { ContractError, ErrorCode, ErrorDetails } from '#core/contract'

/** A refused call. A broken door is `INTERNAL` with `retryable`. */
export class CallError extends Error {
  override readonly name = 'CallError'
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details?: ErrorDetails) {
    super(message)
    this.code = code
    this.details = details ?? { retryable: false }
  }
}

/** Whatever was thrown, as the contract names it. */
export function toFailure(thrown: unknown): ContractError {
  if (thrown instanceof CallError)
    return { code: thrown.code, message: thrown.message, details: thrown.details }
  return { code: 'INTERNAL', message: '', details: { retryable: true } }
}

export function isCancelled(thrown: unknown): boolean {
  return thrown instanceof CallError && thrown.code === 'CANCELLED'
}
