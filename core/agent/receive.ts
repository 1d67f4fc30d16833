import { sha256, x25519 } from '#core/crypto'
import { decode, includesVersion } from '#core/encoding'
import { openMessageBody } from '#core/protocol'
import {
  getAgentConnection,
  insertReceived,
  patchRcvQueue,
  wasReceived,
  type AgentConnection,
  type RcvQueue,
  type WriteTx,
} from '#core/store'
import { shortId } from '#core/base'
import type { Context } from './context.ts'
import { receiveConfirmation } from './confirmations.ts'
import { receiveAtAddress } from './contact-address.ts'
import { receiveMessage } from './receive-message.ts'
import { receiveKeys } from './resync.ts'
import { Unusable, usable, type Arrived } from './received.ts'
import {
  agentEnvelopeCodec,
  clientEnvelopeCodec,
  openClientMessage,
  SMPC_VERSIONS,
  type AgentEnvelope,
  type ClientEnvelope,
  type ClientMessage,
} from './wire/index.ts'

/**
 * All that one message of a relay does, in the transaction of the caller: agent.md 6.2, T2, T3, T5, T6 and T9 are one.
 * When it returns, the relay may be told to forget the message; when it throws, it may not.
 */
export function receive(
  ctx: Context,
  tx: WriteTx,
  queue: RcvQueue,
  message: { msgId: Uint8Array; body: Uint8Array },
): void {
  const connection = getAgentConnection(tx, queue.connId)
  if (!connection || connection.phase === 'failed') return
  let arrived: Arrived | 'quota' | 'redelivery' | null = null
  try {
    arrived = open(queue, connection, message)
    if (arrived === 'quota') return quotaReached(tx, queue, connection)
    if (arrived === 'redelivery' || wasReceived(tx, connection.connId, arrived.hash)) return
    const usableMessage = arrived
    // A step of its own, so that a message found unusable half-way leaves nothing behind.
    ctx.store.write((step) => dispatch(ctx, step, usableMessage))
  } catch (error) {
    if (!(error instanceof Unusable)) throw error
    ctx.log.warn('agent.unusable', { connection: shortId(connection.connId), code: error.code })
    ctx.handler.onUndecryptable(tx, connection.connId, { code: error.code })
  }
  // The message may have ended the connection, and its rows are gone with it.
  if (arrived && typeof arrived === 'object' && getAgentConnection(tx, connection.connId)) {
    insertReceived(tx, connection.connId, arrived.hash, ctx.clock.now())
  }
}

/** Askers at an address have no queue of ours to be told on. */
function quotaReached(tx: WriteTx, queue: RcvQueue, { kind }: AgentConnection): void {
  if (kind === 'pair') patchRcvQueue(tx, queue.queueId, { drained: true })
}

/** agent.md 1, the table of the receiver */
function open(
  queue: RcvQueue,
  connection: AgentConnection,
  sealed: { msgId: Uint8Array; body: Uint8Array },
): Arrived | 'quota' | 'redelivery' {
  const message = usable(() => openMessageBody(queue.dhSecret, sealed.msgId, sealed.body))
  if (message.type === 'quota') return 'quota'
  const outer = usable(() => decode(clientEnvelopeCodec, message.body))
  if (!includesVersion(SMPC_VERSIONS, outer.version) && outer.version > queue.smpVersion) {
    throw new Unusable('agent.version')
  }
  const newSecret = queue.e2eSecret ? null : secretOf(queue, outer)
  const secret = queue.e2eSecret ?? newSecret
  if (!secret) throw new Unusable('agent.prohibited')
  const client = usable(() => openClientMessage(secret, outer))
  const envelope = usable(() => decode(agentEnvelopeCodec, client.body))
  if (queue.e2eSecret && outer.dhKey) {
    if (envelope.type === 'confirmation') return 'redelivery'
    throw new Unusable('agent.prohibited')
  }
  return {
    connection,
    queue,
    brokerTs: message.brokerTs,
    envelope,
    hash: sha256(bytesToRecognise(connection, envelope, client, message.body)),
    client,
    clientVersion: outer.version,
    newSecret,
  }
}

/**
 * Of a pair: what stays the same in every SEND of a message. At an address: the SEND as it is, because one that was
 * redelivered is no news and one that was sent again is: the asker repeats the request.
 */
function bytesToRecognise(
  { kind }: AgentConnection,
  envelope: AgentEnvelope,
  client: ClientMessage,
  sent: Uint8Array,
): Uint8Array {
  if (kind === 'address') return sent
  return 'encrypted' in envelope ? envelope.encrypted : client.body
}

function secretOf(queue: RcvQueue, outer: ClientEnvelope): Uint8Array | null {
  const { dhKey } = outer
  return dhKey && usable(() => x25519(queue.e2ePrivate, dhKey))
}

function dispatch(ctx: Context, tx: WriteTx, arrived: Arrived): void {
  const { envelope, newSecret, client, connection } = arrived
  if (connection.kind === 'address') return receiveAtAddress(ctx, tx, arrived)
  switch (envelope.type) {
    case 'confirmation':
      if (!newSecret) throw new Unusable('agent.prohibited')
      return receiveConfirmation(ctx, tx, { ...arrived, newSecret, envelope })
    case 'message':
      if (newSecret || client.senderKey) throw new Unusable('agent.prohibited')
      return receiveMessage(ctx, tx, { ...arrived, envelope })
    case 'ratchetKey':
      if (newSecret || client.senderKey) throw new Unusable('agent.prohibited')
      return receiveKeys(ctx, tx, { ...arrived, envelope })
    case 'invitation':
      throw new Unusable('agent.prohibited')
  }
}
