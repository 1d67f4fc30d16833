import { findLinkClaimsOfQueue, useLinkClaim, type WriteTx } from '#core/store'
import { isRelay, serverAddress } from './addresses.ts'
import type { ConnId } from './types.ts'

/** What short links to this queue were opened with belongs to the connection from now on, however their relay was written. */
export function useLinkClaims(tx: WriteTx, server: Uint8Array, sndId: Uint8Array, connId: ConnId): void {
  const relay = serverAddress(server)
  for (const claim of findLinkClaimsOfQueue(tx, sndId)) {
    if (isRelay(claim.server, relay)) useLinkClaim(tx, claim, connId)
  }
}
