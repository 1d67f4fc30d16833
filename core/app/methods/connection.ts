import { AppError, toHex } from '#core/base'
import {
  checkText,
  deleteConnection,
  encodeInfo,
  markShared,
  recordInvitation,
  recordJoin,
  renameConnection,
  requireConnection,
  requireProfile,
  sendText,
  shownProfile,
} from '#core/chat'
import type { ParsedInvitation } from '#core/agent'
import type { Connection, Params, Result } from '#core/contract'
import { relayKey } from '#core/protocol'
import { getConnection, listPendingConnections } from '#core/store'
import type { AppContext, MethodTable } from '../app-context.ts'
import { toFailure } from '../failures.ts'
import { setIncognito, setProfile } from '../appearing.ts'
import { requestAt, type Wish } from '../asking.ts'
import { chosenName, nameIsUsed } from '../incognito-choice.ts'
import {
  checkLink,
  isAddressLink,
  planOf,
  refuseKnown,
  requireFull,
  standing,
  targetOf,
} from '../link-check.ts'
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
  'connection.plan': (app, { link, profileId: wanted }) => {
    const checked = checkLink(link)
    return app.store.read((db) => {
      const { profileId } = requireProfile(db, wanted)
      return planOf(db, app.agent, app.embedded.address, checked, profileId)
    })
  },
  'connection.connect': (app, params, signal) =>
    app.once.run('connection.connect', params.once, (remember) => connect(app, params, signal, remember)),
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
  const relay = relayForNew(app, params.relay)
  const made: Made<Result<'invitation.create'>> = {}
  const making = waitingCall(app.clock, signal, (call) =>
    app.agent.createInvitation({ relay, signal: call.signal }, (tx, { connId, link }) => {
      call.commit()
      nameIsUsed(app, tx, params)
      const who = { profileId, incognitoName, name: params.name ?? null }
      const invitation = { ...who, connId, link, relay: relayName(relay) }
      const { connectionId } = recordInvitation(app.chat, tx, invitation)
      made.result = { connectionId, link, fullLink: link, incognitoProfile: incognitoView({ incognitoName }) }
      remember(tx, made.result, connectionId)
    }),
  )
  await atRelay(relay, making)
  return committed(made)
}

async function connect(
  app: AppContext,
  params: Params<'connection.connect'>,
  signal: AbortSignal,
  remember: Remember,
): Promise<Result<'connection.connect'>> {
  const { profileId } = app.store.read((db) => requireProfile(db, params.profileId))
  const link = requireFull(checkLink(params.link))
  const message = params.message?.trim() ? params.message : null
  if (message !== null) checkText(message, NO_ID)
  const wish = { ...params, profileId, incognitoName: chosenName(app, params), message }
  return isAddressLink(link)
    ? requestAt(app, link, wish, signal, remember)
    : join(app, link, wish, signal, remember)
}

async function join(
  app: AppContext,
  link: ParsedInvitation,
  wish: Wish,
  signal: AbortSignal,
  remember: Remember,
): Promise<Result<'connection.connect'>> {
  const { message, name, profileId, incognitoName } = wish
  const connInfo = app.store.read((db) => encodeInfo(shownProfile(db, wish)))
  const { server, senderId } = targetOf(link)
  return app.links.run(`${relayKey(server)} ${toHex(senderId)}`, async () => {
    refuseKnown(app.store.read((db) => standing(db, app.agent, link, profileId)))
    const replyRelay = relayForNew(app, undefined, server)
    const made: Made<Result<'connection.connect'>> = {}
    const joining = waitingCall(app.clock, signal, (call) =>
      app.agent.join(link, { connInfo, replyRelay, signal: call.signal }, (tx, { connId }) => {
        call.commit()
        nameIsUsed(app, tx, wish)
        const who = { profileId, incognitoName, name: name ?? null }
        const { connectionId } = recordJoin(app.chat, tx, { ...who, connId, relay: relayName(server) })
        if (message !== null) sendText(app.chat, tx, { connectionId }, message)
        made.result = { connectionId, contactId: null }
        remember(tx, made.result, connectionId)
      }),
    )
    await atRelay(server, joining)
    return committed(made)
  })
}

const NO_ID = new Uint8Array(16)
