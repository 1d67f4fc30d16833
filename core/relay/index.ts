/**
 * relay: the other side of the SMP wire. Queues, who may use them, delivery, links, notifiers, in its own SQLite file.
 * It knows nothing of agents, contacts or texts: bodies are opaque, and no log line names a queue or a person.
 * Who may connect is `gatekeeper.ts`, where to is `listeners.ts`.
 * Start at `engine.ts` (what happens to a block), then `commands/index.ts`; the rules of queues are `queue-rules.ts` and
 * `delivery-rules.ts`, pure functions. `relay.ts` puts it together.
 */
export { createRelay } from './relay.ts'
export type { Relay, RelayOptions, RelayStats } from './relay.ts'
export type { Blocking } from './blocking.ts'
export type { WebDoors } from './listeners.ts'
export { DEFAULT_LIMITS } from './constants.ts'
export type { RelayLimits } from './constants.ts'
export { identityExists, rotateCertificate } from './identity.ts'
export { backUpFile } from './backups.ts'
export { RelayError } from './errors.ts'
export type { RelayErrorCode } from './errors.ts'
