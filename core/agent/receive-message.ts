import { equalBytes, shortId } from '#core/base'
import { decodeRatchet, decryptMessage, encodeRatchet, type RatchetError } from '#core/crypto'
import {
  getAgentConnection,
  getRatchet,
  getSent,
  isQueued,
  nextSndQueueOf,
  patchAgentConnection,
  patchRcvQueue,
  putRatchet,
  setReceipt,
  skippedKeys,
  sndQueueOf,
  updateSkippedKeys,
  type AgentConnection,
  type AgentSyncState,
  type WriteTx,
} from '#core/store'
import { MAX_SKIPPED_KEYS, RECEIPTS_VERSION } from './constants.ts'
import type { Context } from './context.ts'
import { becomeConnected, becomeSendReady } from './lifecycle.ts'
import { enqueue } from './outgoing.ts'
import { resyncDone } from './resync.ts'
import { Unusable, usable, type Arrived } from './received.ts'
import { isAt, receiveRotation } from './rotation.ts'
import type { Integrity } from './types.ts'
import {
  AGENT_VERSIONS,
  decodeAgentMessage,
  messageHash,
  type AgentEnvelope,
  type AgentMessage,
  type AgentReceipt,
  type QueueAddress,
} from './wire/index.ts'

interface ArrivedMessage extends Arrived {
  readonly envelope: Extract<AgentEnvelope, { type: 'message' }>
}
type Numbered = Extract<AgentMessage, { type: 'message' }>

/** Envelope `M`: everything after the confirmations. agent.md 4.8 */
export function receiveMessage(ctx: Context, tx: WriteTx, arrived: ArrivedMessage): void {
  const { connection, queue, envelope } = arrived
  const { connId } = connection
  const isRenewed = connection.resync === 'agreed'
  const couldSend = !isRenewed || hasSendingChain(tx, connId)
  const plaintext = decrypt(ctx, tx, connection, envelope.encrypted)
  if (!plaintext) return
  if (queue.status !== 'active') patchRcvQueue(tx, queue.queueId, { status: 'active' })
  const agentVersion = Math.max(connection.agentVersion, Math.min(envelope.agentVersion, AGENT_VERSIONS.max))
  if (agentVersion !== connection.agentVersion) patchAgentConnection(tx, connId, { agentVersion })
  let message: AgentMessage
  try {
    message = usable(() => decodeAgentMessage(plaintext))
  } catch (error) {
    return report(ctx, tx, connId, error)
  }
  if (message.type !== 'message') return report(ctx, tx, connId, new Unusable('agent.prohibited'))
  const hash = messageHash(plaintext)
  const integrity = integrityOf(connection, message)
  patchAgentConnection(tx, connId, { lastExtSndId: message.msgId, lastRcvHash: hash })
  take(ctx, tx, arrived, message, hash, integrity)
  if (isRenewed) resyncDone(ctx, tx, connId, couldSend)
}

function hasSendingChain(tx: WriteTx, connId: string): boolean {
  const stored = getRatchet(tx, connId)
  return stored !== undefined && decodeRatchet(stored).sending !== null
}

/** Reported here and not by rolling back: the ratchet has moved and must stay moved. agent.md 6.2, T3 */
function report(ctx: Context, tx: WriteTx, connId: string, error: unknown): void {
  if (!(error instanceof Unusable)) throw error
  ctx.log.warn('agent.unusable', { connection: shortId(connId), code: error.code })
  ctx.handler.onUndecryptable(tx, connId, { code: error.code })
}

/** Null: reported, or nothing new. */
function decrypt(
  ctx: Context,
  tx: WriteTx,
  connection: AgentConnection,
  encrypted: Uint8Array,
): Uint8Array | null {
  const { connId } = connection
  const stored = getRatchet(tx, connId)
  if (!stored) throw new Unusable('agent.prohibited')
  const result = decryptMessage(decodeRatchet(stored), skippedKeys(tx, connId), encrypted)
  if (result.next) putRatchet(tx, connId, encodeRatchet(result.next))
  updateSkippedKeys(tx, connId, result.addSkipped, result.dropSkipped, MAX_SKIPPED_KEYS)
  if (result.ok) {
    if (connection.syncState !== 'ok') patchAgentConnection(tx, connId, { syncState: 'ok' })
    return result.plaintext
  }
  if (result.error.code === 'ratchet.duplicate') {
    ctx.log.info('agent.duplicate', { connection: shortId(connId) })
    return null
  }
  const syncState = suggestedState(result.error, connection.syncState)
  if (syncState !== connection.syncState) patchAgentConnection(tx, connId, { syncState })
  report(ctx, tx, connId, new Unusable(result.error.code, result.error))
  return null
}

