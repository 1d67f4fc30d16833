import {
  getAgentConnection,
  getAgentLink,
  getSent,
  nextDelivery,
  rcvQueueOf,
  sndQueueOf,
  type AgentConnection,
  type Delivery,
  type RcvQueue,
  type ReadDb,
  type SentMessage,
  type SndQueue,
} from '#core/store'
import type { Millis } from '#core/base'
import { DELETE_WAIT } from './constants.ts'
import type { ConnId } from './types.ts'

/**
 * What a connection has to do next. It is read from the database each time, so a restart goes on where the last commit
 * left off, and there is no list of commands that could disagree with the state.
 *
 *   joiner:     reply-queue ─▶ deliver (confirmation) ─▶ deliver …
 *   initiator:  [own-key] ─▶ secure ─▶ deliver (confirmation) ─▶ deliver …
 */
export type Step =
  /** NEW at our relay. agent.md 4.2 step 7 */
  | { readonly type: 'reply-queue'; readonly connection: AgentConnection }
  /** KEY on our own queue, for a peer that could not secure it. agent.md 4.3 */
  | { readonly type: 'own-key'; readonly connection: AgentConnection; readonly queue: RcvQueue }
  /** LSET: what we say behind our link is new. agent.md 5.7 */
  | { readonly type: 'link-data'; readonly connection: AgentConnection; readonly queue: RcvQueue }
  /** Tell the peer that our queue has room again. agent.md 4.8 */
  | { readonly type: 'drained'; readonly connection: AgentConnection; readonly queue: RcvQueue }
  /** SKEY on the peer's queue. agent.md 4.2 step 12 */
  | { readonly type: 'secure'; readonly connection: AgentConnection; readonly queue: SndQueue }
  | {
      readonly type: 'deliver'
      readonly connection: AgentConnection
      readonly queue: SndQueue
      readonly delivery: Delivery
      readonly message: SentMessage
    }
  /** Everything is delivered: nothing keeps a deleted connection. */
  | { readonly type: 'forget'; readonly connection: AgentConnection }

/** `now` ends the patience with what a deleted connection still delivers. `acking`: queues whose last message is not yet acknowledged. */
export function nextStep(db: ReadDb, connId: ConnId, acking: ReadonlySet<number>, now: Millis): Step | null {
  const connection = getAgentConnection(db, connId)
  if (!connection || connection.phase === 'claiming') return null
  if (connection.phase === 'failed')
    return connection.deletedAt === null ? null : { type: 'forget', connection }
  if (connection.deletedAt !== null && now - connection.deletedAt > DELETE_WAIT) {
    return { type: 'forget', connection }
  }
  const own = rcvQueueOf(db, connId)
  if (connection.phase === 'joining' && !own && connection.deletedAt === null) {
    return { type: 'reply-queue', connection }
  }
  if (own?.pendingKey) return { type: 'own-key', connection, queue: own }
  // Waits for nobody who could use the link: an address has no other steps, and a link that is used nothing new to say.
  const isLink = connection.kind === 'address' || connection.phase === 'waiting'
  if (own && isLink && connection.deletedAt === null && getAgentLink(db, connId)?.pending) {
    return { type: 'link-data', connection, queue: own }
  }
  const queue = sndQueueOf(db, connId)
  if (
    own?.drained &&
    queue &&
    connection.sendReady &&
    connection.resync === null &&
    !acking.has(own.queueId)
  ) {
    return { type: 'drained', connection, queue: own }
  }
  const delivery = queue && nextDelivery(db, queue.queueId)
  if (queue && delivery) {
    if (queue.status === 'new' && queue.mode === 'M') return { type: 'secure', connection, queue }
    const message = getSent(db, connId, delivery.sndId)
    if (message) return { type: 'deliver', connection, queue, delivery, message }
  }
  return connection.deletedAt === null ? null : { type: 'forget', connection }
}

/** Two steps with one name are the same step tried again. */
export function stepName(step: Step): string {
  return step.type === 'deliver' ? `deliver ${step.delivery.deliveryId}` : step.type
}
