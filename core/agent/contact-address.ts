import {
  claimAgentInvitation,
  getAgentConnection,
  getAgentInvitation,
  markInvitationAccepted,
  putAgentInvitation,
  removeAgentInvitation,
  type WriteTx,
} from '#core/store'
import { isAppError } from '#core/base'
import { PERSON_WAITS } from './constants.ts'
import type { Context } from './context.ts'
import { AgentError } from './errors.ts'
import { addressLink, insertInitiator, insertNewQueue, newConnId, waitingSignal } from './invitation.ts'
import { joinInvitation, type JoinOptions } from './joining.ts'
import { forgetConnection } from './lifecycle.ts'
import { keepNewLink } from './new-link.ts'
import { keepNewQueue, type LinkedQueue } from './new-queue.ts'
import { Unusable, usable, type Arrived } from './received.ts'
import type { ConnId, MadeLink, NewLinkOptions, ParsedInvitation } from './types.ts'
import { FINGERPRINT, formatFullLink, readConnectionLink } from './wire/index.ts'

/** The owner's side of agent.md 4.4: an address, the requests that come to it, and what becomes of them. */

export async function createAddress(
  ctx: Context,
  { relay, userData, signal: given }: NewLinkOptions,
  commit: (tx: WriteTx, made: MadeLink) => void,
): Promise<MadeLink> {
  const newQueue = {
    signal: waitingSignal(ctx, given),
    timeoutMs: PERSON_WAITS,
    mode: 'C' as const,
    ...(userData && { linkTo: (queue: LinkedQueue) => ({ request: addressLink(queue), userData }) }),
  }
  return keepNewQueue(ctx, relay, newQueue, (queue, link) =>
    ctx.store.write((tx) => {
      const connId = newConnId(ctx)
      insertInitiator(ctx, tx, connId, 'waiting', 'address')
      const queueId = insertNewQueue(tx, connId, queue)
      const shortLink = link && keepNewLink(ctx, tx, connId, queue, 'contact', link)
      const made: MadeLink = { connId, link: formatFullLink(addressLink(queue)), shortLink }
      tx.afterCommit(() => ctx.watch({ ...queue, queueId }))
      commit(tx, made)
      return made
    }),
  )
}

/** The requests that are stored stay: what they need is in them. */
export function deleteAddress(ctx: Context, tx: WriteTx, connId: ConnId): void {
  if (getAgentConnection(tx, connId)?.kind !== 'address') return
  forgetConnection(ctx, tx, connId)
}

/* ---- requests */

/** Only a request may come here, from whom is not known: the secret of its one message is not kept. agent.md 1 */
export function receiveAtAddress(ctx: Context, tx: WriteTx, arrived: Arrived): void {
  const { connection, envelope, client, brokerTs } = arrived
  if (envelope.type !== 'invitation' || client.senderKey) throw new Unusable('agent.prohibited')
  // Any versions: a request that this version cannot accept is shown all the same. agent.md 4.4
  if (readInvitation(envelope.link).queues[0].server.keyHash.length !== FINGERPRINT) {
    throw new Unusable('agent.malformed')
  }
  const requestKey = newConnId(ctx)
  const { connId } = connection
  const answer = ctx.handler.onRequest(tx, connId, { requestKey, connInfo: envelope.connInfo, brokerTs })
  if (!answer.store) return
  putAgentInvitation(tx, {
    requestKey: answer.as ?? requestKey,
    link: envelope.link,
    // The handler may have deleted the address by now.
    addressId: getAgentConnection(tx, connId) ? connId : null,
    createdAt: ctx.clock.now(),
  })
}

function readInvitation(text: string): ParsedInvitation {
  const link = usable(() => readConnectionLink(text))
  if (link.form !== 'full' || link.kind !== 'invitation') throw new Unusable('agent.malformed')
  return link
}

/** The invitation of a request that is not yet accepted, or the connection that was made of it. */
export function findInvitation(
  ctx: Context,
  requestKey: string,
): { link: ParsedInvitation } | { connId: ConnId } {
  const invitation = ctx.store.read((db) => getAgentInvitation(db, requestKey))
  if (invitation?.accepted && invitation.connId !== null) return { connId: invitation.connId }
  if (!invitation?.link) throw new AgentError('agent.not-found', 'no such request')
  return { link: readInvitation(invitation.link) }
}

/** Joins the invitation of a request. Its keys are bound to the request before the relay sees them. */
export async function acceptInvitation(
  ctx: Context,
  requestKey: string,
  link: ParsedInvitation,
  options: JoinOptions,
  commit: (tx: WriteTx, made: { connId: ConnId }) => void,
): Promise<{ connId: ConnId }> {
  try {
    return await joinInvitation(
      ctx,
      link,
      options,
      (tx, made) => {
        if (!getAgentInvitation(tx, requestKey)) throw new AgentError('agent.not-found', 'no such request')
        markInvitationAccepted(tx, requestKey)
        commit(tx, made)
      },
      (tx, { connId }) => claimAgentInvitation(tx, requestKey, connId),
    )
  } catch (error) {
    if (!isAppError(error, 'agent.link-used')) throw error
    throw new AgentError('agent.request-gone', 'the asker has deleted its queue', {}, { cause: error })
  }
}

/**
 * The keys of an attempt to accept it stay for a while: the same asker may ask again by the same queue, and with other
 * keys it would be refused.
 */
export function dropRequest(tx: WriteTx, requestKey: string): void {
  removeAgentInvitation(tx, requestKey)
}
