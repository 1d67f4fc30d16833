import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, Emitter, isAppError, KeyedLock, type Log, type Random } from '#core/base'
import { type Agent, createAgent } from '#core/agent'
import {
  Changes,
  type ChatContext,
  checkCodes,
  createHandler,
  dropBatchLinks,
  publishAddresses,
  tellEverybody,
} from '#core/chat'
import { canStandInWebLink, createRelayPool, type RelayPool } from '#core/client'
import { ContractFailure, isMethod, parseParams } from '#core/contract'
import type { App, ContractEvent, Events, MethodName } from '#core/contract'
import { cryptoReady, cryptoSelfTest } from '#core/crypto'
import { formatRelayAddress, type RelayAddress } from '#core/protocol'
import {
  countProfileUpdates,
  countWaitingForRelay,
  listOwnProfiles,
  migrations,
  openStore,
  type Store,
  type WriteTx,
  StoreError,
} from '#core/store'
import { Acceptances } from './acceptances.ts'
import { AddressTimes } from './address-times.ts'
import type { AppContext } from './app-context.ts'
import { EmbeddedRelay } from './embedded-relay.ts'
import { storedFailure, toFailure } from './failures.ts'
import { HeldLink } from './held-link.ts'
import { InvitationTimes } from './invitation-times.ts'
import { linkReaders, relayIn } from './link-readers.ts'
import { methods } from './methods/index.ts'
import { networkView, tellLinks } from './methods/network.ts'
import { ownProfile } from './methods/profile.ts'
import { NetworkWatch } from './network-watch.ts'
import { ownRelayNow, relaysInUse } from './new-queue-relay.ts'
import { OnceCalls } from './once.ts'
import { OpenedLinks } from './opened-links.ts'
import { Openings } from './openings.ts'
import { eventsOf, StrangerLimit } from './publish.ts'
import { ProfileWatch } from './profile-views.ts'
import { QueuedLinks } from './queued-links.ts'
import { applyFlags, getChoice, pageOf, pickRelay } from './relay-directory.ts'
import { type LookForPage, RelayPages } from './relay-pages.ts'
import { Suggestions } from './suggestions.ts'

export interface CoreDeps {
  /** Everything of one installation; it exists and is ours alone (the program holds its lock). */
  readonly dataDir: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Addresses from the command line. */
  readonly relays: readonly string[]
  /** How the web page of a relay is looked for; the usual way unless told otherwise. */
  readonly lookForPage?: LookForPage
  readonly version: string
  /** What the data folder is like while this core runs. */
  readonly state: () => App['state']
  readonly onStoreFault: (error: StoreError) => void
}

export interface Core {
  /** Rejects with `ContractFailure`. The call takes effect in the order of calling; its answer may come later. */
  call(method: string, params: unknown, signal: AbortSignal): Promise<unknown>
  /** In the order of commits. */
  onEvent(listener: (event: ContractEvent) => void): () => void
  readonly ready: Events['app.ready']
  stop(): Promise<void>
}

/** Opens the store, starts the embedded relay and the agent, and answers calls. Rejects where the folder cannot be used. */
export async function createCore(deps: CoreDeps): Promise<Core> {
  const { clock, log, dataDir } = deps
  const flags = deps.relays.map(requireFlag)
  await cryptoReady()
  // A runtime whose primitives are wrong (another TLS library, a broken build) must not touch a ratchet.
  cryptoSelfTest()
  const path = join(dataDir, 'duplex.db')
  requireWhole(path, dataDir)
  const { onStoreFault: onFault } = deps
  const store = openStore(path, { log: log.child('store'), clock, migrations, onFault })
  try {
    return await startOn(store, flags, deps)
  } catch (error) {
    store.close() // another start in this process finds it free
    throw error
  }
}

async function startOn(store: Store, flags: readonly RelayAddress[], deps: CoreDeps): Promise<Core> {
  const { clock, random, log, dataDir, version } = deps
  store.write((tx) => applyFlags(tx, flags, clock.now()))
  const events = new Emitter<ContractEvent>((error) =>
    log.error('event.listener-failed', { name: error instanceof Error ? error.name : 'unknown' }),
  )
  const emit = (event: ContractEvent): void => events.emit(event)

  const pool = createRelayPool({
    ...{ clock, random, log: log.child('client') },
    dialAt: (address) => embedded.dialAt(address),
  })
  const watch = new NetworkWatch(
    clock,
    () => store.read(countWaitingForRelay),
    (relays) => store.read((db) => agent.neededRelays(db, relays)),
    () => emit({ event: 'network.status', data: networkView(app) }),
  )
  const embedded = new EmbeddedRelay({ dataDir, store, clock, random, log })
  const strangers = new StrangerLimit()
  const profiles = store.read((db) => new ProfileWatch(db))
  const changes = new Changes((list) => {
    const present = { embedded: embedded.address, now: clock.now(), strangers }
    const happened = store.read((db) => [...eventsOf(db, list, present), ...profiles.eventsOf(db, list)])
    for (const event of happened) emit(event)
    watch.check()
  })
  const { chat, agent } = wireChat(deps, { store, relays: pool, embedded, changes }, (requestId) => {
    void acceptances.attempt(requestId)
  })
  const acceptances = new Acceptances({
    ...{ store, clock, agent, chat, log: log.child('app') },
    relayForNew: () => pickRelay(relaysInUse({ store, embedded, random }), random),
  })
  const queued: QueuedLinks = new QueuedLinks(() => app, log.child('app'))
  const invitationTimes = new InvitationTimes(store, chat, clock)
  const openings = new Openings({
    ...{ store, chat, agent, clock, log: log.child('app') },
    opened: () => invitationTimes.check(),
  })
  const app: AppContext = {
    ...{ version, dataDir, state: deps.state, clock, random, log, store, pool },
    ...{ agent, chat, embedded, watch, emit, acceptances },
    once: new OnceCalls(store, clock),
    relayPages: new RelayPages(store, clock, deps.lookForPage),
    links: new KeyedLock(),
    opened: new OpenedLinks(clock),
    queued,
    invitationTimes,
    openings,
    addresses: new KeyedLock(),
    suggestions: new Suggestions(random),
    heldLink: new HeldLink(),
    addressTimes: new AddressTimes(store, chat, clock),
  }
  followRelays(app)
  async function start(): Promise<void> {
    await embedded.start(store.read(getChoice) === 'embedded')
    agent.start()
    store.write((tx) => goOn(chat, tx))
    acceptances.start()
    queued.start()
    app.addressTimes.check()
    app.invitationTimes.check()
  }
  async function stop(): Promise<void> {
    app.addressTimes.stop()
    app.invitationTimes.stop()
    app.openings.stop()
    watch.stop()
    await app.relayPages.stop()
    await acceptances.stop()
    await queued.stop()
    await agent.stop()
    await pool.close()
    await embedded.stop()
    store.close()
  }
  try {
    await start()
  } catch (error) {
    await stop().catch(() => undefined)
    throw error
  }
  return {
    call: (method, params, signal) => call(app, method, params, signal),
    onEvent: (listener) => events.on(listener),
    ready: { version, profile: store.read(ownProfile), state: deps.state() },
    stop,
  }
}

