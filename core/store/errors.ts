import { AppError } from '#core/base'
import type { Facts } from '#core/base'

/**
 * Codes: `store.newer` (made by a later version of the app), `store.locked` (another process has it open),
 * `store.corrupt`, `store.missing` (what belongs to it is there), `store.foreign` (of another program), `store.full`,
 * `store.read-only`, `store.closed`, `store.async`, `store.failed`.
 */
export class StoreError extends AppError {
  constructor(code: `store.${string}`, message: string, facts: Facts = {}, options?: ErrorOptions) {
    super(code, message, facts, options)
    this.name = 'StoreError'
  }
}

const BY_RESULT: readonly (readonly [prefix: string, code: `store.${string}`])[] = [
  ['SQLITE_BUSY', 'store.locked'],
  ['SQLITE_LOCKED', 'store.locked'],
  ['SQLITE_CORRUPT', 'store.corrupt'],
  ['SQLITE_NOTADB', 'store.corrupt'],
  ['SQLITE_FULL', 'store.full'],
  ['SQLITE_READONLY', 'store.read-only'],
  ['SQLITE_CANTOPEN', 'store.failed'],
  ['SQLITE_IOERR', 'store.failed'],
]

/** Faults of the database file get our codes; broken constraints and everything else stay what they are. */
export function asStoreError(error: unknown): unknown {
  const result = error instanceof Error ? (error as { code?: unknown }).code : undefined
  if (typeof result !== 'string') return error
  const known = BY_RESULT.find(([prefix]) => result.startsWith(prefix))
  return known
    ? new StoreError(known[1], 'the data folder could not be used', { result }, { cause: error })
    : error
}
