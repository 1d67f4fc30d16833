import { equalBytes, shortId } from '#core/base'
import { agreeVersion } from '#core/encoding'
import {
  getAgentConnection,
  insertSndQueue,
  nextDelivery,
  nextSndQueueOf,
  removeDeliveriesTo,
  removeSndQueue,
  replaceSndQueue,
  setSndQueueStatus,
  sndQueueOf,
  type SndQueue,
  type WriteTx,
} from '#core/store'
import { isRelay, serverAddress, serverBytes } from './addresses.ts'
import type { Context } from './context.ts'
import { newSenderKeys } from './joining.ts'
import { enqueue } from './outgoing.ts'
import { Unusable, usable } from './received.ts'
import type { ConnId } from './types.ts'
import {
  FINGERPRINT,
  SMPC_VERSIONS,
  type AddedQueue,
  type AMessage,
  type QueueAddress,
} from './wire/index.ts'

/**
 * The peer moves its queue to another relay, and we are the one who sends. agent.md 4.10
 *
 *     QADD ─▶ a row beside the old one ── QKEY, to the old queue ─▶ … QUSE ─▶ secured ── QTEST, to the new queue ─▶ it
 *     takes the place of the old one
 *
 * From QUSE on the peer listens to both, and deletes the old queue at the first message in the new one. So what we have to
 * send goes to the new one first, in its order, and to the old one while the new one does not take it. We never move a queue
 * of ours.
 */
type RotationMessage = Extract<AMessage, { type: 'QADD' | 'QKEY' | 'QUSE' | 'QTEST' }>

/** Throws `Unusable`, and then nothing was changed. */
export function receiveRotation(ctx: Context, tx: WriteTx, connId: ConnId, message: RotationMessage): void {
  switch (message.type) {
    case 'QADD':
      return addQueue(ctx, tx, connId, message.queues[0]!)
    case 'QUSE':
      return useQueue(ctx, tx, connId, message.queues[0]!.queue)
    case 'QKEY':
      // It answers a QADD, and we send none.
      throw new Unusable('agent.prohibited')
    case 'QTEST':
      return undefined
  }
}

function addQueue(ctx: Context, tx: WriteTx, connId: ConnId, { queue, replaces }: AddedQueue): void {
  const connection = getAgentConnection(tx, connId)
  const current = sndQueueOf(tx, connId)
  // Keys that are agreed on have just opened this message; while they are only asked for, nothing of ours may go out.
  if (!connection?.sendReady || connection.resync === 'started') throw new Unusable('agent.prohibited')
  if (!current || !replaces || !isAt(current, replaces)) throw new Unusable('agent.prohibited')
  const smpVersion = agreeVersion(queue.versions, SMPC_VERSIONS)
  if (smpVersion === null) throw new Unusable('agent.version')
  const unfinished = nextSndQueueOf(tx, connId)
  if (isAt(current, queue) || (unfinished && isAt(unfinished, queue))) throw new Unusable('agent.prohibited')
  if (queue.server.keyHash.length !== FINGERPRINT) throw new Unusable('agent.malformed')
  const keys = usable(() => newSenderKeys(ctx, queue.dhKey))
  if (unfinished) removeSndQueue(tx, unfinished.queueId)
  const { server, senderId, mode } = queue
  insertSndQueue(tx, {
    ...keys,
    connId,
    server: serverBytes(server),
    sndId: senderId,
    mode,
    smpVersion,
    replaces: current.queueId,
  })
  const answer = {
    queue: { version: smpVersion, server, senderId, dhKey: keys.e2ePublic, mode },
    senderKey: { algorithm: 'ed25519', raw: keys.authPublic },
  } as const
  enqueue(ctx, tx, connId, { type: 'QKEY', queues: [answer] }, false)
  ctx.log.info('agent.rotation-begun', { connection: shortId(connId) })
}

function useQueue(ctx: Context, tx: WriteTx, connId: ConnId, address: QueueAddress): void {
  const next = nextSndQueueOf(tx, connId)
  if (!next || !isAt(next, address) || next.status !== 'new') throw new Unusable('agent.prohibited')
  setSndQueueStatus(tx, next.queueId, 'secured')
  // What waits for a full or silent old queue need not wait for its next attempt.
  tx.afterCommit(() => ctx.wake(connId, { hurry: true }))
  // Otherwise when the new keys are there.
  if (getAgentConnection(tx, connId)?.resync === null) sayTest(ctx, tx, next)
}

/** Also where its relay is written in another way: we may have it from a link that somebody has typed. agent.md 4.8, 4.10 */
export function isAt(queue: Pick<SndQueue, 'server' | 'sndId'>, address: QueueAddress): boolean {
  return equalBytes(queue.sndId, address.senderId) && isRelay(queue.server, address.server)
}

/** To the new queue alone: the first message there makes the peer give up the old one. */
function sayTest(ctx: Context, tx: WriteTx, next: SndQueue): void {
  const queue = { server: serverAddress(next.server), senderId: next.sndId }
  enqueue(ctx, tx, next.connId, { type: 'QTEST', queues: [queue] }, false, next)
}

/** A QTEST that is still here when the keys change would be unreadable after them. */
export function pauseRotation(tx: WriteTx, connId: ConnId): void {
  const next = nextSndQueueOf(tx, connId)
  if (next) removeDeliveriesTo(tx, next.queueId)
}

export function resumeRotation(ctx: Context, tx: WriteTx, connId: ConnId): void {
  const next = nextSndQueueOf(tx, connId)
  if (next?.status === 'secured' && !nextDelivery(tx, next.queueId)) sayTest(ctx, tx, next)
}

/** After every SEND that the relay of `queue` took: whatever it was, the peer now listens there and soon not to the old one. */
export function queueTook(ctx: Context, tx: WriteTx, queue: SndQueue): void {
  const next = stillNext(tx, queue)
  if (!next) return
  replaceSndQueue(tx, next)
  ctx.log.info('agent.rotation-done', { connection: shortId(queue.connId) })
}

/** The relay will never take anything for it: what we have goes on. */
export function queueRefused(tx: WriteTx, queue: SndQueue): void {
  const next = stillNext(tx, queue)
  if (next) removeSndQueue(tx, next.queueId)
}

/** Not by the row's number alone: another QADD may have come meanwhile, and its row may have got the same. */
function stillNext(tx: WriteTx, { connId, queueId, sndId, replaces }: SndQueue): SndQueue | null {
  if (replaces === null) return null
  const next = nextSndQueueOf(tx, connId)
  return next?.queueId === queueId && equalBytes(next.sndId, sndId) ? next : null
}