/** What the chat room has left to do since the last stop. */
function goOn(chat: ChatContext, tx: WriteTx): void {
  tellEverybody(chat, tx)
  checkCodes(chat, tx)
  publishAddresses(chat, tx)
  dropBatchLinks(chat, tx)
}

/** The relay's queues are made by a core with a database: where only they are left, the database was lost. */
function requireWhole(path: string, dataDir: string): void {
  if (existsSync(path) || !existsSync(join(dataDir, 'relay', 'relay.db'))) return
  throw new StoreError('store.missing', 'the database is gone, what belongs to it is there', {
    left: 'relay',
  })
}

/** The relay of this computer came up late, or could not: whoever waits for it finds it at once. */
function tellEmbedded(app: AppContext): void {
  app.pool.retryNow()
  tellLinks(app)
  app.emit({ event: 'network.status', data: networkView(app) })
}

/** Tells what becomes of relays, and goes on with what waited for one that is back. */
function followRelays(app: AppContext): void {
  app.embedded.onChange = () => tellEmbedded(app)
  app.watch.follow(app.pool, (address, { state, error }) => {
    if (state === 'online') {
      app.acceptances.hurry()
      app.queued.hurry()
      retellFailed(app)
    }
    app.emit({
      event: 'relay.status',
      data: {
        address: formatRelayAddress(address, { password: false }),
        state: state === 'idle' ? 'offline' : state,
        error: error === null ? null : storedFailure(error).code,
      },
    })
  })
}

/** Profile updates that did not get through are sent again when a relay is back. */
function retellFailed({ store, chat }: AppContext): void {
  const anyFailed = store.read((db) =>
    listOwnProfiles(db).some((profile) => countProfileUpdates(db, profile).failed > 0),
  )
  if (anyFailed) store.write((tx) => tellEverybody(chat, tx))
}

interface Parts {
  readonly store: Store
  readonly relays: RelayPool
  readonly embedded: EmbeddedRelay
  readonly changes: Changes
}

/** Agent and chat know each other: the agent reports to the handler, the handler sends through the agent. */
function wireChat(
  { clock, random, log }: CoreDeps,
  { store, relays, embedded, changes }: Parts,
  acceptSoon: (requestId: string) => void,
): { chat: ChatContext; agent: Agent } {
  const later: { agent?: Agent } = {}
  const chat: ChatContext = {
    ...{ store, clock, random, changes, log: log.child('chat'), links: linkReaders, acceptSoon },
    get agent() {
      if (!later.agent) throw new Error('the agent is not there yet')
      return later.agent
    },
  }
  const agent = createAgent({
    store,
    relays,
    clock,
    random,
    log: log.child('agent'),
    handler: createHandler(chat),
    ownRelay: (db, relay, refused) => ownRelayNow(db, { embedded, random }, relay, refused),
    hasPage: (db, relay) => canStandInWebLink(relay) && pageOf(db, relay) === true,
  })
  later.agent = agent
  return { chat, agent }
}

/** Throws `ContractFailure`. */
export function requireFlag(text: string): RelayAddress {
  const relay = relayIn(text)
  if (relay) return relay
  throw new ContractFailure(
    'INVALID_PARAMS',
    'A --relay is not an address of the form smp://fingerprint@host.',
  )
}

async function call(app: AppContext, method: string, params: unknown, signal: AbortSignal): Promise<unknown> {
  try {
    if (!isMethod(method)) {
      throw new ContractFailure('UNKNOWN_METHOD', 'This version of Duplex has no such method.')
    }
    return await run(app, method, params, signal)
  } catch (error) {
    const failure = toFailure(error)
    if (failure.code === 'INTERNAL' || failure.code === 'STORE') {
      const cause = failure.cause
      app.log.error('call.failed', {
        method: isMethod(method) ? method : '',
        code: isAppError(cause) ? cause.code : cause instanceof Error ? cause.name : 'unknown',
      })
    }
    throw failure
  }
}

function run<M extends MethodName>(
  app: AppContext,
  method: M,
  params: unknown,
  signal: AbortSignal,
): unknown {
  return methods[method](app, parseParams(method, params), signal)
}
