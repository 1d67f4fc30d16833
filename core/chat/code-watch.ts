import {
  type ConnectionRecord,
  type VerificationRecord,
  type WriteTx,
  getConnectionOfContact,
  getVerification,
  listVerifiedIds,
  saveVerification,
} from '#core/store'
import type { ChatContext } from './context.ts'

/** The code of this connection; `null` while no keys are agreed, and after the connection has ended. */
export function codeOf(ctx: ChatContext, tx: WriteTx, contactId: string): string | null {
  const connection = getConnectionOfContact(tx, contactId)
  return connection && ctx.agent.securityCode(tx, connection.connId)
}

/** The mark as it is now: when the code is no longer the one that was compared, the mark is gone, and that is said. chat.md 6 */
export function currentVerification(ctx: ChatContext, tx: WriteTx, contactId: string): VerificationRecord {
  const known = getVerification(tx, contactId)
  if (known.verified === null) return known
  const code = codeOf(ctx, tx, contactId)
  if (code === null || code === known.verified.code) return known
  const at = ctx.clock.now()
  const changed: VerificationRecord = { ...known, verified: null, changedAt: at }
  saveVerification(tx, contactId, changed)
  ctx.changes.record(tx, { type: 'contact.codeChanged', contactId, at })
  ctx.changes.record(tx, { type: 'contact.updated', contactId })
  return changed
}

/** Looks at every mark, as at the start of the program. */
export function checkCodes(ctx: ChatContext, tx: WriteTx): void {
  for (const contactId of listVerifiedIds(tx)) currentVerification(ctx, tx, contactId)
}

/** Whether what is written to this contact waits until the code is compared. */
export function waitsForVerification(ctx: ChatContext, tx: WriteTx, connection: ConnectionRecord): boolean {
  if (connection.contactId === null) return false
  const { hold, verified } = currentVerification(ctx, tx, connection.contactId)
  return hold && verified === null
}
