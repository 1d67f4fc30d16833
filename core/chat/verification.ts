import {
  type VerificationRecord,
  type VerifiedHowColumn,
  type WriteTx,
  getConnectionOfContact,
  saveVerification,
} from '#core/store'
import { codeOf, currentVerification } from './code-watch.ts'
import { type CodeMismatch, compareCodes } from './compare-codes.ts'
import { requireContact } from './contacts.ts'
import type { ChatContext } from './context.ts'
import { ChatError } from './errors.ts'
import { sendHeld } from './messaging.ts'

export interface ShownCode {
  /** `null`: no keys are agreed. */
  code: string | null
  verification: VerificationRecord
}

/** Computed anew each time that somebody looks. */
export function showCode(ctx: ChatContext, tx: WriteTx, contactId: string): ShownCode {
  requireContact(tx, contactId)
  return { code: codeOf(ctx, tx, contactId), verification: currentVerification(ctx, tx, contactId) }
}

export interface Compared {
  mismatch: CodeMismatch | null
  verification: VerificationRecord
}

/** Marks the contact when the code is right; otherwise nothing changes. Each side does this for itself. chat.md 6 */
export function verifyCode(
  ctx: ChatContext,
  tx: WriteTx,
  contactId: string,
  given: { code: string; how: VerifiedHowColumn },
): Compared {
  const { code, verification } = showCode(ctx, tx, contactId)
  if (code === null) throw new ChatError('chat.no-code', 'no keys are agreed')
  const mismatch = compareCodes(code, given.code)
  if (mismatch !== null) return { mismatch, verification }
  const verified = { code, at: ctx.clock.now(), how: given.how }
  // Who has compared once needs no suggestion.
  return {
    mismatch,
    verification: change(ctx, tx, contactId, { verified, changedAt: null, dismissed: true }),
  }
}

export function clearVerification(ctx: ChatContext, tx: WriteTx, contactId: string): void {
  requireContact(tx, contactId)
  change(ctx, tx, contactId, { verified: null })
}

export interface VerificationChange {
  hold?: boolean
  dismiss?: 'verify' | 'codeChange'
}

export function updateVerification(
  ctx: ChatContext,
  tx: WriteTx,
  contactId: string,
  { hold, dismiss }: VerificationChange,
): void {
  requireContact(tx, contactId)
  change(ctx, tx, contactId, {
    ...(hold !== undefined && { hold }),
    ...(dismiss === 'verify' && { dismissed: true }),
    ...(dismiss === 'codeChange' && { changedAt: null }),
  })
}

/** What waited for the comparison goes out when it need not wait any more. */
function change(
  ctx: ChatContext,
  tx: WriteTx,
  contactId: string,
  change: Partial<VerificationRecord>,
): VerificationRecord {
  const next = { ...currentVerification(ctx, tx, contactId), ...change }
  saveVerification(tx, contactId, next)
  ctx.changes.record(tx, { type: 'contact.updated', contactId })
  const connection = getConnectionOfContact(tx, contactId)
  if (connection) sendHeld(ctx, tx, connection)
  return next
}
