import { AppError } from '#core/base'
import { deleteConnection, markShared, renameConnection, requireConnection, setExpiry } from '#core/chat'
import { ContractFailure } from '#core/contract'
import type { Connection, TimelineStep } from '#core/contract'
import { relayKey } from '#core/protocol'
import { getConnection, listPendingConnections, listSteps } from '#core/store'
import type { AppContext, MethodTable } from '../app-context.ts'
import { toFailure } from '../failures.ts'
import { setIncognito, setProfile } from '../appearing.ts'
import { connectBy } from '../connecting.ts'
import { asItIsNow, createInvitation, createInvitations, readTime } from '../invitations.ts'
import { planLink } from '../link-plan.ts'
import { relayForNew, relaysInUse } from '../new-queue-relay.ts'
import { listOwner } from '../profile-views.ts'
import { connectionView, iso } from '../views.ts'

/** Everything that it has is kept: the same keys go on. */
function retryConnection(app: AppContext, connectionId: string, wanted: string | undefined): void {
  const relay = wanted === undefined ? undefined : relayForNew(app, wanted)
  if (relay && !relaysInUse(app).some((one) => relayKey(one) === relayKey(relay))) {
    throw new ContractFailure(
      'NOT_READY',
      'New links are not made at this relay now. Switch it on in Settings, Network, then try again.',
      { path: 'relay' },
    )
  }
  const { connId, phase } = app.store.read((db) => requireConnection(db, connectionId))
  app.pool.retryNow()
  if (phase === 'queued') return app.queued.hurry()
  if (app.store.write((tx) => app.agent.retry(tx, connId, relay))) return
  throw new ContractFailure(
    'NOT_READY',
    'There is nothing here that could be tried again. Ask for a new link.',
  )
}

export const connectionMethods: MethodTable<
  | 'invitation.create'
  | 'invitation.createMany'
  | 'connection.setExpiry'
  | 'connection.plan'
  | 'connection.connect'
  | 'connection.list'
  | 'connection.get'
  | 'connection.setName'
  | 'connection.markShared'
  | 'connection.setIncognito'
  | 'connection.setProfile'
  | 'connection.retry'
  | 'connection.delete'
> = {
  'invitation.create': async (app, params, signal) => {
    const made = await app.once.run('invitation.create', params.once, (remember) =>
      createInvitation(app, params, signal, remember),
    )
    return asItIsNow(app, made)
  },
  'invitation.createMany': async (app, params, signal) => {
    const made = await app.once.run('invitation.createMany', params.once, (remember) =>
      createInvitations(app, params, signal, remember),
    )
    return made.map((one) => asItIsNow(app, one))
  },
  'connection.plan': planLink,
  'connection.connect': (app, params, signal) =>
    app.once.run('connection.connect', params.once, (remember) => connectBy(app, params, signal, remember)),
  'connection.list': (app, params) =>
    app.store.read((db) => {
      const owner = listOwner(db, params)
      const pending = owner === null ? [] : listPendingConnections(db, owner)
      return pending.map((one) => connectionView(db, one, app.embedded.address))
    }),
  'connection.get': async (app, { connectionId }) => {
    await app.openings.look(connectionId)
    return { ...viewOf(app, connectionId), timeline: timelineOf(app, connectionId) }
  },
  'connection.setExpiry': (app, { connectionId, expiresAt }) => {
    app.store.write((tx) => setExpiry(app.chat, tx, connectionId, readTime(expiresAt)))
    app.invitationTimes.check()
    return viewOf(app, connectionId)
  },
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
  'connection.retry': (app, { connectionId, relay }) => {
    retryConnection(app, connectionId, relay)
    return viewOf(app, connectionId)
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

function timelineOf(app: AppContext, connectionId: string): TimelineStep[] {
  const steps = app.store.read((db) => listSteps(db, connectionId))
  return steps.map(({ at, what }) => ({ at: iso(at), what }))
}

function viewOf(app: AppContext, connectionId: string): Connection {
  return app.store.read((db) => {
    const connection = getConnection(db, connectionId)
    if (!connection) throw toFailure(new AppError('chat.not-found', 'no such connection'))
    return connectionView(db, connection, app.embedded.address)
  })
}
