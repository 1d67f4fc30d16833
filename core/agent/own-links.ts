import { equalBytes } from '#core/base'
import {
  getAgentConnection,
  getAgentLink,
  insertAgentLink,
  markLinkPublished,
  rcvQueueOf,
  setPendingLinkData,
  type AgentConnection,
  type AgentLink,
  type RcvQueue,
  type WriteTx,
} from '#core/store'
import { serverAddress } from './addresses.ts'
import { PERSON_WAITS } from './constants.ts'
import type { Context } from './context.ts'
import { AgentError } from './errors.ts'
import { classify, type Failure } from './failures.ts'
import { addressLink, waitingSignal } from './invitation.ts'
import { fitting, sealNewLink, shortLinkText, userLinkData } from './new-link.ts'
import type { ConnId } from './types.ts'
import { makeUserData } from './wire/index.ts'

/** What we say behind links of ours, and whether somebody has opened one. agent.md 5.7 */

const kindOf = ({ kind }: AgentConnection): 'invitation' | 'contact' =>
  kind === 'address' ? 'contact' : 'invitation'

/** The relay is told in the background, the newest only. An address that has no short link yet gets one by it. */
export function updateLinkData(ctx: Context, tx: WriteTx, connId: ConnId, userData: Uint8Array): void {
  const found = linkToChange(ctx, tx, connId, userData)
  if (!found) return
  sealUser(ctx, found.connection, found.link, userData)
  setPendingLinkData(tx, connId, userData)
  tx.afterCommit(() => ctx.wake(connId, { hurry: true }))
}

/** The same, waited for. What waited before is told no more. */
export async function setLinkData(
  ctx: Context,
  connId: ConnId,
  userData: Uint8Array,
  options: { signal?: AbortSignal },
): Promise<void> {
  const signal = waitingSignal(ctx, options.signal)
  const deadline = ctx.clock.now() + PERSON_WAITS
  await ctx.linkChanges.run(connId, async () => {
    signal.throwIfAborted()
    const found = ctx.store.write((tx) => linkToChange(ctx, tx, connId, userData))
    if (!found) throw new AgentError('agent.link-claimed', 'nobody can change this link any more')
    try {
      await publish(ctx, found, userData, { signal, timeoutMs: Math.max(1, deadline - ctx.clock.now()) })
    } catch (error) {
      const failure = classify(error)
      if (failure.kind !== 'permanent' || !failure.isAuth) throw error
      throw new AgentError(refusal(found.connection), 'the relay refused new link data', {}, { cause: error })
    }
    ctx.store.write((tx) => {
      if (getAgentLink(tx, connId)) told(ctx, tx, found, null)
    })
  })
}

/** A step of the connection's worker; throws what the request threw. */
export async function publishPending(ctx: Context, connId: ConnId): Promise<void> {
  await ctx.linkChanges.run(connId, async () => {
    const found = ctx.store.read((db) => {
      const connection = getAgentConnection(db, connId)
      const queue = rcvQueueOf(db, connId)
      const link = getAgentLink(db, connId)
      return connection && queue && link?.pending && link.author ? { connection, queue, link } : null
    })
    const userData = found?.link.pending
    if (!found || !userData) return ctx.store.write((tx) => setPendingLinkData(tx, connId, null))
    await publish(ctx, found, userData, { signal: ctx.signal })
    return ctx.store.write((tx) => told(ctx, tx, found, userData))
  })
}

/** For good. The link itself goes on as it was. */
export function linkDataRefused(
  ctx: Context,
  tx: WriteTx,
  connection: AgentConnection,
  failure: Failure,
): void {
  const { connId } = connection
  const isAuth = failure.kind === 'permanent' && failure.isAuth
  setPendingLinkData(tx, connId, null)
  ctx.handler.onLinkData?.(tx, connId, {
    code: isAuth ? refusal(connection) : failure.code,
    shortLink: null,
  })
}

