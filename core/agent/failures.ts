import { isAppError } from '#core/base'
import { RelayRefused } from '#core/client'

/** What an unsuccessful request means for whoever asked. agent.md 4.5, 4.8 */
export type Failure =
  /** Try again; `slow` where trying often cannot help. */
  | { readonly kind: 'temporary'; readonly slow: boolean; readonly code: string }
  /** The peer's queue is full. */
  | { readonly kind: 'quota'; readonly code: 'relay.quota' }
  /** No use trying again. `isAuth`: no such queue, or another key. */
  | { readonly kind: 'permanent'; readonly isAuth: boolean; readonly code: string }

/** Faults inside the relay pass: it restarts, its disk gets space. Upstream calls them permanent; that would cost a message. */
const PASSING = new Set(['INTERNAL', 'STORE', 'BLOCK', 'SESSION'])

export function classify(error: unknown): Failure {
  if (error instanceof RelayRefused) {
    const { type } = error.smpError
    if (type === 'QUOTA') return { kind: 'quota', code: 'relay.quota' }
    if (type === 'AUTH') return { kind: 'permanent', isAuth: true, code: 'relay.auth' }
    if (PASSING.has(type)) return { kind: 'temporary', slow: false, code: 'relay.unreachable' }
    return { kind: 'permanent', isAuth: false, code: 'relay.refused' }
  }
  if (isAppError(error, 'relay.identity')) return { kind: 'temporary', slow: true, code: error.code }
  if (isAppError(error, 'relay.too-large')) return { kind: 'permanent', isAuth: false, code: error.code }
  if (isAppError(error) && error.code.startsWith('relay.')) {
    return { kind: 'temporary', slow: false, code: error.code }
  }
  return { kind: 'temporary', slow: false, code: 'internal' }
}
