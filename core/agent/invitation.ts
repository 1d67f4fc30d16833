import { E2E_VERSIONS, generateX3dh, type X3dhPrivate } from '#core/crypto'
import { toBase64Url } from '#core/encoding'
import {
  insertAgentConnection,
  insertRcvQueue,
  putX3dhKeys,
  type AgentKind,
  type WriteTx,
  type X3dhKeys,
} from '#core/store'
import { serverAddress } from './addresses.ts'
import { LOCAL_ID, PERSON_WAITS } from './constants.ts'
import type { Context } from './context.ts'
import { keepNewQueue, type LinkedQueue, type NewRcvQueue } from './new-queue.ts'
import type { ConnId, MadeLink, NewLinkOptions, ParsedContact, ParsedInvitation } from './types.ts'
import { keepNewLink } from './new-link.ts'
import { AGENT_VERSIONS, formatFullLink, SMPC_VERSIONS, type QueueUri } from './wire/index.ts'

export function newConnId(ctx: Context): ConnId {
  return toBase64Url(ctx.random.bytes(LOCAL_ID))
}

export function initiatorKeys(own: X3dhPrivate): X3dhKeys {
  return {
    version: E2E_VERSIONS.max,
    public1: own.key1.publicKey,
    public2: own.key2.publicKey,
    private1: own.key1.privateKey,
    private2: own.key2.privateKey,
  }
}

/** The link to a queue of ours and to the public halves of its X3DH keys, with all versions that we speak. agent.md 5.1 */
export function invitationLink(queue: LinkedQueue, key1: Uint8Array, key2: Uint8Array): ParsedInvitation {
  return {
    form: 'full',
    kind: 'invitation',
    agentVersions: AGENT_VERSIONS,
    queues: [queueUri(queue)],
    e2e: { versions: E2E_VERSIONS, key1, key2, kemKey: null },
    clientData: null,
  }
}

export function addressLink(queue: LinkedQueue): ParsedContact {
  return {
    form: 'full',
    kind: 'contact',
    agentVersions: AGENT_VERSIONS,
    queues: [queueUri(queue)],
    clientData: null,
  }
}

function queueUri(queue: LinkedQueue): QueueUri {
  return {
    versions: SMPC_VERSIONS,
    server: serverAddress(queue.server),
    senderId: queue.sndId,
    dhKey: queue.e2ePublic,
    mode: queue.mode,
  }
}

/** The initiator's first half: agent.md 4.2, steps 1 to 3. Nothing is stored before the relay has answered. */
export async function createInvitation(
  ctx: Context,
  { relay, userData, signal: given }: NewLinkOptions,
  commit: (tx: WriteTx, made: MadeLink) => void,
): Promise<MadeLink> {
  const signal = waitingSignal(ctx, given)
  const own = generateX3dh(ctx.random)
  const requestTo = (queue: LinkedQueue): ParsedInvitation =>
    invitationLink(queue, own.key1.publicKey, own.key2.publicKey)
  const newQueue = {
    signal,
    timeoutMs: PERSON_WAITS,
    ...(userData && { linkTo: (queue: LinkedQueue) => ({ request: requestTo(queue), userData }) }),
  }
  return keepNewQueue(ctx, relay, newQueue, (queue, link) =>
    ctx.store.write((tx) => {
      const connId = newConnId(ctx)
      insertInitiator(ctx, tx, connId, 'waiting')
      const queueId = insertNewQueue(tx, connId, queue)
      putX3dhKeys(tx, connId, initiatorKeys(own))
      const shortLink = link && keepNewLink(ctx, tx, connId, queue, 'invitation', link)
      const made: MadeLink = { connId, link: formatFullLink(requestTo(queue)), shortLink }
      tx.afterCommit(() => ctx.watch({ ...queue, queueId }))
      commit(tx, made)
      return made
    }),
  )
}

/** Whose queue a link, an address or a request gives away. */
export function insertInitiator(
  ctx: Context,
  tx: WriteTx,
  connId: ConnId,
  phase: 'waiting' | 'claiming',
  kind: AgentKind = 'pair',
): void {
  insertAgentConnection(tx, {
    connId,
    kind,
    role: 'initiator',
    phase,
    agentVersion: AGENT_VERSIONS.max,
    ownInfo: null,
    replyRelay: null,
    createdAt: ctx.clock.now(),
  })
}

export function insertNewQueue(tx: WriteTx, connId: ConnId, queue: NewRcvQueue): number {
  return insertRcvQueue(tx, { ...queue, connId, status: 'new', smpVersion: SMPC_VERSIONS.max })
}

/** The caller's signal and the agent's. Throws if one is aborted already. */
export function waitingSignal(ctx: Context, signal: AbortSignal | undefined): AbortSignal {
  const both = AbortSignal.any([ctx.signal, ...(signal ? [signal] : [])])
  both.throwIfAborted()
  return both
}
