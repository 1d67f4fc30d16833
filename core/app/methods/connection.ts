import { AppError } from '#core/base'
import {
  deleteConnection,
  linkDataOf,
  markShared,
  recordInvitation,
  renameConnection,
  requireConnection,
  requireProfile,
  shownProfile,
} from '#core/chat'
import type { Connection, Params, Result } from '#core/contract'
import { getConnection, listPendingConnections } from '#core/store'
import type { AppContext, MethodTable } from '../app-context.ts'
import { toFailure } from '../failures.ts'
import { setIncognito, setProfile } from '../appearing.ts'
import { connectBy } from '../connecting.ts'
import { chosenName, nameIsUsed } from '../incognito-choice.ts'
import { planLink } from '../link-plan.ts'
import { relayName } from '../link-readers.ts'
import { atRelay, committed, type Made, relayForNew } from '../new-queue-relay.ts'
import type { Remember } from '../once.ts'
import { listOwner } from '../profile-views.ts'
import { connectionView, incognitoView } from '../views.ts'
import { waitingCall } from '../waiting-call.ts'

export const connectionMethods: MethodTable<
  | 'invitation.create'
  | 'connection.plan'
  | 'connection.connect'
  | 'connection.list'
  | 'connection.get'
  | 'connection.setName'
  | 'connection.markShared'
  | 'connection.setIncognito'
  | 'connection.setProfile'
  | 'connection.delete'
> = {
  'invitation.create': (app, params, signal) =>
    app.once.run('invitation.create', params.once, (remember) =>
      createInvitation(app, params, signal, remember),
    ),
  'connection.plan': planLink,
  'connection.connect': (app, params, signal) =>
    app.once.run('connection.connect', params.once, (remember) => connectBy(app, params, signal, remember)),
  'connection.list': (app, params) =>
    app.store.read((db) => {
      const owner = listOwner(db, params)
      return owner === null ? [] : listPendingConnections(db, owner).map(connectionView)
    }),
  'connection.get': (app, { connectionId }) => viewOf(app, connectionId),
  'connection.setName': (app, { connectionId, name }) => {
    app.store.write((tx) => renameConnection(app.chat, tx, connectionId, name))
    return viewOf(app, connectionId)
  },
  'connection.markShared': (app, { connectionId }) => {
    app.store.write((tx) => markShared(app.chat, tx, connectionId))
    return viewOf(app, connectionId)
  },
  'connection.setIncognito': async (app, params, signal) => {
    await setIncognito(app, params, signal)
    return viewOf(app, params.connectionId)
  },
  'connection.setProfile': async (app, params, signal) => {
    await setProfile(app, params, signal)
    return viewOf(app, params.connectionId)
  },
  'connection.delete': (app, { connectionId }) =>
    app.store.write((tx) => {
      const { contactId } = requireConnection(tx, connectionId)
      try {
        return deleteConnection(app.chat, tx, connectionId)
      } catch (error) {
        throw toFailure(error, { connectionId, ...(contactId !== null && { contactId }) })
      }
    }),
}

function viewOf(app: AppContext, connectionId: string): Connection {
  const connection = app.store.read((db) => getConnection(db, connectionId))
  if (!connection) throw toFailure(new AppError('chat.not-found', 'no such connection'))
  return connectionView(connection)
}

async function createInvitation(
  app: AppContext,
  params: Params<'invitation.create'>,
  signal: AbortSignal,
  remember: Remember,
): Promise<Result<'invitation.create'>> {
  const { profileId } = app.store.read((db) => requireProfile(db, params.profileId))
  const incognitoName = chosenName(app, params)
  const userData = app.store.read((db) => linkDataOf(shownProfile(db, { profileId, incognitoName }), null))
  const relay = relayForNew(app, params.relay)
  const made: Made<Result<'invitation.create'>> = {}
  const making = waitingCall(app.clock, signal, (call) =>
    app.agent.createInvitation({ relay, userData, signal: call.signal }, (tx, linked) => {
      call.commit()
      nameIsUsed(app, tx, params)
      const { connId, link: fullLink } = linked
      const link = linked.shortLink ?? fullLink
      const who = { profileId, incognitoName, name: params.name ?? null }
      const invitation = { ...who, connId, link, fullLink, relay: relayName(relay) }
      const { connectionId } = recordInvitation(app.chat, tx, invitation)
      made.result = { connectionId, link, fullLink, incognitoProfile: incognitoView({ incognitoName }) }
      remember(tx, made.result, connectionId)
    }),
  )
  await atRelay(relay, making)
  return committed(made)
}
