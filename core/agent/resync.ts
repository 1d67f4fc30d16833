import { shortId } from '#core/base'
import {
  E2E_VERSIONS,
  encodeRatchet,
  generateX3dh,
  initInitiatorRatchet,
  initJoinerRatchet,
  sha256,
  type X3dhPrivate,
} from '#core/crypto'
import { encode, includesVersion } from '#core/encoding'
import {
  clearSkippedKeys,
  getAgentConnection,
  getRatchet,
  getSent,
  getX3dhKeys,
  insertDelivery,
  insertSent,
  noteRekey,
  patchAgentConnection,
  putRatchet,
  putX3dhKeys,
  removeX3dhKeys,
  sndQueueOf,
  type AgentConnection,
  type WriteTx,
} from '#core/store'
import type { Context } from './context.ts'
import { AgentError } from './errors.ts'
import { initiatorKeys } from './invitation.ts'
import { enqueue } from './outgoing.ts'
import { Unusable, usable, type Arrived } from './received.ts'
import { pauseRotation, resumeRotation } from './rotation.ts'
import type { ConnId } from './types.ts'
import { AGENT_VERSIONS, agentEnvelopeCodec, encodeAgentMessage, type AgentEnvelope } from './wire/index.ts'

/**
 * New keys for both ratchets, agent.md 4.9:
 *
 *     ok ──start──▶ started ──their R──▶ agreed ──first message that decrypts──▶ ok
 *      └────────────their R (answered by ours)──▶ agreed
 *
 * Whose keys are smaller as bytes receives first; the other sends EREADY at once. Until both are ready nothing of the
 * application's goes out; what was queued before goes first, under its old keys.
 */
export function startResync(ctx: Context, tx: WriteTx, connId: ConnId): void {
  const connection = getAgentConnection(tx, connId)
  const isThere = connection?.phase === 'connected' && connection.deletedAt === null && getRatchet(tx, connId)
  if (!connection || !isThere) throw new AgentError('agent.not-ready', 'no keys were agreed yet')
  if (connection.resync === 'started') return
  const own = generateX3dh(ctx.random)
  putX3dhKeys(tx, connId, initiatorKeys(own))
  patchAgentConnection(tx, connId, { resync: 'started' })
  queueKeys(ctx, tx, connId, own, E2E_VERSIONS.max)
}

type Rekey = Arrived & { readonly envelope: Extract<AgentEnvelope, { type: 'ratchetKey' }> }

/** Envelope `R`. */
export function receiveKeys(ctx: Context, tx: WriteTx, { connection, envelope: { e2e } }: Rekey): void {
  const { connId } = connection
  if (connection.kind !== 'pair' || connection.phase !== 'connected') throw new Unusable('agent.prohibited')
  if (!includesVersion(E2E_VERSIONS, e2e.version)) throw new Unusable('agent.version')
  const theirs = keysHash(e2e.key1, e2e.key2)
  if (!noteRekey(tx, connId, theirs)) return
  if (connection.resync === 'agreed') {
    // They have begun again before what was agreed on was used: it starts anew from here, if somebody asks.
    patchAgentConnection(tx, connId, { resync: null, syncState: 'required' })
    ctx.handler.onUndecryptable(tx, connId, { code: 'agent.prohibited' })
    return
  }
  const own = ownKeys(tx, connection) ?? answer(ctx, tx, connId, e2e.version)
  const peer = { ...e2e, kem: null }
  const versions = { current: e2e.version, max: E2E_VERSIONS.max }
  const receivesFirst = Buffer.compare(keysHash(own.key1.publicKey, own.key2.publicKey), theirs) <= 0
  const ratchet = usable(() =>
    receivesFirst
      ? initInitiatorRatchet({ versions, own, peer })
      : initJoinerRatchet({ versions, own, peer }),
  )
  putRatchet(tx, connId, encodeRatchet(ratchet))
  clearSkippedKeys(tx, connId)
  removeX3dhKeys(tx, connId)
  patchAgentConnection(tx, connId, { resync: 'agreed', syncState: 'ok' })
  ctx.log.info('agent.keys-replaced', { connection: shortId(connId) })
  if (!receivesFirst) sayReady(ctx, tx, connection)
}

/** EREADY, or any message that the new keys open: from here on both can write. `couldSend`: before this message. */
export function resyncDone(ctx: Context, tx: WriteTx, connId: ConnId, couldSend: boolean): void {
  const connection = getAgentConnection(tx, connId)
  if (connection?.resync !== 'agreed') return
  patchAgentConnection(tx, connId, { resync: null })
  if (!couldSend) sayReady(ctx, tx, connection)
  resumeRotation(ctx, tx, connId)
  ctx.handler.onRatchetChanged?.(tx, connId)
}

function sayReady(ctx: Context, tx: WriteTx, { connId, lastExtSndId }: AgentConnection): void {
  enqueue(ctx, tx, connId, { type: 'EREADY', lastMsgId: lastExtSndId }, false)
}

/** Ours, where we have begun. */
function ownKeys(tx: WriteTx, { connId, resync }: AgentConnection): X3dhPrivate | null {
  const keys = resync === 'started' ? getX3dhKeys(tx, connId) : undefined
  if (!keys?.private1 || !keys.private2) return null
  return {
    key1: { publicKey: keys.public1, privateKey: keys.private1 },
    key2: { publicKey: keys.public2, privateKey: keys.private2 },
  }
}

function answer(ctx: Context, tx: WriteTx, connId: ConnId, version: number): X3dhPrivate {
  const own = generateX3dh(ctx.random)
  queueKeys(ctx, tx, connId, own, version)
  return own
}

/** Keeps its place among the messages: what is queued before it goes out first. It has no number and no ratchet key. */
function queueKeys(ctx: Context, tx: WriteTx, connId: ConnId, own: X3dhPrivate, version: number): void {
  const queue = sndQueueOf(tx, connId)
  if (!queue) throw new AgentError('agent.not-ready', 'nowhere to send to')
  pauseRotation(tx, connId)
  const createdAt = ctx.clock.now()
  let sndId = -1
  while (getSent(tx, connId, sndId)) sndId -= 1
  const plaintext = encode(agentEnvelopeCodec, {
    type: 'ratchetKey',
    agentVersion: AGENT_VERSIONS.max,
    e2e: { version, key1: own.key1.publicKey, key2: own.key2.publicKey, kem: null },
    info: encodeAgentMessage({ type: 'ratchetInfo', info: new Uint8Array(0) }),
  })
  const hash = sha256(plaintext)
  insertSent(tx, {
    ...{ connId, sndId, type: 'continue', hash, notification: true, plaintext, prepared: null, createdAt },
  })
  insertDelivery(tx, { queueId: queue.queueId, connId, sndId })
  tx.afterCommit(() => ctx.wake(connId))
}

function keysHash(key1: Uint8Array, key2: Uint8Array): Uint8Array {
  return sha256(new Uint8Array([...key1, ...key2]))
}
