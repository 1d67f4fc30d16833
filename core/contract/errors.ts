import type { LooksLike, PlanWarning } from './types.ts'

/** api.md, Error codes. */
export const errorCodes = [
  'INVALID_REQUEST',
  'INVALID_PARAMS',
  'UNKNOWN_METHOD',
  'NO_PROFILE',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'LINK_INVALID',
  'LINK_VERSION',
  'LINK_OWN',
  'LINK_USED',
  'LINK_GONE',
  'LINK_PAUSED',
  'ALREADY_CONNECTED',
  'NOT_READY',
  'TOO_LARGE',
  'RELAY_UNREACHABLE',
  'RELAY_IDENTITY',
  'RELAY_AUTH',
  'RELAY_QUOTA',
  'RELAY_UNKNOWN',
  'REQUEST_GONE',
  'EXPIRED',
  'CRYPTO',
  'STORE',
  'STORE_FULL',
  'STORE_READ_ONLY',
  'LOCKED',
  'WRONG_PASSPHRASE',
  'BACKUP_INVALID',
  'CANCELLED',
  'INTERNAL',
] as const
export type ErrorCode = (typeof errorCodes)[number]

/** `retryable` always; the others where they apply. */
export interface ErrorDetails {
  retryable: boolean
  path?: string
  suggestion?: string
  limit?: number
  size?: number
  address?: string
  /** `address` is a relay of ours: what it lacks can be put right here. */
  own?: boolean
  step?: string
  at?: number
  looksLike?: LooksLike
  connectionId?: string
  contactId?: string
  requestedAt?: string
  /** Of a link whose relay was not asked. */
  warnings?: PlanWarning[]
}

export interface ContractError {
  code: ErrorCode
  /** Exactly what, where one code has several causes that a door tells apart. */
  reason?: string
  /** One sentence that a person can act on. */
  message: string
  details?: ErrorDetails
}

/** What stands in rows and messages. `retryable`: nothing is used up, `connection.retry` tries it at once; `address`: the relay of ours that it waits for. */
export interface Failure {
  code: ErrorCode
  reason?: string
  message: string
  retryable?: boolean
  address?: string
}
