import {
  getAgentConnection,
  getAgentLink,
  getSent,
  nextDelivery,
  nextSndQueueOf,
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
      /** While the peer moves: where else it may go. agent.md 4.10 */
      readonly other: SndQueue | null
      readonly delivery: Delivery
      readonly message: SentMessage
    }
  /** Everything is delivered: nothing keeps a deleted connection. */
  | { readonly type: 'forget'; readonly connection: AgentConnection }

export type StepOf<T extends Step['type']> = Extract<Step, { type: T }>

export interface Circumstances {
  /** Ends the patience with what a deleted connection still delivers. */
  readonly now: Millis
  /** Queues whose last message is not yet acknowledged. */
  readonly acking: ReadonlySet<number>
  /** A queue that the peer wants to move to could not be reached several times. */
  readonly newQueueFails: boolean
}

export function nextStep(
  db: ReadDb,
  connId: ConnId,
  { now, acking, newQueueFails }: Circumstances,
): Step | null {
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
  const next = nextSndQueueOf(db, connId)
  const test = next && nextDelivery(db, next.queueId)
  // QTEST has a number among the messages: it waits for those before it, and those behind wait for it, so that none seems
  // to be missing; but not for a relay that stays away.
  const isTestFirst = test && (!delivery || (!newQueueFails && test.deliveryId < delivery.deliveryId))
  if (isTestFirst) return deliver(db, connection, test, next, null)
  if (queue && delivery) {
    if (queue.status === 'new' && queue.mode === 'M') return { type: 'secure', connection, queue }
    if (next?.status !== 'secured') return deliver(db, connection, delivery, queue, null)
    // What comes to the old queue from now on may be deleted there unread: the peer gives it up at the first word in the new.
    const [first, second] = newQueueFails ? [queue, next] : [next, queue]
    return deliver(db, connection, delivery, first, second)
  }
  return connection.deletedAt === null ? null : { type: 'forget', connection }
}

function deliver(
  db: ReadDb,
  connection: AgentConnection,
  delivery: Delivery,
  queue: SndQueue,
  other: SndQueue | null,
): StepOf<'deliver'> {
  // A delivery without its message is against a foreign key.
  const message = getSent(db, connection.connId, delivery.sndId)!
  return { type: 'deliver', connection, queue, other, delivery, message }
}

/** Two steps with one name are the same step tried again. */
export function stepName(step: Step): string {
  return step.type === 'deliver' ? `deliver ${step.delivery.deliveryId}` : step.type
}

/** QTEST, to the queue that the peer moves to. agent.md 4.10 */
export function isTest(step: Step): step is StepOf<'deliver'> {
  return step.type === 'deliver' && usesNewQueue(step) && step.other === null
}

/** Tries the queue that the peer moves to, alone or first. */
export function usesNewQueue(step: Step): boolean {
  return step.type === 'deliver' && step.queue.replaces !== null
}
