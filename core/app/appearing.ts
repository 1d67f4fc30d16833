import { isAppError } from '#core/base'
import { readConnectionLink } from '#core/agent'
import {
  appearAs,
  linkDataOf,
  moveToProfile,
  queueAs,
  requireProfile,
  requireWaiting,
  shownProfile,
} from '#core/chat'
import type { Params } from '#core/contract'
import type { RelayAddress } from '#core/protocol'
import type { ConnectionRecord, WriteTx } from '#core/store'
import type { AppContext } from './app-context.ts'
import { toFailure } from './failures.ts'
import { chosenName, type IncognitoChoice, nameIsUsed } from './incognito-choice.ts'
import { queuedAs, rowKey } from './queued-links.ts'
import { relayName } from './link-readers.ts'
import { atRelay, relayForNew } from './new-queue-relay.ts'
import { withStoredPassword } from './relay-directory.ts'
import { waitingCall } from './waiting-call.ts'

/** `connection.setIncognito` and `connection.setProfile`: who a link shows, changed before anybody has used it. chat.md 5.5 */

/**
 * The same link. Where it is a short one, what lies behind it has to change at the relay first, which refuses that once
 * somebody has read it: then everything stays as that person saw it.
 */
export async function setIncognito(
  app: AppContext,
  { connectionId, ...choice }: Params<'connection.setIncognito'>,
  signal: AbortSignal,
): Promise<void> {
  await inTurn(app, connectionId, async () => {
    const connection = waiting(app, connectionId)
    const stays = choice.incognito && choice.incognitoId === undefined && connection.incognitoName !== null
    const incognitoName = stays ? connection.incognitoName : chosenName(app, choice)
    if (incognitoName === connection.incognitoName) return
    if (connection.queued !== null) return useAs(app, connection, { incognitoName }, choice)
    await waitingCall(app.clock, signal, async (call) => {
      const revision = app.store.read((db) => requireProfile(db, connection.profileId)).revision
      if (isShort(connection)) await publish(app, { ...connection, incognitoName }, call.signal)
      app.store.write((tx) => {
        call.commit()
        nameIsUsed(app, tx, choice)
        appearAs(app.chat, tx, connectionId, incognitoName)
        // The profile changed meanwhile: the relay was, or is to be, told of that by what the row said then.
        if (requireProfile(tx, connection.profileId).revision !== revision) tellAgain(app, tx, connectionId)
      })
    }).catch((error: unknown) => {
      if (isShort(connection) && !isAppError(error, 'agent.link-claimed')) restore(app, connectionId)
      throw toFailure(error, { connectionId })
    })
  })
}

/** Another link, at the same relay, and the old one works no more. */
export async function setProfile(
  app: AppContext,
  { connectionId, profileId }: Params<'connection.setProfile'>,
  signal: AbortSignal,
): Promise<void> {
  await inTurn(app, connectionId, async () => {
    const connection = waiting(app, connectionId)
    app.store.read((db) => requireProfile(db, profileId))
    if (connection.profileId === profileId) return
    if (connection.queued !== null) return useAs(app, connection, { profileId, incognitoName: null }, {})
    const relay = relayOf(app, connection) ?? relayForNew(app, undefined)
    const userData = app.store.read((db) =>
      linkDataOf(shownProfile(db, { profileId, incognitoName: null }), null),
    )
    const making = waitingCall(app.clock, signal, (call) =>
      app.agent.createInvitation({ relay, userData, signal: call.signal }, (tx, linked) => {
        call.commit()
        const { connId, link: fullLink } = linked
        const link = linked.shortLink ?? fullLink
        moveToProfile(app.chat, tx, connectionId, {
          profileId,
          connId,
          link,
          fullLink,
          relay: relayName(relay),
        })
      }),
    )
    await atRelay(relay, making)
  })
}

/** A link that waits for its relay: nobody has been shown anything yet. */
function useAs(
  app: AppContext,
  { connectionId, profileId, queued }: ConnectionRecord,
  change: { profileId?: string; incognitoName: string | null },
  choice: IncognitoChoice,
): void {
  const who = { profileId, ...change }
  app.store.write((tx) => {
    nameIsUsed(app, tx, choice)
    queueAs(app.chat, tx, connectionId, { ...who, queued: queued && queuedAs(queued, who) })
  })
}

/** One change of a link, or attempt to use it, at a time. */
function inTurn(app: AppContext, connectionId: string, work: () => Promise<void>): Promise<void> {
  return app.links.run(rowKey(connectionId), work)
}

function waiting(app: AppContext, connectionId: string): ConnectionRecord {
  try {
    return app.store.write((tx) => requireWaiting(tx, connectionId))
  } catch (error) {
    throw toFailure(error, { connectionId })
  }
}

function isShort({ link }: ConnectionRecord): boolean {
  return link !== null && readConnectionLink(link).form === 'short'
}

function publish(app: AppContext, connection: ConnectionRecord, signal: AbortSignal): Promise<void> {
  const shown = app.store.read((db) => shownProfile(db, connection))
  return app.agent.setLinkData(connection.connId, linkDataOf(shown, null), { signal })
}

/** The relay may have taken what was not agreed to in time: it is told again what the row says. */
function restore(app: AppContext, connectionId: string): void {
  try {
    app.store.write((tx) => tellAgain(app, tx, connectionId))
  } catch (error) {
    // Used or deleted meanwhile: there is nobody left who would read it.
    if (!isAppError(error)) throw error
  }
}

function tellAgain(app: AppContext, tx: WriteTx, connectionId: string): void {
  const connection = requireWaiting(tx, connectionId)
  app.agent.updateLinkData(tx, connection.connId, linkDataOf(shownProfile(tx, connection), null))
}

function relayOf(app: AppContext, { connId }: ConnectionRecord): RelayAddress | null {
  return app.store.read((db) => {
    const relay = app.agent.connectionInfo(db, connId)?.ownRelay
    return relay ? withStoredPassword(db, relay) : null
  })
}
