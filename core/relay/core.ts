import { type Clock, EMPTY, type Log, type Random, utf8 } from '#core/base'
import { sha256 } from '#core/crypto'
import type { Response, ServerTransmission, SmpError } from '#core/protocol'
import { SEALED_BODY, sealMessageBody } from '#core/protocol'
import { Access } from './access.ts'
import type { Connection } from './connection.ts'
import { DEFAULT_LIMITS, type RelayLimits } from './constants.ts'
import { idText } from './delivery-rules.ts'
import type { Push } from './outbox.ts'
import type { Queue, StoredMessage } from './queue.ts'
import type { RelayStore } from './store/database.ts'
import { type Subscription, Subscriptions } from './subscriptions.ts'
import { Tally } from './tally.ts'

/** What happened since the start; for figures, never for decisions. */
export interface Counters {
  queuesCreated: number
  queuesDeleted: number
  /** Deleted because nobody had asked for them for long. */
  queuesExpired: number
  sent: number
  delivered: number
  acknowledged: number
  expired: number
  commits: number
  refusedConnections: number
}

/** Everything that commands work on. */
export interface RelayCore {
  readonly store: RelayStore
  readonly subscriptions: Subscriptions
  readonly access: Access
  readonly limits: RelayLimits
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** SHA-256 of the password that NEW needs, or null. */
  readonly passwordHash: Uint8Array | null
  readonly counters: Counters
  readonly tally: Tally
  /** Number of queues on disk. */
  queueCount: number
  /** Connections that have something to be told once the transaction is on disk. */
  touched: Set<Connection>
}

export interface CoreOptions {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly password: string | null
  readonly limits?: Partial<RelayLimits>
}

export function makeCore(store: RelayStore, options: CoreOptions): RelayCore {
  const { clock, random, log, password } = options
  return {
    store,
    clock,
    random,
    log,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    subscriptions: new Subscriptions(),
    access: new Access(random),
    passwordHash: password === null ? null : sha256(utf8(password)),
    queueCount: store.queues.count(),
    touched: new Set(),
    tally: new Tally(),
    counters: {
      queuesCreated: 0,
      queuesDeleted: 0,
      queuesExpired: 0,
      sent: 0,
      delivered: 0,
      acknowledged: 0,
      expired: 0,
      commits: 0,
      refusedConnections: 0,
    },
  }
}

export const OK: Response = { type: 'OK' }

export function refuse(error: SmpError): Response {
  return { type: 'ERR', error }
}

/** An event: no correlation id. */
export function tellEvent(core: RelayCore, to: Connection, entityId: Uint8Array, response: Response): void {
  to.event({ corrId: EMPTY, entityId, response })
  core.touched.add(to)
}

/** Lets a subscriber have the head of its queue, unless it has one to acknowledge. */
export function offer(core: RelayCore, subscription: Subscription, fresh: Push['fresh']): void {
  if (subscription.delivered !== null || subscription.offered) return
  subscription.offered = true
  const { connection } = subscription
  connection.event({ subscription, fresh: connection.wayIsFree ? fresh : null })
  core.touched.add(connection)
}

/** Runs when the push's turn to leave has come, outside of any transaction. */
export function realisePush(core: RelayCore, push: Push): ServerTransmission | null {
  const { subscription, fresh } = push
  subscription.offered = false
  const { queueNo, connection } = subscription
  if (subscription.delivered !== null || connection.subscriptions.get(queueNo) !== subscription) return null
  const queue = fresh?.queue ?? core.store.queues.byNo(queueNo)
  const message = fresh?.message ?? core.store.messages.head(queueNo)
  if (!queue || !message) return null
  subscription.delivered = idText(message.msgId)
  return { corrId: EMPTY, entityId: queue.rcvId, response: messageResponse(core, queue, message) }
}

/** An array of this size costs more than filling it. */
const sealed = new Uint8Array(SEALED_BODY)

/** The same bytes at every redelivery. smp.md 7. To be encoded before the next one is made: they share the room of the body. */
export function messageResponse(core: RelayCore, queue: Queue, message: StoredMessage): Response {
  core.counters.delivered++
  const { msgId, sentAt, notify, body } = message
  const plain =
    message.kind === 'quota'
      ? ({ type: 'quota', brokerTs: sentAt } as const)
      : ({ type: 'message', brokerTs: sentAt, notify, body } as const)
  return { type: 'MSG', msgId, body: sealMessageBody(queue.rcvDhSecret, msgId, plain, sealed) }
}
