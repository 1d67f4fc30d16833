import { equalBytes } from '#core/base'
import { tellEverybody } from '#core/chat'
import { ContractFailure } from '#core/contract'
import type { Network, RelayEntry, RelayLine, RelayTest, SilentRelay } from '#core/contract'
import type { RelayTestResult } from '#core/client'
import { formatRelayAddress, reachOf, type RelayAddress, relayKey } from '#core/protocol'
import {
  type ReadDb,
  countWaitingForRelay,
  listAllAddresses,
  listOwnProfiles,
  listPendingConnections,
} from '#core/store'
import type { AppContext, MethodTable } from '../app-context.ts'
import { lastPlace } from '../embedded-relay.ts'
import { storedFailure } from '../failures.ts'
import { serverOf } from '../link-place.ts'
import { relayIn } from '../link-readers.ts'
import { operatorOf } from '../operators.ts'
import {
  addRelay,
  enableRelay,
  getChoice,
  hasChosen,
  listedRelay,
  listKnown,
  pageOf,
  removeRelay,
  type RelayChange,
  setChoice,
  unseenRelays,
  withStoredPassword,
} from '../relay-directory.ts'
import { iso } from '../views.ts'
import { tryWhatWaits } from '../new-queue-relay.ts'
import { waitingCall } from '../waiting-call.ts'

export const networkMethods: MethodTable<
  | 'relay.list'
  | 'relay.add'
  | 'relay.remove'
  | 'relay.test'
  | 'relay.setEnabled'
  | 'relay.parse'
  | 'network.get'
  | 'network.update'
  | 'network.retry'
> = {
  'relay.list': (app) => relayEntries(app),
  'relay.add': (app, { address, once }) => {
    const relay = requireRelay(address)
    return app.once.run('relay.add', once, (remember) =>
      app.store.write((tx) => {
        if (addRelay(tx, relay, app.clock) === 'exists') {
          throw new ContractFailure(
            'ALREADY_EXISTS',
            'This relay is in your list already.',
            { path: 'address' },
            { reason: 'relay-listed' },
          )
        }
        remember(tx, {}, null)
        tx.afterCommit(() => {
          app.relayPages.lookSoon([listed(app, relay)])
          tryWhatWaits(app)
        })
        app.addressTimes.tellAll()
        return {}
      }),
    )
  },
  'relay.remove': (app, { address }) => {
    const relay = requireRelay(address)
    done(app.store.write((tx) => removeRelay(tx, relay, app.embedded.address, app.clock)))
    tryWhatWaits(app)
    app.addressTimes.tellAll()
    return {}
  },
  'relay.setEnabled': (app, { address, enabled }) => {
    const relay = requireRelay(address)
    done(app.store.write((tx) => enableRelay(tx, relay, enabled, app.embedded.address, app.clock)))
    tryWhatWaits(app)
    app.addressTimes.tellAll()
    return {}
  },
  'relay.test': (app, { address }, signal) => {
    const relay = app.store.read((db) => withStoredPassword(db, requireRelay(address)))
    return waitingCall(app.clock, signal, async (call) => {
      const [result, page] = await Promise.all([
        app.pool.test(relay, { signal: call.signal }),
        app.relayPages.look(relay, call.signal),
      ])
      return testView(result, page)
    })
  },
  'relay.parse': (_app, { text }) => parseLines(text),
  'network.get': (app) => networkView(app),
  'network.update': async (app, { choice, embedded }) => {
    if (embedded) await app.embedded.update(embedded)
    // First, so that nothing is chosen that does not come up.
    if (choice && embedded?.on === undefined) await app.embedded.follow(choice === 'embedded')
    if (choice) app.store.write((tx) => setChoice(tx, choice))
    // Whoever waited for the relay of this computer finds it at once.
    if (choice ?? embedded) {
      app.pool.retryNow()
      tryWhatWaits(app)
    }
    if (choice === 'own') app.relayPages.lookSoon(app.store.read(unseenRelays))
    app.addressTimes.tellAll()
    tellLinks(app)
    const view = networkView(app)
    app.emit({ event: 'network.status', data: view })
    return view
  },
  'network.retry': (app) => {
    app.addressTimes.check()
    app.invitationTimes.check()
    app.embedded.retry().catch(() => undefined)
    app.pool.retryNow()
    tryWhatWaits(app)
    app.store.write((tx) => tellEverybody(app.chat, tx))
    return {}
  },
}

/** Links say whether they still lead to the relay of this computer. */
export function tellLinks(app: AppContext): void {
  app.store.write((tx) => {
    for (const { profileId } of listOwnProfiles(tx)) {
      for (const { connectionId, link } of listPendingConnections(tx, profileId)) {
        if (link !== null) app.chat.changes.record(tx, { type: 'connection.updated', connectionId })
      }
    }
  })
}

function listed(app: AppContext, relay: RelayAddress): RelayAddress {
  return app.store.read((db) => listedRelay(db, relay))
}

