import {
  arrange,
  clearVerification,
  type ShownCode,
  showCode,
  updateVerification,
  verifyCode,
} from '#core/chat'
import type { SecurityCode } from '#core/contract'
import { securityWords } from '#core/crypto'
import type { MethodTable } from '../app-context.ts'
import { iso } from '../views.ts'
import { viewOf } from './conversation.ts'

export const verificationMethods: MethodTable<'contact.update' | 'contact.securityCode' | 'contact.verify'> =
  {
    'contact.update': (app, { contactId, muted, pinned, holdUntilVerified, dismiss }) => {
      app.store.write((tx) => {
        arrange(app.chat, tx, contactId, {
          ...(muted !== undefined && { muted }),
          ...(pinned !== undefined && { pinned }),
        })
        if (holdUntilVerified === undefined && dismiss === undefined) return
        updateVerification(app.chat, tx, contactId, {
          ...(holdUntilVerified !== undefined && { hold: holdUntilVerified }),
          ...(dismiss !== undefined && { dismiss }),
        })
      })
      return viewOf(app, contactId)
    },
    'contact.securityCode': (app, { contactId }) =>
      securityCodeView(app.store.write((tx) => showCode(app.chat, tx, contactId))),
    'contact.verify': (app, { contactId, code, how }) => {
      if (code === null) {
        app.store.write((tx) => clearVerification(app.chat, tx, contactId))
        return { matches: false, verifiedAt: null, reason: null }
      }
      // Who does not say how it was compared gets the weakest claim.
      const given = { code, how: how ?? 'hand' }
      const { mismatch, verification } = app.store.write((tx) => verifyCode(app.chat, tx, contactId, given))
      const { verified } = verification
      return { matches: mismatch === null, verifiedAt: verified && iso(verified.at), reason: mismatch }
    },
  }

function securityCodeView({ code, verification }: ShownCode): SecurityCode {
  const { verified, changedAt } = verification
  const state = verified ? 'verified' : changedAt === null ? 'unverified' : 'changed'
  return {
    code: code ?? '',
    qr: code ?? '',
    verifiedAt: verified && iso(verified.at),
    state: code === null ? 'unavailable' : state,
    words: code === null ? [] : securityWords(code),
  }
}
