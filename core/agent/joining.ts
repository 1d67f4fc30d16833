import {
  E2E_VERSIONS,
  encodeRatchet,
  generateEd25519,
  generateX25519,
  generateX3dh,
  generateX448,
  initJoinerRatchet,
  x25519,
} from '#core/crypto'
import { equalBytes } from '#core/base'
import { agreeVersion, type VersionRange } from '#core/encoding'
import { formatRelayAddress, type RelayAddress } from '#core/protocol'
import {
  findLinkClaimsOfQueue,
  findSndQueues,
  getAgentConnection,
  insertAgentConnection,
  insertSndQueue,
  patchAgentConnection,
  putRatchet,
  putX3dhKeys,
  removeAgentConnection,
  setSndQueueStatus,
  sndQueueOf,
  type LinkClaim,
  type SndQueue,
  type WriteTx,
} from '#core/store'
import { useLinkClaims } from './link-claims.ts'
import { isRelay, serverAddress, serverBytes } from './addresses.ts'
import { PERSON_WAITS } from './constants.ts'
import type { Context } from './context.ts'
import { AgentError } from './errors.ts'
import { classify } from './failures.ts'
import { newConnId, waitingSignal } from './invitation.ts'
import type { ConnId, ParsedInvitation } from './types.ts'
import { AGENT_VERSIONS, SMPC_VERSIONS, x3dhOf } from './wire/index.ts'

export interface JoinOptions {
  readonly connInfo: Uint8Array
  readonly replyRelay: RelayAddress
  readonly signal?: AbortSignal
}

/**
 * The joiner's first half: agent.md 4.2, steps 4 to 6. The keys are on disk before the relay sees them, in a connection
 * that nobody is shown; SKEY answered OK makes it visible, in one transaction with `commit`. The worker does the rest.
 * `claimed` runs in the transaction that stores the keys, or finds them. The queue of a short link is claimed already, by
 * the key that opened the link. agent.md 5.8 step 4
 */
export async function joinInvitation(
  ctx: Context,
  link: ParsedInvitation,
  options: JoinOptions,
  commit: (tx: WriteTx, made: { connId: ConnId }) => void,
  claimed?: (tx: WriteTx, made: { connId: ConnId }) => void,
): Promise<{ connId: ConnId }> {
  const signal = waitingSignal(ctx, options.signal)
  const claim = ctx.store.write((tx) => {
    const opened = openedKey(tx, link)
    const queue = findClaim(tx, link, opened) ?? beginClaim(ctx, tx, link, opened)
    claimed?.(tx, queue)
    return queue
  })
  const { connId } = claim
  if (claim.mode === 'M' && claim.status === 'new') await secure(ctx, claim, signal)
  signal.throwIfAborted()
  ctx.store.write((tx) => {
    if (!getAgentConnection(tx, connId)) throw new AgentError('agent.not-found', 'given up meanwhile')
    patchAgentConnection(tx, connId, {
      phase: 'joining',
      ownInfo: options.connInfo,
      replyRelay: formatRelayAddress(options.replyRelay, { password: true }),
    })
    if (claim.mode === 'M') setSndQueueStatus(tx, claim.queueId, 'secured')
    useLinkClaims(tx, claim.server, claim.sndId, connId)
    tx.afterCommit(() => ctx.wake(connId))
    commit(tx, { connId })
  })
  return { connId }
}

type OpenedKey = NonNullable<LinkClaim['key']>

/** What a short link to this queue was opened with. */
function openedKey(tx: WriteTx, { queues: [queue] }: ParsedInvitation): OpenedKey | null {
  const claims = findLinkClaimsOfQueue(tx, queue.senderId)
  return claims.find((one) => isRelay(one.server, queue.server))?.key ?? null
}

function findClaim(tx: WriteTx, link: ParsedInvitation, opened: OpenedKey | null): SndQueue | undefined {
  const [queue] = link.queues
  const found = findSndQueues(tx, queue.senderId).find((one) => isRelay(one.server, queue.server))
  if (!found) return undefined
  if (getAgentConnection(tx, found.connId)?.phase !== 'claiming') {
    throw new AgentError('agent.already-joined', 'this link was joined before', { connId: found.connId })
  }
  // The relay has taken the other key: those of an attempt by the full link are of no use.
  if (!opened || equalBytes(opened.publicKey, found.authPublic)) return found
  removeAgentConnection(tx, found.connId)
  return undefined
}

