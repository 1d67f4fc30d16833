import { KeyedLock, toHex } from '#core/base'
import { serverBytes } from './addresses.ts'
import {
  acceptInvitation,
  createAddress,
  deleteAddress,
  dropRequest,
  findInvitation,
} from './contact-address.ts'
import type { Context } from './context.ts'
import { createInvitation } from './invitation.ts'
import { joinInvitation } from './joining.ts'
import { repeatRequest, requestContact } from './requesting.ts'
import { resolveLink, shortLinkKey } from './resolving.ts'
import type { Agent } from './types.ts'
import type { QueueAddress } from './wire/index.ts'

type Calls =
  | 'createInvitation'
  | 'resolveLink'
  | 'join'
  | 'createAddress'
  | 'deleteAddress'
  | 'requestContact'
  | 'repeatRequest'
  | 'acceptRequest'
  | 'dropRequest'

/** Everything by which connections begin. Calls about the same queue of somebody's run one after another. */
export function beginnings(ctx: Context): Pick<Agent, Calls> {
  const claims = new KeyedLock()
  return {
    createInvitation: (options, commit) => createInvitation(ctx, options, commit),
    resolveLink(link, options) {
      return claims.run(`link ${shortLinkKey(link)}`, () => resolveLink(ctx, link, options))
    },
    join(link, options, commit) {
      return claims.run(queueKey(link.queues[0]), () => joinInvitation(ctx, link, options, commit))
    },
    createAddress: (options, commit) => createAddress(ctx, options, commit),
    deleteAddress: (tx, connId) => deleteAddress(ctx, tx, connId),
    requestContact(link, options, commit) {
      return claims.run(queueKey(link.queues[0]), () => requestContact(ctx, link, options, commit))
    },
    repeatRequest: (connId, options) => repeatRequest(ctx, connId, options),
    acceptRequest(requestKey, options, commit) {
      return claims.run(`request ${requestKey}`, async () => {
        const found = findInvitation(ctx, requestKey)
        if ('connId' in found) return found
        const { link } = found
        return claims.run(queueKey(link.queues[0]), () =>
          acceptInvitation(ctx, requestKey, link, options, commit),
        )
      })
    },
    dropRequest,
  }
}

function queueKey({ server, senderId }: QueueAddress): string {
  return toHex(serverBytes(server)) + toHex(senderId)
}
