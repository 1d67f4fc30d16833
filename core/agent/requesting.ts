import { isAppError } from '#core/base'
import { generateX25519, generateX3dh, x25519 } from '#core/crypto'
import { encode } from '#core/encoding'
import type { RelayAddress } from '#core/protocol'
import {
  findAgentRequests,
  getAgentConnection,
  getAgentRequest,
  getX3dhKeys,
  insertAgentRequest,
  patchAgentConnection,
  putX3dhKeys,
  rcvQueueOf,
  type AgentRequest,
  type WriteTx,
} from '#core/store'
import { useLinkClaims } from './link-claims.ts'
import { isRelay, serverAddress, serverBytes } from './addresses.ts'
import { NONCE, PERSON_WAITS, REQUEST_SEED } from './constants.ts'
import type { Context } from './context.ts'
import { AgentError } from './errors.ts'
import { classify } from './failures.ts'
import {
  initiatorKeys,
  insertInitiator,
  insertNewQueue,
  invitationLink,
  newConnId,
  waitingSignal,
} from './invitation.ts'
import { agree } from './joining.ts'
import { forgetConnection } from './lifecycle.ts'
import { keepNewQueue } from './new-queue.ts'
import type { ConnId, ParsedContact, RequestInfo } from './types.ts'
import {
  AGENT_VERSIONS,
  agentEnvelopeCodec,
  formatFullLink,
  REQUEST_ROOM,
  sealClientMessage,
  SMPC_VERSIONS,
} from './wire/index.ts'

/** The asker's side of agent.md 4.4: it writes an invitation to an address, and is an initiator from then on. */

export interface RequestOptions {
  readonly connInfo: RequestInfo
  readonly relay: RelayAddress
  readonly identity?: string
  readonly signal?: AbortSignal
}

/**
 * Queue and keys are on disk before the address's relay sees the request, in a connection that nobody is shown; SEND
 * answered OK makes it visible, in one transaction with `commit`.
 */
export async function requestContact(
  ctx: Context,
  link: ParsedContact,
  options: RequestOptions,
  commit: (tx: WriteTx, made: { connId: ConnId }) => void,
): Promise<{ connId: ConnId }> {
  const signal = waitingSignal(ctx, options.signal)
  const deadline = ctx.clock.now() + PERSON_WAITS
  const identity = options.identity ?? ''
  const request =
    findClaim(ctx, link, identity) ?? (await beginRequest(ctx, link, { ...options, identity }, signal))
  const { connId } = request
  try {
    await sendRequest(ctx, request, options.connInfo, { signal, deadline })
  } catch (error) {
    // Nobody at that address will ever answer: nothing is kept of the attempt.
    if (error instanceof AgentError && error.code === 'agent.address-gone') {
      ctx.store.write((tx) => forgetConnection(ctx, tx, connId))
    }
    throw error
  }
  signal.throwIfAborted()
  ctx.store.write((tx) => {
    const queue = rcvQueueOf(tx, connId)
    if (!queue) throw new AgentError('agent.not-found', 'given up meanwhile')
    patchAgentConnection(tx, connId, { phase: 'waiting' })
    useLinkClaims(tx, request.server, request.sndId, connId)
    tx.afterCommit(() => ctx.subscribe(queue))
    commit(tx, { connId })
  })
  return { connId }
}

/** Sends the same request once more; what the owner does about it comes as before. */
export async function repeatRequest(
  ctx: Context,
  connId: ConnId,
  options: { connInfo: RequestInfo; signal?: AbortSignal },
): Promise<void> {
  const signal = waitingSignal(ctx, options.signal)
  const { connection, request } = ctx.store.read((db) => ({
    connection: getAgentConnection(db, connId),
    request: getAgentRequest(db, connId),
  }))
  const isThere = connection && connection.deletedAt === null && connection.phase !== 'claiming'
  if (!isThere || !request || connection.phase === 'failed') {
    throw new AgentError('agent.not-found', 'no such request')
  }
  if (connection.phase !== 'waiting') return
  const deadline = ctx.clock.now() + PERSON_WAITS
  await sendRequest(ctx, request, options.connInfo, { signal, deadline })
}

