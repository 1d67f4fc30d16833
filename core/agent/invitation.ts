import { E2E_VERSIONS, generateX3dh, type X3dhPrivate } from '#core/crypto'
import { toBase64Url } from '#core/encoding'
import type { RelayAddress } from '#core/protocol'
import {
  insertAgentConnection,
  insertRcvQueue,
  putX3dhKeys,
  type AgentKind,
  type RcvQueue,
  type WriteTx,
  type X3dhKeys,
} from '#core/store'
import { serverAddress } from './addresses.ts'
import { LOCAL_ID, PERSON_WAITS } from './constants.ts'
import type { Context } from './context.ts'
import { keepNewQueue, type NewRcvQueue } from './new-queue.ts'
import type { ConnId } from './types.ts'
import { AGENT_VERSIONS, formatInvitationLink, SMPC_VERSIONS, type QueueUri } from './wire/index.ts'

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
export function invitationText(
  queue: Pick<RcvQueue, 'server' | 'sndId' | 'e2ePublic' | 'mode'>,
  key1: Uint8Array,
  key2: Uint8Array,
): string {
  return formatInvitationLink({
    agentVersions: AGENT_VERSIONS,
    queues: [queueUri(queue)],
    e2e: { versions: E2E_VERSIONS, key1, key2, kemKey: null },
    clientData: null,
  })
}

export function queueUri(queue: Pick<RcvQueue, 'server' | 'sndId' | 'e2ePublic' | 'mode'>): QueueUri {
  return {
    versions: SMPC_VERSIONS,
    server: serverAddress(queue.server),
    senderId: queue.sndId,
    dhKey: queue.e2ePublic,
    mode: queue.mode,
  }
}

type Made = { connId: ConnId; link: string }

/** The initiator's first half: agent.md 4.2, steps 1 to 3. Nothing is stored before the relay has answered. */
export async function createInvitation(
  ctx: Context,
  options: { relay: RelayAddress; signal?: AbortSignal },
  commit: (tx: WriteTx, made: Made) => void,
): Promise<Made> {
  const signal = waitingSignal(ctx, options.signal)
  const own = generateX3dh(ctx.random)
  return keepNewQueue(ctx, options.relay, { signal, timeoutMs: PERSON_WAITS }, (queue) => {
    const made: Made = {
      connId: newConnId(ctx),
      link: invitationText(queue, own.key1.publicKey, own.key2.publicKey),
    }
    ctx.store.write((tx) => {
      insertInitiator(ctx, tx, made.connId, 'waiting')
      const queueId = insertNewQueue(tx, made.connId, queue)
      putX3dhKeys(tx, made.connId, initiatorKeys(own))
      tx.afterCommit(() => ctx.watch({ ...queue, queueId }))
      commit(tx, made)
    })
    return made
  })
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