/** agent.md 4.2 step 5, 6.2 T4 */
function beginClaim(ctx: Context, tx: WriteTx, link: ParsedInvitation, opened: OpenedKey | null): SndQueue {
  const [queue] = link.queues
  const agentVersion = agree(link.agentVersions, AGENT_VERSIONS, 'agent')
  const smpVersion = agree(queue.versions, SMPC_VERSIONS, 'smp')
  const e2eVersion = agree(link.e2e.versions, E2E_VERSIONS, 'e2e')
  const connId = newConnId(ctx)
  insertAgentConnection(tx, {
    connId,
    role: 'joiner',
    phase: 'claiming',
    agentVersion,
    ownInfo: null,
    replyRelay: null,
    createdAt: ctx.clock.now(),
  })
  insertSndQueue(tx, {
    ...newSenderKeys(ctx, queue.dhKey),
    connId,
    server: serverBytes(queue.server),
    sndId: queue.senderId,
    mode: queue.mode,
    smpVersion,
    // Only queues that their sender may secure have links that are opened by a key.
    ...(opened && {
      mode: 'M' as const,
      status: 'secured' as const,
      authPrivate: opened.privateKey,
      authPublic: opened.publicKey,
    }),
  })
  const own = generateX3dh(ctx.random)
  const ratchet = initJoinerRatchet({
    versions: { current: e2eVersion, max: E2E_VERSIONS.max },
    own,
    peer: x3dhOf(link.e2e, e2eVersion),
    firstKey: generateX448(ctx.random),
  })
  putRatchet(tx, connId, encodeRatchet(ratchet))
  putX3dhKeys(tx, connId, {
    version: e2eVersion,
    public1: own.key1.publicKey,
    public2: own.key2.publicKey,
    private1: null,
    private2: null,
  })
  return sndQueueOf(tx, connId)!
}

/** For a queue of the peer's; `dhKey` is its end-to-end key. agent.md 1 */
export function newSenderKeys(
  ctx: Context,
  dhKey: Uint8Array,
): Pick<SndQueue, 'status' | 'authPrivate' | 'authPublic' | 'e2eSecret' | 'e2ePublic'> {
  const auth = generateEd25519(ctx.random)
  const e2e = generateX25519(ctx.random)
  return {
    status: 'new',
    authPrivate: auth.privateKey,
    authPublic: auth.publicKey,
    e2eSecret: x25519(e2e.privateKey, dhKey),
    e2ePublic: e2e.publicKey,
  }
}

async function secure(ctx: Context, queue: SndQueue, signal: AbortSignal): Promise<void> {
  try {
    await requestSkey(ctx, queue, { signal, timeoutMs: PERSON_WAITS })
  } catch (error) {
    const failure = classify(error)
    if (failure.kind !== 'permanent' || !failure.isAuth) throw error
    ctx.store.write((tx) => removeAgentConnection(tx, queue.connId))
    throw new AgentError('agent.link-used', 'the queue of this link has another sender', {}, { cause: error })
  }
}

/** Repeatable: the same key again is answered OK. agent.md 4.5 */
export async function requestSkey(
  ctx: Context,
  queue: SndQueue,
  options: { signal: AbortSignal; timeoutMs?: number },
): Promise<void> {
  await ctx.relays.request(
    serverAddress(queue.server),
    {
      entityId: queue.sndId,
      command: { type: 'SKEY', sndKey: { algorithm: 'ed25519', raw: queue.authPublic } },
      key: { algorithm: 'ed25519', privateKey: queue.authPrivate },
    },
    options,
  )
}

export function agree(theirs: VersionRange, ours: VersionRange, scope: string): number {
  const version = agreeVersion(theirs, ours)
  if (version === null) {
    throw new AgentError('agent.version', 'no common version', { scope, min: theirs.min, max: theirs.max })
  }
  return version
}
