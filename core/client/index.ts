/**
 * client: sessions to relays. One connection a relay, shared by all callers: correlation, batching, time-outs, PING,
 * subscriptions that outlive connections, back-off with jitter. It knows commands and answers, not what queues are for.
 * Start reading at `types.ts` (the pool as others see it), then `relay-link.ts`.
 */
export { createRelayPool } from './relay-pool.ts'
export { canStandInWebLink, hasLinkPage } from './link-page.ts'
export { ClientError, RelayRefused } from './errors.ts'
export type { ClientErrorCode } from './errors.ts'
export type {
  ClientDeps,
  QueueEvent,
  RecipientQueue,
  RelayCommand,
  RelayMessage,
  RelayPool,
  RelayStatus,
  RelayTestResult,
  RelayTestStep,
  RequestOptions,
} from './types.ts'
