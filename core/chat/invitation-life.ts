/**
 * What time does to a link made here, and what is known of who opened it:
 *
 *     unused ─▶ shared ─▶ opened (somebody took it, nobody has answered) ─▶ connecting
 *        └─────────┴─────────┴──▶ expired (the date that it was given for is past)
 */
import {
  type ConnectionRecord,
  type TimedInvitation,
  type WriteTx,
  forgetBatchLink,
  getConnection,
  listBatchLinks,
  noteBatchLink,
} from '#core/store'
import { changeConnection, requireConnection } from './connecting.ts'
import type { ChatContext } from './context.ts'
import { ChatError } from './errors.ts'

/** From then on whoever opened a link should have completed it, ms. flows.md 4, INV-13 */
export const OPENED_PATIENCE = 600_000

/** A link that somebody may still use. */
export function isOpen({ role, kind, phase }: ConnectionRecord): boolean {
  return role === 'creator' && kind === 'invitation' && OPEN.has(phase)
}
const OPEN: ReadonlySet<ConnectionRecord['phase']> = new Set(['unused', 'shared', 'opened'])

/** `null`: for as long as its relay keeps it. */
export function setExpiry(
  ctx: ChatContext,
  tx: WriteTx,
  connectionId: string,
  expiresAt: number | null,
): void {
  const connection = requireConnection(tx, connectionId)
  if (!isOpen(connection)) throw new ChatError('chat.link-in-use', 'this link is used or over')
  changeConnection(ctx, tx, connection, { expiresAt })
}

/** The relay says that somebody has taken the link, which may have been made anew or deleted meanwhile. */
export function noteOpened(ctx: ChatContext, tx: WriteTx, connectionId: string, connId: string): void {
  const connection = getConnection(tx, connectionId)
  if (connection?.connId !== connId || !isOpen(connection) || connection.openedAt !== null) return
  changeConnection(ctx, tx, connection, { phase: 'opened', openedAt: ctx.clock.now() })
}

/** When something is to be done about one of them. */
export function dueAt({ expiresAt, openedAt, alarmed }: TimedInvitation): number {
  const alarmAt = openedAt === null || alarmed ? Infinity : openedAt + OPENED_PATIENCE
  return Math.min(expiresAt ?? Infinity, alarmAt)
}

/** Does what is due: a link past its date is revoked, and an opened one that nobody completes is told of. */
export function passTime(ctx: ChatContext, tx: WriteTx, timed: readonly TimedInvitation[]): void {
  const now = ctx.clock.now()
  for (const one of timed.filter((each) => dueAt(each) <= now)) {
    const connection = requireConnection(tx, one.connectionId)
    if (one.expiresAt !== null && one.expiresAt <= now) expire(ctx, tx, connection)
    else alarm(ctx, tx, connection)
  }
}

/** Its queue is deleted at the relay in the background: who tries it from then on is refused. INV-9 */
function expire(ctx: ChatContext, tx: WriteTx, connection: ConnectionRecord): void {
  ctx.agent.deleteConnection(tx, connection.connId, { waitDelivery: false })
  changeConnection(ctx, tx, connection, { phase: 'expired', link: null, fullLink: null })
}

function alarm(ctx: ChatContext, tx: WriteTx, connection: ConnectionRecord): void {
  const { connectionId } = changeConnection(ctx, tx, connection, { openedAlarm: true })
  ctx.changes.record(tx, { type: 'connection.alarmed', connectionId })
}

/* ---- batches: links that become visible together */

/** In the transaction in which the agent stores the queue: nothing of it is visible yet. */
export function holdBatchLink(tx: WriteTx, connId: string): void {
  noteBatchLink(tx, connId)
}

/** In the transaction that makes the whole batch visible. */
export function takeBatchLink(tx: WriteTx, connId: string): void {
  forgetBatchLink(tx, connId)
}

/** What is left of batches that did not become whole; the queues go in the background. */
export function dropBatchLinks(
  ctx: ChatContext,
  tx: WriteTx,
  connIds: readonly string[] = listBatchLinks(tx),
): void {
  for (const connId of connIds) {
    ctx.agent.deleteConnection(tx, connId, { waitDelivery: false })
    forgetBatchLink(tx, connId)
  }
}
