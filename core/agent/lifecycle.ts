import {
  closeAgentLink,
  deliveriesOf,
  getAgentConnection,
  insertDeletion,
  patchAgentConnection,
  rcvQueueOf,
  removeAgentConnection,
  removeAgentLink,
  removeDeliveriesOf,
  removeRcvQueue,
  type WriteTx,
} from '#core/store'
import { formatRelayAddress, type RelayAddress } from '#core/protocol'
import type { Context } from './context.ts'
import type { ConnId } from './types.ts'

/** From now on `send` works; told once. */
export function becomeSendReady(ctx: Context, tx: WriteTx, connId: ConnId): void {
  const connection = getAgentConnection(tx, connId)
  if (!connection || connection.sendReady || connection.deletedAt !== null) return
  patchAgentConnection(tx, connId, { sendReady: true })
  ctx.handler.onSendReady(tx, connId)
}

/** CON; told once. */
export function becomeConnected(ctx: Context, tx: WriteTx, connId: ConnId): void {
  becomeSendReady(ctx, tx, connId)
  const connection = getAgentConnection(tx, connId)
  if (!connection || connection.phase === 'connected' || connection.deletedAt !== null) return
  patchAgentConnection(tx, connId, { phase: 'connected' })
  ctx.handler.onConnected(tx, connId)
}

/** For good: what waits to be sent fails with it. */
export function failConnection(ctx: Context, tx: WriteTx, connId: ConnId, code: string): void {
  const connection = getAgentConnection(tx, connId)
  if (!connection || connection.phase === 'failed') return
  const waiting = deliveriesOf(tx, connId)
  removeDeliveriesOf(tx, connId)
  closeAgentLink(tx, connId)
  patchAgentConnection(tx, connId, { phase: 'failed', error: code, sendReady: false })
  for (const delivery of waiting) {
    if (delivery.type === 'message') ctx.handler.onSendFailed(tx, connId, delivery.sndId, { code })
  }
  if (connection.deletedAt === null) ctx.handler.onConnectionFailed(tx, connId, { code })
}

/**
 * Tries what waits at once. A joiner that failed before its reply queue was there has all its keys: whatever a relay of
 * ours said then, it goes on. False: nothing waits.
 */
export function resumeConnection(ctx: Context, tx: WriteTx, connId: ConnId, relay?: RelayAddress): boolean {
  const connection = getAgentConnection(tx, connId)
  if (!connection || connection.deletedAt !== null || connection.phase === 'claiming') return false
  const noQueue = connection.replyRelay !== null && !rcvQueueOf(tx, connId)
  if (connection.phase === 'failed' && !(noQueue && connection.ownInfo !== null)) return false
  if (noQueue && relay) {
    patchAgentConnection(tx, connId, { replyRelay: formatRelayAddress(relay, { password: true }) })
  }
  if (connection.phase === 'failed') {
    patchAgentConnection(tx, connId, { phase: 'joining', error: null })
    ctx.handler.onResumed?.(tx, connId)
  }
  tx.afterCommit(() => ctx.wake(connId, { hurry: true }))
  return true
}

/** Nobody can send to it any more; the relay is told in the background. agent.md 4.6 */
export function dropOwnQueue(ctx: Context, tx: WriteTx, connId: ConnId): void {
  const queue = rcvQueueOf(tx, connId)
  if (!queue) return
  if (queue.status !== 'gone') insertDeletion(tx, queue, ctx.clock.now())
  removeRcvQueue(tx, queue.queueId)
  removeAgentLink(tx, connId)
  tx.afterCommit(() => {
    ctx.unwatch(queue)
    ctx.deleteQueues()
  })
}

/** A deleted connection, once all has been said or its time is over: what was not said by then fails. */
export function forgetDeleted(ctx: Context, tx: WriteTx, connId: ConnId): void {
  for (const { type, sndId } of deliveriesOf(tx, connId)) {
    if (type === 'message') ctx.handler.onSendFailed(tx, connId, sndId, { code: 'agent.expired' })
  }
  removeAgentConnection(tx, connId)
}

/** At once, with what waits to be sent. */
export function forgetConnection(ctx: Context, tx: WriteTx, connId: ConnId): void {
  dropOwnQueue(ctx, tx, connId)
  removeAgentConnection(tx, connId)
}
