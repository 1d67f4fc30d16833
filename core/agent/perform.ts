import { decodeSpki } from '#core/crypto'
import { formatRelayAddress, parseRelayAddress, type RelayAddress } from '#core/protocol'
import {
  getAgentConnection,
  insertRcvQueue,
  markSent,
  patchAgentConnection,
  patchRcvQueue,
  rcvQueueOf,
  removeDelivery,
  removeSent,
  removeX3dhKeys,
  setSndQueueStatus,
  sndQueueOf,
  type RcvQueue,
  type SndQueue,
  type WriteTx,
} from '#core/store'
import { serverAddress } from './addresses.ts'
import { SEND_AFTER_JOIN_VERSION } from './constants.ts'
import type { Context } from './context.ts'
import { classify } from './failures.ts'
import { requestSkey } from './joining.ts'
import { becomeConnected, becomeSendReady, forgetDeleted } from './lifecycle.ts'
import { abandonQueue, makeQueue } from './new-queue.ts'
import { enqueue, enqueueConfirmation } from './outgoing.ts'
import { publishPending } from './own-links.ts'
import { queueTook } from './rotation.ts'
import { plainBody, sendBody } from './send-body.ts'
import type { Step, StepOf } from './steps.ts'
import type { ConnId } from './types.ts'

/** The relays that the step asks. */
export function relaysOf(step: Step): RelayAddress[] {
  switch (step.type) {
    case 'reply-queue':
      return [parseRelayAddress(step.connection.replyRelay!)]
    case 'own-key':
    case 'link-data':
    case 'secure':
      return [serverAddress(step.queue.server)]
    case 'deliver':
      return [step.queue, ...(step.other ? [step.other] : [])].map(({ server }) => serverAddress(server))
    case 'drained':
    case 'forget':
      return []
  }
}

/** Does the step and commits what came of it. Throws what the request threw. A delivery answers with the queue that took it. */
export async function perform(ctx: Context, step: Step): Promise<SndQueue | void> {
  switch (step.type) {
    case 'reply-queue':
      return makeReplyQueue(ctx, step)
    case 'own-key':
      return secureOwnQueue(ctx, step)
    case 'link-data':
      return publishPending(ctx, step.connection.connId)
    case 'secure': {
      await requestSkey(ctx, step.queue, { signal: ctx.signal })
      return ctx.store.write((tx) => setSndQueueStatus(tx, step.queue.queueId, 'secured'))
    }
    case 'deliver':
      return deliver(ctx, step)
    case 'drained':
      return ctx.store.write((tx) => continueAfterQuota(ctx, tx, step.connection.connId, step.queue))
    case 'forget':
      return ctx.store.write((tx) => forgetDeleted(ctx, tx, step.connection.connId))
  }
}

/** Where the queue is to be made from now on; nothing of it is known to the peer before it is there. */
export function keepRelay(ctx: Context, step: StepOf<'reply-queue'>, refused: boolean): RelayAddress {
  const { connId, replyRelay } = step.connection
  const before = parseRelayAddress(replyRelay!)
  const relay = ctx.store.read((db) => ctx.ownRelay?.(db, before, refused)) ?? before
  const text = formatRelayAddress(relay, { password: true })
  if (text !== replyRelay) {
    ctx.store.write((tx) => {
      const now = getAgentConnection(tx, connId)
      // Another one was chosen meanwhile, or the queue is there.
      if (now?.replyRelay === replyRelay) patchAgentConnection(tx, connId, { replyRelay: text })
    })
  }
  return relay
}

/** agent.md 4.2 steps 7 and 8 in one transaction: the queue, number 1, and the confirmation that names the queue. */
async function makeReplyQueue(ctx: Context, step: StepOf<'reply-queue'>): Promise<void> {
  const { connId } = step.connection
  const queue = await makeQueue(ctx, keepRelay(ctx, step, false), { signal: ctx.signal })
  const isWanted = ctx.store.write((tx) => {
    const connection = getAgentConnection(tx, connId)
    const peer = sndQueueOf(tx, connId)
    if (connection?.phase !== 'joining' || connection.deletedAt !== null || !peer) return false
    const queueId = insertRcvQueue(tx, { ...queue, connId, status: 'new', smpVersion: peer.smpVersion })
    enqueueConfirmation(ctx, tx, connId, {
      type: 'connInfoReply',
      queues: [
        {
          version: peer.smpVersion,
          server: serverAddress(queue.server),
          senderId: queue.sndId,
          dhKey: queue.e2ePublic,
          mode: queue.mode,
        },
      ],
      connInfo: connection.ownInfo!,
    })
    patchAgentConnection(tx, connId, { ownInfo: null, replyRelay: null })
    tx.afterCommit(() => ctx.watch({ ...queue, queueId }))
    return true
  })
  if (!isWanted) abandonQueue(ctx, queue)
}

/** KEY; then the joiner says HELLO before anything else. agent.md 4.3 */
async function secureOwnQueue(ctx: Context, step: StepOf<'own-key'>): Promise<void> {
  const { queue } = step
  await ctx.relays.request(
    serverAddress(queue.server),
    {
      entityId: queue.rcvId,
      command: { type: 'KEY', sndKey: decodeSpki(queue.pendingKey!) },
      key: { algorithm: 'ed25519', privateKey: queue.authKey },
    },
    { signal: ctx.signal },
  )
  ctx.store.write((tx) => {
    if (!rcvQueueOf(tx, queue.connId)) return
    patchRcvQueue(tx, queue.queueId, { pendingKey: null })
    if (step.connection.role !== 'joiner') return
    enqueue(ctx, tx, queue.connId, { type: 'HELLO' }, true)
    becomeSendReady(ctx, tx, queue.connId)
  })
}