/** agent.md 3.7 */
function suggestedState(error: RatchetError, now: AgentSyncState): AgentSyncState {
  switch (error.code) {
    case 'ratchet.header':
    case 'ratchet.skipped':
      return 'required'
    case 'ratchet.body':
    case 'ratchet.earlier':
      return now === 'required' ? now : 'allowed'
    default:
      return now
  }
}

/** agent.md 4.8; the order of the tests is part of it */
function integrityOf({ lastExtSndId, lastRcvHash }: AgentConnection, message: Numbered): Integrity {
  if (message.msgId === lastExtSndId + 1 && equalBytes(message.prevHash, lastRcvHash)) return 'ok'
  if (message.msgId < lastExtSndId) return 'bad-id'
  if (message.msgId === lastExtSndId) return 'duplicate'
  return message.msgId > lastExtSndId + 1 ? 'skipped' : 'bad-hash'
}

function take(
  ctx: Context,
  tx: WriteTx,
  arrived: ArrivedMessage,
  { msgId, message }: Numbered,
  hash: Uint8Array,
  integrity: Integrity,
): void {
  const { connection, brokerTs } = arrived
  const { connId } = connection
  switch (message.type) {
    case 'A_MSG': {
      const { receipt } = ctx.handler.onMessage(tx, connId, {
        msgId,
        body: message.body,
        integrity,
        brokerTs,
      })
      if (receipt) sendReceipt(ctx, tx, connId, { msgId, msgHash: hash, info: new Uint8Array(0) })
      return
    }
    case 'A_RCVD':
      for (const receipt of message.receipts) takeReceipt(ctx, tx, connId, receipt)
      return
    case 'HELLO':
      return takeHello(ctx, tx, connId)
    case 'A_QCONT':
      return takeContinue(ctx, tx, connId, message.queue)
    case 'EREADY':
      // It has done its work by being readable.
      return
    case 'QADD':
    case 'QKEY':
    case 'QUSE':
    case 'QTEST':
      return takeRotation(ctx, tx, connId, message)
  }
}

function takeRotation(
  ctx: Context,
  tx: WriteTx,
  connId: string,
  message: Parameters<typeof receiveRotation>[3],
): void {
  try {
    receiveRotation(ctx, tx, connId, message)
  } catch (error) {
    report(ctx, tx, connId, error)
  }
}

function sendReceipt(ctx: Context, tx: WriteTx, connId: string, receipt: AgentReceipt): void {
  const connection = getAgentConnection(tx, connId)
  if (!connection?.sendReady || connection.resync !== null || connection.agentVersion < RECEIPTS_VERSION)
    return
  enqueue(ctx, tx, connId, { type: 'A_RCVD', receipts: [receipt] }, false)
}

function takeReceipt(ctx: Context, tx: WriteTx, connId: string, receipt: AgentReceipt): void {
  const sent = getSent(tx, connId, receipt.msgId)
  if (!sent || sent.type !== 'message' || sent.receipt === 'ok') return
  const ok = equalBytes(sent.hash, receipt.msgHash)
  setReceipt(tx, connId, receipt.msgId, ok ? 'ok' : 'bad')
  ctx.handler.onReceipt(tx, connId, receipt.msgId, ok)
}

/** Only the slow handshake has it, once each way. agent.md 4.3 */
function takeHello(ctx: Context, tx: WriteTx, connId: string): void {
  const connection = getAgentConnection(tx, connId)
  const queue = sndQueueOf(tx, connId)
  if (!connection || !queue) return
  if (connection.phase === 'confirming' && connection.role === 'joiner') {
    return becomeConnected(ctx, tx, connId)
  }
  const isExpected = connection.phase === 'confirming' && queue.status !== 'active' && queue.mode !== 'M'
  if (!isExpected || isQueued(tx, connId, 'hello')) {
    return ctx.log.info('agent.hello-ignored', { connection: shortId(connId) })
  }
  enqueue(ctx, tx, connId, { type: 'HELLO' }, true)
  becomeSendReady(ctx, tx, connId)
}

function takeContinue(ctx: Context, tx: WriteTx, connId: string, address: QueueAddress): void {
  const queues = [sndQueueOf(tx, connId), nextSndQueueOf(tx, connId)]
  if (!queues.some((queue) => queue && isAt(queue, address))) return
  tx.afterCommit(() => ctx.wake(connId, { hurry: true }))
}
