import { isAppError, toHex } from '#core/base'
import type { ParsedContact, RequestEnvelope } from '#core/agent'
import { recordRepeat, recordRequest, requestInfo, requestMessage, shownProfile } from '#core/chat'
import { ContractFailure } from '#core/contract'
import type { Result } from '#core/contract'
import { relayKey } from '#core/protocol'
import type { ConnectionRecord } from '#core/store'
import type { AppContext } from './app-context.ts'
import { type IncognitoChoice, nameIsUsed, stillShows } from './incognito-choice.ts'
import { refuseKnown, standing, targetOf } from './link-check.ts'
import { relayName } from './link-readers.ts'
import { atRelay, committed, type Made, relayForNew } from './new-queue-relay.ts'
import type { Remember } from './once.ts'
import { waitingCall } from './waiting-call.ts'

/** `connection.connect` at somebody's address: asks, or with `again` asks once more. chat.md 4.4, requester side */

/** What `connection.connect` was asked for, checked. */
export interface Wish extends IncognitoChoice {
  /** Who asks, and the name shown instead, if any. */
  profileId: string
  incognitoName: string | null
  message: string | null
  name?: string
  again?: boolean
}

export async function requestAt(
  app: AppContext,
  link: ParsedContact,
  wish: Wish,
  signal: AbortSignal,
  remember: Remember,
): Promise<Result<'connection.connect'>> {
  const { server, senderId } = targetOf(link)
  return app.links.run(`${relayKey(server)} ${toHex(senderId)}`, async () => {
    const found = app.store.read((db) => standing(db, app.agent, link, wish.profileId))
    const again = wish.again === true && found.status === 'requested'
    if (again && found.connection) return repeat(app, link, found.connection, wish, signal, remember)
    refuseKnown(found)
    return ask(app, link, wish, signal, remember)
  })
}

async function ask(
  app: AppContext,
  link: ParsedContact,
  wish: Wish,
  signal: AbortSignal,
  remember: Remember,
): Promise<Result<'connection.connect'>> {
  const { message, name, profileId, incognitoName } = wish
  const { server } = targetOf(link)
  const profile = app.store.read((db) => shownProfile(db, wish))
  const relay = relayForNew(app, undefined, server)
  const made: Made<Result<'connection.connect'>> = {}
  // An attempt that got no answer may have arrived: another name must not go on with its keys.
  const identity = `${profileId} ${incognitoName ?? ''}`
  const sent: { seed?: Uint8Array } = {}
  const connInfo = (envelope: RequestEnvelope): Uint8Array => {
    sent.seed = envelope.seed
    return requestInfo(profile, message, envelope)
  }
  const asking = waitingCall(app.clock, signal, (call) =>
    app.agent.requestContact(link, { connInfo, relay, identity, signal: call.signal }, (tx, { connId }) => {
      call.commit()
      nameIsUsed(app, tx, wish)
      const who = { profileId, incognitoName, name: name ?? null }
      const request = { ...who, connId, relay: relayName(server), message }
      const { connectionId } = recordRequest(app.chat, tx, { ...request, seed: sent.seed! })
      made.result = { connectionId, contactId: null }
      remember(tx, made.result, connectionId)
    }),
  )
  await atRelay(server, fitting(asking))
  return committed(made)
}

/** The same request again, with the message that went with it unless there is another. */
async function repeat(
  app: AppContext,
  link: ParsedContact,
  connection: ConnectionRecord,
  wish: Wish,
  signal: AbortSignal,
  remember: Remember,
): Promise<Result<'connection.connect'>> {
  const { server } = targetOf(link)
  const { connectionId } = connection
  // Under the profile of the first time, whatever is in use now; and never under the real one where that was not shown.
  stillShows(connection, wish)
  const profile = app.store.read((db) => shownProfile(db, connection))
  const message = wish.message ?? app.store.read((db) => requestMessage(db, connection))?.text ?? null
  const asking = waitingCall(app.clock, signal, async (call) => {
    const connInfo = (envelope: RequestEnvelope): Uint8Array => requestInfo(profile, message, envelope)
    await app.agent.repeatRequest(connection.connId, { connInfo, signal: call.signal })
    app.store.write((tx) => {
      call.commit()
      recordRepeat(app.chat, tx, connectionId, message)
      remember(tx, { connectionId, contactId: null }, connectionId)
    })
  })
  await atRelay(server, fitting(asking))
  return { connectionId, contactId: null }
}

/** What does not fit is the message; a picture was left out before. */
async function fitting<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!isAppError(error, 'agent.too-large')) throw error
    throw new ContractFailure('TOO_LARGE', 'This is too long to go with a request. Shorten it.', {
      path: 'message',
      limit: Number(error.facts['limit']),
      size: Number(error.facts['size']),
    })
  }
}
