import {
  connectionsWithWork,
  countDeliveries,
  getAgentConnection,
  patchAgentConnection,
  pruneInvitations,
  pruneLinkClaims,
  pruneMessages,
  removeAgentConnection,
  staleClaims,
  type WriteTx,
} from '#core/store'
import { KeyedLock } from '#core/base'
import { beginnings } from './beginnings.ts'
import { CLAIM_KEPT, CLEAN_UP_EVERY, OPENED_LINK_KEPT, RETENTION } from './constants.ts'
import type { Context } from './context.ts'
import { QueueDeleter } from './deletions.ts'
import { AgentError } from './errors.ts'
import { dropOwnQueue, forgetConnection, resumeConnection } from './lifecycle.ts'
import { enqueue } from './outgoing.ts'
import {
  canSend,
  connectionInfo,
  findJoined,
  findOwnAddress,
  findOwnQueue,
  findRequested,
  neededRelays,
  queuesByRelay,
  relaysOfConnections,
  securityCodeOf,
} from './queries.ts'
import { findShort } from './resolving.ts'
import { linkOpened, setLinkData, updateLinkData } from './own-links.ts'
import { Receiver } from './receiver.ts'
import { startResync } from './resync.ts'
import type { Agent, AgentDeps, ConnId } from './types.ts'
import { MAX_MESSAGE_BODY } from './wire/index.ts'
import { Workers } from './workers.ts'

export function createAgent(deps: AgentDeps): Agent {
  const stopping = new AbortController()
  const ctx: Context = {
    ...deps,
    signal: stopping.signal,
    wake: (connId, options) => workers.wake(connId, options?.hurry ?? false),
    watch: (queue) => receiver.watch(queue),
    subscribe: (queue) => receiver.subscribe(queue),
    unwatch: (queue) => receiver.unwatch(queue),
    linkChanges: new KeyedLock(),
    deleteQueues: () => deleter.wake(),
  }
  const receiver = new Receiver(ctx)
  const workers = new Workers(ctx, receiver.acking)
  const deleter = new QueueDeleter(ctx)
  const { store, relays } = deps
  const stops: (() => void)[] = [
    relays.onStatus(({ address, status }) => {
      if (status.state !== 'online') return
      workers.relayIsBack(address)
      deleter.wake(true)
    }),
  ]

  function start(): void {
    cleanUp(ctx)
    stops.push(everyNowAndThen(ctx))
    receiver.start()
    for (const connId of store.read(connectionsWithWork)) workers.wake(connId, false)
    deleter.wake()
  }

  async function stop(): Promise<void> {
    stopping.abort(new AgentError('agent.stopped', 'the agent is stopping'))
    for (const end of stops) end()
    receiver.stop()
    deleter.stop()
    await workers.done()
  }

  return {
    start,
    stop,
    ...beginnings(ctx),
    send: (tx, connId, body, options) => send(ctx, tx, connId, body, options),
    canSend,
    deleteConnection: (tx, connId, options) => deleteConnection(ctx, tx, connId, options),
    connectionInfo: (db, connId) =>
      connectionInfo(db, connId, {
        waiting: workers.get(connId)?.waiting ?? null,
        isEnded: (queue) => receiver.isEnded(queue),
      }),
    pendingDeliveries: (db) => countDeliveries(db),
    findJoined,
    findOwnQueue,
    findOwnAddress,
    findRequested,
    updateLinkData: (tx, connId, userData) => updateLinkData(ctx, tx, connId, userData),
    setLinkData: (connId, userData, options) => setLinkData(ctx, connId, userData, options),
    linkOpened: (connId, options) => linkOpened(ctx, connId, options),
    findShort,
    queuesByRelay,
    relaysOfConnections,
    neededRelays,
    securityCode: securityCodeOf,
    resync: (tx, connId) => startResync(ctx, tx, connId),
    retry: (tx, connId, relay) => resumeConnection(ctx, tx, connId, relay),
    retryNow() {
      relays.retryNow()
      workers.retryNow()
      deleter.wake(true)
    },
  }
}

function everyNowAndThen(ctx: Context): () => void {
  let cancel = (): void => {}
  const schedule = (): void => {
    cancel = ctx.clock.after(CLEAN_UP_EVERY, () => {
      cleanUp(ctx)
      schedule()
    })
  }
  schedule()
  return () => cancel()
}

/** What nobody needs any more: old hashes, and claims that never got through. */
function cleanUp(ctx: Context): void {
  const { store, clock } = ctx
  store.write((tx) => {
    pruneMessages(tx, clock.now() - RETENTION)
    for (const connId of staleClaims(tx, clock.now() - CLAIM_KEPT)) forgetConnection(ctx, tx, connId)
    pruneInvitations(tx)
    pruneLinkClaims(tx, { addresses: clock.now() - CLAIM_KEPT, oneTime: clock.now() - OPENED_LINK_KEPT })
  })
}

function send(
  ctx: Context,
  tx: WriteTx,
  connId: ConnId,
  body: Uint8Array,
  { notification }: { notification: boolean },
): { msgId: number } {
  if (body.length > MAX_MESSAGE_BODY) {
    throw new AgentError('agent.too-large', 'does not fit one message', {
      size: body.length,
      limit: MAX_MESSAGE_BODY,
    })
  }
  if (!getAgentConnection(tx, connId)) throw new AgentError('agent.not-found', 'no such connection')
  if (!canSend(tx, connId)) throw new AgentError('agent.not-ready', 'the connection cannot send')
  return { msgId: enqueue(ctx, tx, connId, { type: 'A_MSG', body }, notification) }
}

/** agent.md 4.6: the own queue goes at once, the rest when what is queued is delivered, or at once. */
function deleteConnection(
  ctx: Context,
  tx: WriteTx,
  connId: ConnId,
  { waitDelivery }: { waitDelivery: boolean },
): void {
  dropOwnQueue(ctx, tx, connId)
  if (!waitDelivery || countDeliveries(tx, connId) === 0) return removeAgentConnection(tx, connId)
  patchAgentConnection(tx, connId, { deletedAt: ctx.clock.now(), sendReady: false })
  tx.afterCommit(() => ctx.wake(connId))
  return undefined
}
