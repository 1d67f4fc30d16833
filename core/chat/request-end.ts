import { type RequestRecord, type WriteTx, getAddress, removeRequest, saveAddress } from '#core/store'
import type { ChatContext } from './context.ts'

/** The row goes, and its address counts how. */
export function endRequest(
  ctx: ChatContext,
  tx: WriteTx,
  request: RequestRecord,
  why: 'accepted' | 'rejected' | 'gone',
): void {
  const { requestId, rowId, addressId } = request
  removeRequest(tx, requestId)
  const address = addressId === null ? null : getAddress(tx, addressId)
  if (address) {
    saveAddress(tx, {
      ...address,
      accepted: address.accepted + (why === 'accepted' ? 1 : 0),
      rejected: address.rejected + (why === 'accepted' ? 0 : 1),
    })
    ctx.changes.record(tx, { type: 'address.updated', addressId: address.addressId })
  }
  ctx.changes.record(tx, { type: 'request.removed', requestId, rowId, why })
}