function requireRelay(text: string): RelayAddress {
  const relay = relayIn(text)
  if (relay?.keyHash.length === FINGERPRINT) return relay
  throw new ContractFailure(
    'INVALID_PARAMS',
    'This is not the address of a relay. It looks like smp://fingerprint@host.',
    { path: 'address' },
  )
}
const FINGERPRINT = 32 // bytes, SHA-256; smp.md 8

function done(change: RelayChange): void {
  if (change === 'missing') throw new ContractFailure('NOT_FOUND', 'This relay is not in your list.')
  if (change === 'embedded') {
    throw new ContractFailure('INVALID_PARAMS', 'The relay of this computer is switched off, not removed.', {
      path: 'address',
    })
  }
}

/** The codes of the contract in place of those of the client room. */
function testView({ ok, error, roundTripMs, steps }: RelayTestResult, page: boolean | null): RelayTest {
  const named = (code: string | undefined) => (code === undefined ? {} : { error: storedFailure(code).code })
  return {
    ok,
    ...named(error),
    ...(roundTripMs !== undefined && { roundTripMs }),
    steps: steps.map((step) => ({ step: step.step, ok: step.ok, ms: step.ms, ...named(step.error) })),
    page,
  }
}

function relayEntries(app: AppContext): RelayEntry[] {
  return app.store.read((db) => {
    const queues = new Map(app.agent.queuesByRelay(db).map((one) => [relayKey(one.relay), one.queues]))
    const addressRelays = new Set(
      listAllAddresses(db).flatMap((address) => {
        const relay = serverOf(address.fullLink)
        return relay ? [relayKey(relay)] : []
      }),
    )
    return listKnown(db, app.embedded.address).map(({ key, address, embedded, enabled }) => {
      const seen = app.watch.relay(address)
      const running = embedded && seen.state === 'idle'
      return {
        address: formatRelayAddress(address, { password: false }),
        state: running ? 'online' : seen.state === 'idle' ? 'offline' : seen.state,
        embedded,
        enabled,
        error: seen.error === null ? null : storedFailure(seen.error).code,
        since: iso(seen.since),
        operator: operatorOf(address.hosts),
        queues: queues.get(key) ?? 0,
        hasAddress: addressRelays.has(key),
        reach: reachOf(address),
        page: embedded ? false : pageOf(db, address),
      }
    })
  })
}

export function networkView(app: AppContext): Network {
  const { address, reach } = app.embedded
  return app.store.read((db) => ({
    state: app.watch.state,
    since: iso(app.watch.since),
    waitingToSend: countWaitingForRelay(db),
    choice: getChoice(db),
    chosen: hasChosen(db) || app.agent.relaysOfConnections(db).length > 0,
    embedded: {
      on: address !== null,
      address: address && formatRelayAddress(address, { password: false }),
      reachableFrom: reach,
      inUse: app.embedded.inUse || (address === null && keepsQueues(app, db)),
      trouble: app.embedded.trouble,
    },
    silent: silentRelays(app, db),
  }))
}

/** Queues of ours are at the relay of this computer, also while it is off. */
function keepsQueues(app: AppContext, db: ReadDb): boolean {
  const own = lastPlace(db)
  return (
    own !== null && app.agent.queuesByRelay(db).some(({ relay }) => equalBytes(relay.keyHash, own.keyHash))
  )
}

function silentRelays(app: AppContext, db: ReadDb): SilentRelay[] {
  const { silent } = app.watch
  if (silent.length === 0) return []
  const queues = new Map(app.agent.queuesByRelay(db).map((one) => [relayKey(one.relay), one.queues]))
  const own = app.embedded.address
  return silent.map(({ address, state, error, since }) => ({
    address: formatRelayAddress(address, { password: false }),
    state,
    error: error === null ? null : storedFailure(error).code,
    since: iso(since),
    embedded: own !== null && equalBytes(own.keyHash, address.keyHash),
    queues: queues.get(relayKey(address)) ?? 0,
  }))
}

/** Nobody has so many relays, and all other calls wait until the last line was looked at. */
const MOST_LINES = 5_000

/** One entry for each line that is not empty, with its number as a person counts. */
function parseLines(text: string): RelayLine[] {
  const lines = text.split(/\r\n|\r|\n/)
  if (lines.length > MOST_LINES) {
    throw new ContractFailure('TOO_LARGE', `These are more than ${MOST_LINES} lines. Paste them in parts.`, {
      path: 'text',
      limit: MOST_LINES,
      size: lines.length,
    })
  }
  return lines.flatMap((raw, index) => {
    const line = raw.trim()
    if (line === '') return []
    const relay = relayIn(line)
    const good = relay?.keyHash.length === FINGERPRINT
    return [
      {
        line: index + 1,
        address: good ? formatRelayAddress(relay, { password: true }) : null,
        error: good ? null : lineError(line),
      },
    ]
  })
}

function lineError(line: string): string {
  if (!/^smp:\/\//i.test(line)) return 'An address starts with smp://.'
  if (!line.includes('@')) return 'The fingerprint and @ before the host are missing.'
  return 'The fingerprint, the host or the port cannot be read.'
}
