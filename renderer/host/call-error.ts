import type { ContractError, ErrorCode, ErrorDetails } from '#core/contract'

/** A refused call. A broken door is `INTERNAL` with `retryable`. */
export class CallError extends Error {
  override readonly name = 'CallError'
  readonly code: ErrorCode
  readonly reason: string | undefined
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details?: ErrorDetails, reason?: string) {
    super(message)
    this.code = code
    this.reason = reason
    this.details = details ?? { retryable: false }
  }
}

/** Whatever was thrown, as the contract names it. */
export function toFailure(thrown: unknown): ContractError {
  if (thrown instanceof CallError) {
    const { code, reason, message, details } = thrown
    return { code, ...(reason !== undefined && { reason }), message, details }
  }
  return { code: 'INTERNAL', message: '', details: { retryable: true } }
}

export function isCancelled(thrown: unknown): boolean {
  return thrown instanceof CallError && thrown.code === 'CANCELLED'
}