/** QUE: somebody has fetched the data of a one-time link, or secured its queue by the full one. */
export async function linkOpened(
  ctx: Context,
  connId: ConnId,
  options: { signal?: AbortSignal },
): Promise<boolean> {
  const signal = waitingSignal(ctx, options.signal)
  const queue = ctx.store.read((db) => rcvQueueOf(db, connId))
  if (!queue) throw new AgentError('agent.not-found', 'no such connection')
  try {
    const answer = await ctx.relays.request(
      serverAddress(queue.server),
      { entityId: queue.rcvId, command: { type: 'QUE' }, key: keyOf(queue) },
      { signal, timeoutMs: PERSON_WAITS },
    )
    if (answer.type === 'INFO') return answer.info.secured
    throw new AgentError('agent.refused', 'QUE was answered by something else', { type: answer.type })
  } catch (error) {
    const failure = classify(error)
    if (failure.kind !== 'permanent' || !failure.isAuth) throw error
    throw new AgentError('agent.queue-gone', 'the relay does not know this queue', {}, { cause: error })
  }
}

/* ---- how */

interface Changeable {
  readonly connection: AgentConnection
  readonly queue: RcvQueue
  readonly link: AgentLink
}

/** Null: the link has been used, or is no short one. */
function linkToChange(ctx: Context, tx: WriteTx, connId: ConnId, userData: Uint8Array): Changeable | null {
  const connection = getAgentConnection(tx, connId)
  const queue = rcvQueueOf(tx, connId)
  if (!connection || !queue || connection.deletedAt !== null) {
    throw new AgentError('agent.not-found', 'no such connection')
  }
  if (connection.kind === 'address' && !getAgentLink(tx, connId)) addLink(ctx, tx, queue, userData)
  const link = getAgentLink(tx, connId)
  const isOpen = connection.kind === 'address' || connection.phase === 'waiting'
  return link?.author && isOpen ? { connection, queue, link } : null
}

/** agent.md 5.7, "Older address without link" */
function addLink(ctx: Context, tx: WriteTx, queue: RcvQueue, userData: Uint8Array): void {
  const { linkId, linkKey, rootKey, sealed } = sealNewLink(ctx, { request: addressLink(queue), userData })
  if (!linkId) return
  insertAgentLink(tx, {
    connId: queue.connId,
    server: queue.server,
    linkId,
    linkKey,
    author: { rootKey, fixed: sealed.fixed },
    pending: null,
    published: false,
  })
}

function sealUser(
  ctx: Context,
  connection: AgentConnection,
  { linkKey, author }: AgentLink,
  userData: Uint8Array,
): Uint8Array {
  const kind = kindOf(connection)
  const user = userLinkData(kind, userData)
  return fitting(() => makeUserData(author!.rootKey, { kind, linkKey }, user, ctx.random))
}

async function publish(
  ctx: Context,
  { connection, queue, link }: Changeable,
  userData: Uint8Array,
  options: { signal: AbortSignal; timeoutMs?: number },
): Promise<void> {
  const user = sealUser(ctx, connection, link, userData)
  const { linkId, author } = link
  await ctx.relays.request(
    serverAddress(queue.server),
    {
      entityId: queue.rcvId,
      command: { type: 'LSET', linkId, fixed: author!.fixed, user },
      key: keyOf(queue),
    },
    options,
  )
}

/** `userData`: what the relay has been told of what waited; null: something newer than whatever waited. */
function told(
  ctx: Context,
  tx: WriteTx,
  { connection, link }: Changeable,
  userData: Uint8Array | null,
): void {
  const { connId } = connection
  const pending = getAgentLink(tx, connId)?.pending
  if (!pending) {
    if (userData || link.published) return
  } else if (!userData || equalBytes(pending, userData)) setPendingLinkData(tx, connId, null)
  markLinkPublished(tx, connId)
  const shortLink = shortLinkText(ctx, tx, link, kindOf(connection))
  ctx.handler.onLinkData?.(tx, connId, { code: null, shortLink })
}

const refusal = ({ kind }: AgentConnection): 'agent.queue-gone' | 'agent.link-claimed' =>
  kind === 'address' ? 'agent.queue-gone' : 'agent.link-claimed'

const keyOf = ({ authKey }: RcvQueue): { algorithm: 'ed25519'; privateKey: Uint8Array } => ({
  algorithm: 'ed25519',
  privateKey: authKey,
})