function findClaim(ctx: Context, link: ParsedContact, identity: string): AgentRequest | undefined {
  const [queue] = link.queues
  return ctx.store.read((db) => {
    const found = findAgentRequests(db, queue.senderId).find(
      (one) => one.identity === identity && isRelay(one.server, queue.server),
    )
    if (found && getAgentConnection(db, found.connId)?.phase !== 'claiming') {
      throw new AgentError('agent.already-joined', 'asked at this address before', { connId: found.connId })
    }
    return found
  })
}

/** Nobody subscribes to the queue yet: an answer to a request that nobody is shown has to wait. */
async function beginRequest(
  ctx: Context,
  link: ParsedContact,
  { relay, identity }: { relay: RelayAddress; identity: string },
  signal: AbortSignal,
): Promise<AgentRequest> {
  const [address] = link.queues
  const request: AgentRequest = {
    connId: newConnId(ctx),
    server: serverBytes(address.server),
    sndId: address.senderId,
    dhKey: address.dhKey,
    agentVersion: agree(link.agentVersions, AGENT_VERSIONS, 'agent'),
    smpVersion: agree(address.versions, SMPC_VERSIONS, 'smp'),
    seed: ctx.random.bytes(REQUEST_SEED),
    identity,
  }
  const own = generateX3dh(ctx.random)
  const options = { signal, timeoutMs: PERSON_WAITS, subscribe: false }
  const made = keepNewQueue(ctx, relay, options, (queue) => {
    ctx.store.write((tx) => {
      insertInitiator(ctx, tx, request.connId, 'claiming')
      insertNewQueue(tx, request.connId, queue)
      putX3dhKeys(tx, request.connId, initiatorKeys(own))
      insertAgentRequest(tx, request)
    })
    return request
  })
  return made.catch((cause: unknown) => {
    if (signal.aborted || !isAppError(cause) || !cause.code.startsWith('relay.')) throw cause
    throw new AgentError('agent.own-relay', 'a relay of ours makes no queue', {}, { cause })
  })
}

/** Envelope `I`: unsigned, with a key pair that is used for this one SEND and kept nowhere. agent.md 1, 2.1 */
async function sendRequest(
  ctx: Context,
  request: AgentRequest,
  connInfo: RequestInfo,
  { signal, deadline }: { signal: AbortSignal; deadline: number },
): Promise<void> {
  const body = requestBody(ctx, request, connInfo)
  try {
    await ctx.relays.request(
      serverAddress(request.server),
      { entityId: request.sndId, command: { type: 'SEND', notify: true, body }, key: null },
      { signal, timeoutMs: Math.max(1, deadline - ctx.clock.now()) },
    )
  } catch (error) {
    const failure = classify(error)
    if (failure.kind === 'quota') {
      throw new AgentError('agent.address-full', 'too many requests wait there', {}, { cause: error })
    }
    if (failure.kind !== 'permanent' || !failure.isAuth) throw error
    throw new AgentError('agent.address-gone', 'the relay does not know this address', {}, { cause: error })
  }
}

function requestBody(ctx: Context, request: AgentRequest, connInfo: RequestInfo): Uint8Array {
  const { agentVersion, smpVersion, seed } = request
  const link = ctx.store.read((db) => {
    const queue = rcvQueueOf(db, request.connId)
    const keys = getX3dhKeys(db, request.connId)
    if (!queue || !keys) throw new AgentError('agent.not-found', 'no such request')
    return formatFullLink(invitationLink(queue, keys.public1, keys.public2))
  })
  const room = REQUEST_ROOM - link.length
  const info = typeof connInfo === 'function' ? connInfo({ seed, room, agentVersion }) : connInfo
  if (info.length > room) {
    throw new AgentError('agent.too-large', 'does not fit beside the keys', {
      size: info.length,
      limit: room,
    })
  }
  const once = generateX25519(ctx.random)
  return sealClientMessage(
    x25519(once.privateKey, request.dhKey),
    { version: smpVersion, dhKey: once.publicKey, nonce: ctx.random.bytes(NONCE) },
    {
      senderKey: null,
      body: encode(agentEnvelopeCodec, { type: 'invitation', agentVersion, link, connInfo: info }),
    },
  )
}
