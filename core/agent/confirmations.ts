import {
  decodeRatchet,
  decryptMessage,
  E2E_VERSIONS,
  encodeRatchet,
  encodeSpki,
  initInitiatorRatchet,
  type RatchetState,
  type X3dhPublic,
} from '#core/crypto'
import { includesVersion } from '#core/encoding'
import {
  closeAgentLink,
  getAgentConnection,
  getRatchet,
  getX3dhKeys,
  insertSndQueue,
  patchAgentConnection,
  patchRcvQueue,
  putRatchet,
  removeX3dhKeys,
  updateSkippedKeys,
  type WriteTx,
} from '#core/store'
import { serverBytes } from './addresses.ts'
import { MAX_SKIPPED_KEYS } from './constants.ts'
import type { Context } from './context.ts'
import { newSenderKeys } from './joining.ts'
import { becomeConnected, becomeSendReady, failConnection } from './lifecycle.ts'
import { enqueueConfirmation } from './outgoing.ts'
import { Unusable, usable, type Arrived } from './received.ts'
import {
  AGENT_VERSIONS,
  decodeAgentMessage,
  messageHash,
  SMPC_VERSIONS,
  type AgentEnvelope,
  type AgentMessage,
  type QueueInfo,
} from './wire/index.ts'

export interface ArrivedConfirmation extends Arrived {
  readonly envelope: Extract<AgentEnvelope, { type: 'confirmation' }>
  readonly newSecret: Uint8Array
}

/** The first message on a queue of ours, from whoever was given its address. agent.md 4.2 #10 and #14 */
export function receiveConfirmation(ctx: Context, tx: WriteTx, arrived: ArrivedConfirmation): void {
  const { connection, queue, envelope, client } = arrived
  if (queue.status !== 'new') throw new Unusable('agent.prohibited')
  if (!client.senderKey && queue.mode !== 'M') throw new Unusable('agent.prohibited')
  const { agentVersion } = envelope
  if (!includesVersion(AGENT_VERSIONS, agentVersion) && agentVersion > connection.agentVersion) {
    throw new Unusable('agent.version')
  }
  if (connection.role === 'initiator') return joinerConfirmed(ctx, tx, arrived)
  return initiatorConfirmed(ctx, tx, arrived)
}

/* ---- initiator */

function joinerConfirmed(ctx: Context, tx: WriteTx, arrived: ArrivedConfirmation): void {
  const { connId } = arrived.connection
  const { e2e, agentVersion } = arrived.envelope
  if (!e2e || arrived.connection.phase !== 'waiting') throw new Unusable('agent.prohibited')
  if (!includesVersion(E2E_VERSIONS, e2e.version)) throw new Unusable('agent.version')
  const message = decryptFirst(tx, arrived, initiatorRatchet(tx, connId, e2e))
  if (message.type !== 'connInfoReply') throw new Unusable('agent.prohibited')
  const [reply] = message.queues
  if (!reply || !includesVersion(SMPC_VERSIONS, reply.version)) throw new Unusable('agent.version')
  acceptQueue(ctx, tx, arrived, 'confirmed')
  closeAgentLink(tx, connId)
  removeX3dhKeys(tx, connId)
  patchAgentConnection(tx, connId, {
    agentVersion: Math.min(agentVersion, AGENT_VERSIONS.max),
    phase: 'confirming',
  })
  const answer = ctx.handler.onConfirmation(tx, connId, message.connInfo)
  if ('refuse' in answer) return failConnection(ctx, tx, connId, answer.refuse)
  insertReplyQueue(ctx, tx, connId, reply)
  enqueueConfirmation(ctx, tx, connId, { type: 'connInfo', connInfo: answer.accept })
  // A reply queue that only its owner can secure takes nothing signed before the owner has said HELLO. agent.md 4.3
  if (reply.mode === 'M') becomeSendReady(ctx, tx, connId)
}

function initiatorRatchet(tx: WriteTx, connId: string, peer: X3dhPublic): RatchetState {
  const keys = getX3dhKeys(tx, connId)
  if (!keys?.private1 || !keys.private2) throw new Unusable('agent.prohibited')
  const own = {
    key1: { publicKey: keys.public1, privateKey: keys.private1 },
    key2: { publicKey: keys.public2, privateKey: keys.private2 },
  }
  return usable(() =>
    initInitiatorRatchet({ versions: { current: peer.version, max: E2E_VERSIONS.max }, own, peer }),
  )
}

function insertReplyQueue(ctx: Context, tx: WriteTx, connId: string, reply: QueueInfo): void {
  insertSndQueue(tx, {
    ...usable(() => newSenderKeys(ctx, reply.dhKey)),
    connId,
    server: serverBytes(reply.server),
    sndId: reply.senderId,
    mode: reply.mode,
    smpVersion: reply.version,
  })
}

/* ---- joiner */

function initiatorConfirmed(ctx: Context, tx: WriteTx, arrived: ArrivedConfirmation): void {
  const { connection, envelope, client } = arrived
  const { connId } = connection
  if (envelope.e2e) throw new Unusable('agent.prohibited')
  const ratchet = getRatchet(tx, connId)
  if (!ratchet) throw new Unusable('agent.prohibited')
  const message = decryptFirst(tx, arrived, decodeRatchet(ratchet))
  if (message.type !== 'connInfo') throw new Unusable('agent.prohibited')
  acceptQueue(ctx, tx, arrived, client.senderKey ? 'confirmed' : 'active')
  patchAgentConnection(tx, connId, { phase: 'confirming' })
  ctx.handler.onInfo(tx, connId, message.connInfo)
  if (getAgentConnection(tx, connId)?.phase !== 'confirming') return
  if (!client.senderKey) becomeConnected(ctx, tx, connId)
}

/* ---- both */

function decryptFirst(tx: WriteTx, arrived: ArrivedConfirmation, state: RatchetState): AgentMessage {
  const { connId } = arrived.connection
  const decrypted = usable(() => decryptMessage(state, [], arrived.envelope.encrypted))
  if (!decrypted.ok) throw new Unusable(decrypted.error.code, decrypted.error)
  const message = usable(() => decodeAgentMessage(decrypted.plaintext))
  putRatchet(tx, connId, encodeRatchet(decrypted.next))
  updateSkippedKeys(tx, connId, decrypted.addSkipped, decrypted.dropSkipped, MAX_SKIPPED_KEYS)
  patchAgentConnection(tx, connId, { lastExtSndId: 1, lastRcvHash: messageHash(decrypted.plaintext) })
  return message
}

function acceptQueue(
  ctx: Context,
  tx: WriteTx,
  arrived: ArrivedConfirmation,
  status: 'confirmed' | 'active',
): void {
  const { queue, newSecret, clientVersion, client } = arrived
  patchRcvQueue(tx, queue.queueId, {
    status,
    e2eSecret: newSecret,
    smpVersion: Math.min(queue.smpVersion, clientVersion),
    pendingKey: client.senderKey && encodeSpki(client.senderKey),
  })
  if (client.senderKey) tx.afterCommit(() => ctx.wake(queue.connId))
}