async function deliver(ctx: Context, step: StepOf<'deliver'>): Promise<SndQueue> {
  const queue = await sendSomewhere(ctx, step)
  await ctx.store.writeSoon((tx) => {
    if (removeDelivery(tx, step.delivery.deliveryId)) delivered(ctx, tx, step)
    queueTook(ctx, tx, queue)
  })
  return queue
}

/** Answers with the queue that took it. If both did, the peer recognises the second by its bytes. */
async function sendSomewhere(ctx: Context, step: StepOf<'deliver'>): Promise<SndQueue> {
  const { queue, other } = step
  try {
    await sendTo(ctx, step, queue)
    return queue
  } catch (error) {
    if (ctx.signal.aborted || !other) throw error
    try {
      await sendTo(ctx, step, other)
      return other
    } catch (second) {
      // A message is given up only when neither can ever take it.
      throw classify(error).kind === 'permanent' ? second : error
    }
  }
}

async function sendTo(ctx: Context, step: StepOf<'deliver'>, queue: SndQueue): Promise<void> {
  const { connection, message } = step
  const { plaintext, prepared } = message
  if (plaintext && prepared) {
    const body = ctx.store.read((db) =>
      sendBody(db, ctx.random, connection, queue, { ...message, plaintext, prepared }),
    )
    await requestSend(ctx, queue, { notify: message.notification, body }, message.type === 'confirmation')
  } else if (plaintext) {
    // New keys: an envelope as it is, under no ratchet. agent.md 4.9
    const body = plainBody(ctx.random, queue, plaintext)
    await requestSend(ctx, queue, { notify: message.notification, body }, false)
  }
}

/**
 * Unsigned where the owner secures the queue by the key inside. If an earlier attempt arrived and its answer was lost, the
 * queue is secured by now and takes the same bytes signed.
 */
async function requestSend(
  ctx: Context,
  queue: SndQueue,
  message: { notify: boolean; body: Uint8Array },
  isConfirmation: boolean,
): Promise<void> {
  const key = { algorithm: 'ed25519' as const, privateKey: queue.authPrivate }
  const send = async (signWith: typeof key | null): Promise<void> => {
    const command = { type: 'SEND' as const, ...message }
    await ctx.relays.request(
      serverAddress(queue.server),
      { entityId: queue.sndId, command, key: signWith },
      { signal: ctx.signal },
    )
  }
  if (!isConfirmation || queue.mode === 'M') return send(key)
  try {
    await send(null)
  } catch (error) {
    const failure = classify(error)
    if (failure.kind !== 'permanent' || !failure.isAuth) throw error
    await send(key)
  }
}

function delivered(ctx: Context, tx: WriteTx, step: StepOf<'deliver'>): void {
  const { message, queue } = step
  const { connId, sndId, type } = message
  switch (type) {
    case 'message':
      markSent(tx, connId, sndId, ctx.clock.now())
      ctx.handler.onSent(tx, connId, sndId)
      return
    case 'confirmation':
      markSent(tx, connId, sndId, ctx.clock.now())
      removeX3dhKeys(tx, connId)
      return confirmationDelivered(ctx, tx, step)
    case 'hello':
      removeSent(tx, connId, sndId)
      setSndQueueStatus(tx, queue.queueId, 'active')
      if (step.connection.role === 'initiator') becomeConnected(ctx, tx, connId)
      return
    case 'receipt':
    case 'continue':
      return removeSent(tx, connId, sndId)
  }
}

/** agent.md 4.2 steps 9 and 13, 4.3 */
function confirmationDelivered(ctx: Context, tx: WriteTx, step: StepOf<'deliver'>): void {
  const { connection, queue } = step
  const { connId } = connection
  if (connection.role === 'initiator') {
    setSndQueueStatus(tx, queue.queueId, queue.mode === 'M' ? 'active' : 'confirmed')
    if (queue.mode === 'M') becomeConnected(ctx, tx, connId)
    return
  }
  setSndQueueStatus(tx, queue.queueId, 'confirmed')
  if (getAgentConnection(tx, connId)?.phase === 'joining') {
    patchAgentConnection(tx, connId, { phase: 'confirming' })
  }
  // A reply queue that the peer cannot secure itself makes HELLO the first message: others wait for it.
  const canSendEarly =
    connection.agentVersion >= SEND_AFTER_JOIN_VERSION &&
    queue.mode === 'M' &&
    rcvQueueOf(tx, connId)?.mode === 'M'
  if (canSendEarly) becomeSendReady(ctx, tx, connId)
}

/** agent.md 4.8 */
function continueAfterQuota(ctx: Context, tx: WriteTx, connId: ConnId, queue: RcvQueue): void {
  patchRcvQueue(tx, queue.queueId, { drained: false })
  const address = { server: serverAddress(queue.server), senderId: queue.sndId }
  enqueue(ctx, tx, connId, { type: 'A_QCONT', queue: address }, false)
}
