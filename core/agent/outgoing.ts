import { decodeRatchet, encodePrepared, encodeRatchet, encryptHeader } from '#core/crypto'
import {
  getAgentConnection,
  getRatchet,
  insertDelivery,
  insertSent,
  patchAgentConnection,
  putRatchet,
  sndQueueOf,
  type AgentConnection,
  type SentType,
  type SndQueue,
  type WriteTx,
} from '#core/store'
import type { Context } from './context.ts'
import { AgentError } from './errors.ts'
import type { ConnId } from './types.ts'
import {
  encodeAgentMessage,
  messageHash,
  PADDED_AGENT_MESSAGE,
  PADDED_CONN_INFO,
  type AgentMessage,
  type AMessage,
} from './wire/index.ts'

const TYPES = {
  A_MSG: 'message',
  A_RCVD: 'receipt',
  A_QCONT: 'continue',
  HELLO: 'hello',
  EREADY: 'continue',
  QKEY: 'continue',
  QTEST: 'continue',
} as const
export type OwnMessage = Extract<AMessage, { type: keyof typeof TYPES }>

/**
 * Puts a message into the send queue: number, place in the hash chain, ratchet key and plaintext are fixed here, in the
 * caller's transaction, and never change. agent.md 6.2, T1
 * `queue`: where to, if not to the one that messages go to.
 */
export function enqueue(
  ctx: Context,
  tx: WriteTx,
  connId: ConnId,
  message: OwnMessage,
  notification: boolean,
  queue?: SndQueue,
): number {
  const connection = need(tx, connId)
  const msgId = connection.lastSndId + 1
  const plaintext = encodeAgentMessage({ type: 'message', msgId, prevHash: connection.lastSndHash, message })
  store(ctx, tx, connection, {
    type: TYPES[message.type],
    plaintext,
    notification,
    paddedLength: PADDED_AGENT_MESSAGE,
    queue,
  })
  return msgId
}

/** The first message of either side takes number 1 although its text does not show it. agent.md 2.4 */
export function enqueueConfirmation(
  ctx: Context,
  tx: WriteTx,
  connId: ConnId,
  message: Extract<AgentMessage, { type: 'connInfo' | 'connInfoReply' }>,
): void {
  store(ctx, tx, need(tx, connId), {
    type: 'confirmation',
    plaintext: encodeAgentMessage(message),
    notification: true,
    paddedLength: PADDED_CONN_INFO,
    queue: undefined,
  })
}

function need(tx: WriteTx, connId: ConnId): AgentConnection {
  const connection = getAgentConnection(tx, connId)
  if (!connection) throw new AgentError('agent.not-found', 'no such connection')
  return connection
}

interface Prepared {
  readonly type: SentType
  readonly plaintext: Uint8Array
  readonly notification: boolean
  readonly paddedLength: number
  readonly queue: SndQueue | undefined
}

/** Bytes of the length in front of padded content. agent.md 0.2 */
const LENGTH_BYTES = 2

function store(ctx: Context, tx: WriteTx, connection: AgentConnection, message: Prepared): void {
  const { connId } = connection
  const { plaintext, paddedLength, type, notification } = message
  const limit = paddedLength - LENGTH_BYTES
  if (plaintext.length > limit) {
    throw new AgentError('agent.too-large', 'does not fit one message', { size: plaintext.length, limit })
  }
  const ratchet = getRatchet(tx, connId)
  const queue = message.queue ?? sndQueueOf(tx, connId)
  if (!ratchet || !queue) throw new AgentError('agent.not-ready', 'the connection cannot send yet')
  const { next, prepared } = encryptHeader(decodeRatchet(ratchet), { paddedLength })
  putRatchet(tx, connId, encodeRatchet(next))
  const sndId = connection.lastSndId + 1
  const hash = messageHash(plaintext)
  patchAgentConnection(tx, connId, { lastSndId: sndId, lastSndHash: hash })
  insertSent(tx, {
    connId,
    sndId,
    type,
    hash,
    notification,
    plaintext,
    prepared: encodePrepared(prepared),
    createdAt: ctx.clock.now(),
  })
  insertDelivery(tx, { queueId: queue.queueId, connId, sndId })
  tx.afterCommit(() => ctx.wake(connId))
}
