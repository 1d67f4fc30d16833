/** Who a link made here will show, for as long as nobody has used it; and as whom a link that waits will be used. chat.md 5.5 */
import { type ConnectionRecord, type WriteTx } from '#core/store'
import { changeConnection, requireConnection } from './connecting.ts'
import type { ChatContext } from './context.ts'
import { ChatError } from './errors.ts'
import { requireProfile } from './own-profile.ts'

/**
 * Throws where somebody is connecting by it, or nobody can any more. One that was opened counts: what a full link shows is
 * sent with the answer, and another profile takes another link; what a short one has shown, its relay refuses to change.
 */
export function requireWaiting(tx: WriteTx, connectionId: string): ConnectionRecord {
  const connection = requireConnection(tx, connectionId)
  const { phase, role } = connection
  if (role === 'creator' && (phase === 'unused' || phase === 'shared' || phase === 'opened'))
    return connection
  if (phase === 'queued') return connection
  if (phase === 'failed' || phase === 'refused' || phase === 'expired') {
    throw new ChatError('chat.link-over', 'nobody can use this link any more')
  }
  throw new ChatError('chat.appearance-fixed', 'the other side is connecting already')
}

/** The name in place of the own profile, or null for the profile itself. Whoever uses the link from now on sees that. */
export function appearAs(
  ctx: ChatContext,
  tx: WriteTx,
  connectionId: string,
  incognitoName: string | null,
): void {
  changeConnection(ctx, tx, requireWaiting(tx, connectionId), { incognitoName })
}

/** Of a link that waits for its relay. `queued` says the same to whoever will try. */
export function queueAs(
  ctx: ChatContext,
  tx: WriteTx,
  connectionId: string,
  who: Pick<ConnectionRecord, 'profileId' | 'incognitoName' | 'queued'>,
): void {
  requireProfile(tx, who.profileId)
  changeConnection(ctx, tx, requireWaiting(tx, connectionId), who)
}

/**
 * Runs in the transaction in which the agent stores the new queue: the row leads to another profile from here on, and its
 * old link to nobody, so that who has seen both cannot tell that they were one person's.
 */
export function moveToProfile(
  ctx: ChatContext,
  tx: WriteTx,
  connectionId: string,
  made: { profileId: string; connId: string; link: string; fullLink: string; relay: string },
): void {
  const before = requireWaiting(tx, connectionId)
  requireProfile(tx, made.profileId)
  ctx.agent.deleteConnection(tx, before.connId, { waitDelivery: false })
  const unseen = { phase: 'unused', openedAt: null, openedAlarm: false, sentProfile: 0 } as const
  changeConnection(ctx, tx, before, { ...made, ...unseen, incognitoName: null })
}
