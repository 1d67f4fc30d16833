import { isAppError } from '#core/base'
import type { ParsedContact, RequestEnvelope } from '#core/agent'
import { isWelcome, recordRepeat, recordRequest, requestInfo, requestMessage, shownProfile } from '#core/chat'
import { ContractFailure } from '#core/contract'
import type { Result } from '#core/contract'
import type { ConnectionRecord } from '#core/store'
import type { AppContext } from './app-context.ts'
import type { Wish } from './connecting.ts'
import { nameIsUsed, stillShows } from './incognito-choice.ts'
import { targetOf } from './link-check.ts'
import { relayName } from './link-readers.ts'
import { atOwnRelays, atRelay, committed, type Made } from './new-queue-relay.ts'
import type { Remember } from './once.ts'
import type { OpenedLink } from './opened-links.ts'
import { waitingCall } from './waiting-call.ts'

/** `connection.connect` at somebody's address: asks, or with `again` asks once more. chat.md 4.4, requester side */

interface Asking {
  wish: Wish
  /** The request that is out already. */
  again: ConnectionRecord | null
  /** Of the call's patience, ms. */
  spent: number
}

type OpenedAddress = OpenedLink & { link: ParsedContact }

export function requestAt(
  app: AppContext,
  opened: OpenedAddress,
  asking: Asking,
  signal: AbortSignal,
  remember: Remember,
): Promise<Result<'connection.connect'>> {
  const { again } = asking
  return again
    ? repeat(app, opened, again, asking, signal, remember)
    : ask(app, opened, asking, signal, remember)
}

async function ask(
  app: AppContext,
  { link, shown }: OpenedAddress,
  { wish, spent }: Asking,
  signal: AbortSignal,
  remember: Remember,
): Promise<Result<'connection.connect'>> {
  const { message, name, profileId, incognitoName, connectionId: waiting } = wish
  const { server } = targetOf(link)
  const profile = app.store.read((db) => shownProfile(db, wish))
  const made: Made<Result<'connection.connect'>> = {}
  // An attempt that got no answer may have arrived: another name must not go on with its keys.
  const identity = `${profileId} ${incognitoName ?? ''}`
  const sent: { seed?: Uint8Array } = {}
  const connInfo = (envelope: RequestEnvelope): Uint8Array => {
    sent.seed = envelope.seed
    return requestInfo(profile, message, envelope, isWelcome(shown))
  }
  const asking = waitingCall(
    app.clock,
    signal,
    (call) =>
      atOwnRelays(app, server, (relay) => {
        const options = { connInfo, relay, identity, signal: call.signal }
        return app.agent.requestContact(link, options, (tx, { connId }) => {
          call.commit()
          nameIsUsed(app, tx, wish)
          const who = { profileId, incognitoName, name: name ?? null }
          const request = { ...who, connId, relay: relayName(server), message, shown, seed: sent.seed! }
          const { connectionId, contactId } = recordRequest(app.chat, tx, {
            ...request,
            ...(waiting !== undefined && { connectionId: waiting }),
          })
          made.result = { connectionId, contactId }
          remember(tx, made.result, connectionId)
        })
      }),
    spent,
  )
  await atRelay(server, fitting(asking))
  return committed(made)
}

/** The same request again, with the message that went with it unless there is another. */
async function repeat(
  app: AppContext,
  { link }: OpenedAddress,
  connection: ConnectionRecord,
  { wish, spent }: Asking,
  signal: AbortSignal,
  remember: Remember,
): Promise<Result<'connection.connect'>> {
  const { server } = targetOf(link)
  const { connectionId, contactId } = connection
  // Under the profile of the first time, whatever is in use now; and never under the real one where that was not shown.
  stillShows(connection, wish)
  const profile = app.store.read((db) => shownProfile(db, connection))
  const message = wish.message ?? app.store.read((db) => requestMessage(db, connection))?.text ?? null
  const asking = waitingCall(
    app.clock,
    signal,
    async (call) => {
      const welcomed = connection.welcomeId !== null
      const connInfo = (envelope: RequestEnvelope): Uint8Array =>
        requestInfo(profile, message, envelope, welcomed)
      await app.agent.repeatRequest(connection.connId, { connInfo, signal: call.signal })
      app.store.write((tx) => {
        call.commit()
        recordRepeat(app.chat, tx, connectionId, message)
        remember(tx, { connectionId, contactId }, connectionId)
      })
    },
    spent,
  )
  await atRelay(server, fitting(asking))
  return { connectionId, contactId }
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
