import { closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { type Clock, type Log, type Millis, type Random, equalBytes, fromHex, sleep, toHex } from '#core/base'
import { cryptoReady, verifyRelayChain } from '#core/crypto'
import type { RelayAddress } from '#core/protocol'
import { TransportError } from '#core/transport'
import { type RelayLimits, STOP_GRACE } from './constants.ts'
import { type Counters, type RelayCore, makeCore } from './core.ts'
import { Door } from './door.ts'
import { Engine } from './engine.ts'
import { RelayError } from './errors.ts'
import { type Listeners, type WebDoors, openListeners } from './listeners.ts'
import { type RelayKeys, identityExists, loadIdentity, makeIdentity } from './identity.ts'
import { Backups } from './backups.ts'
import { type Blocking, setBlocked } from './blocking.ts'
import { type RelayStore, openRelayStore } from './store/database.ts'
import type { Tally } from './tally.ts'
import { dropAllUnused, expireAll, startUpkeep } from './upkeep.ts'

export interface RelayOptions extends WebDoors {
  /** Everything of the relay: `identity/` and `relay.db`. Made when missing. One process at a time. */
  readonly dataDir: string
  /** Address to listen on, and the name in the relay's address. */
  readonly host: string
  /** 0: the port of the last time, or any free one that is then kept, since queues are known by it. */
  readonly port: number
  /** What NEW needs; null: everybody may make queues. */
  readonly password: string | null
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly limits?: Partial<RelayLimits>
  /** 'memory': queues and messages are gone with the process; the identity and so the address stay. */
  readonly storage?: 'disk' | 'memory'
}

export interface RelayStats extends Readonly<Counters> {
  readonly tally: Tally
  readonly connections: number
  readonly subscriptions: number
  readonly notifiers: number
  readonly queues: number
}

export interface Relay {
  /** Names the place in the network that this computer has now. */
  readonly address: RelayAddress
  readonly port: number
  /** URLs of the WebSocket doors. smp.md 11 */
  readonly web: { readonly ws: string | null; readonly wss: string | null }
  /** Takes up a new online certificate from the folder. Throws `RelayError` and goes on with the old one. */
  reload(): void
  /** A copy of `relay.db` as it is when this resolves; commands go on meanwhile. One at a time. Throws `RelayError`. */
  backup(path: string): Promise<void>
  /** Closes a queue by its sender's or its link's id, null opens it again. Throws `RelayError`. */
  setBlocked(id: Uint8Array, blocking: Blocking | null): void
  stop(): Promise<void>
  stats(): RelayStats
}

/**
 * A relay of its own folder, listening when this resolves. Throws `RelayError`.
 * Needs Node's OpenSSL: Electron's TLS gives no Finished, without which no client accepts a relay. smp.md 2.4
 */
export async function createRelay(options: RelayOptions): Promise<Relay> {
  if (process.versions['openssl'] === '0.0.0')
    throw new RelayError('relay.runtime', 'this runtime cannot host a relay: its TLS gives no session id')
  await cryptoReady()
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 })
  const store = openRelayStore(storePath(options), options.clock.now())
  try {
    const keys = settleIdentity(store, options)
    const core = makeCore(store, options)
    dropAllUnused(core)
    expireAll(core)
    return await start(core, keys, options)
  } catch (error) {
    store.close()
    throw error
  }
}

function storePath({ dataDir, storage }: RelayOptions): string {
  if (storage === 'memory') return ':memory:'
  const path = join(dataDir, 'relay.db')
  // The identity is made after the first page of the file: one that is empty beside it lost its queues.
  if (identityExists(dataDir) && statSync(path, { throwIfNoEntry: false })?.size === 0)
    throw new RelayError('relay.store', 'the file of the queues is empty', { reason: 'SQLITE_NOTADB' })
  // SQLite's companion files take over the mode of the first.
  closeSync(openSync(path, 'a', 0o600))
  return path
}

/** Queues belong to one identity: a folder whose certificates went missing must not answer under a new name. */
function settleIdentity(store: RelayStore, options: RelayOptions): RelayKeys {
  const known = store.meta('fingerprint')
  if (!identityExists(options.dataDir)) {
    if (known !== null)
      throw new RelayError('relay.identity', 'the certificates of these queues are missing from the folder')
    makeIdentity(options.dataDir, options.random, options.clock.now())
  }
  const keys = loadIdentity(options.dataDir)
  if (known === null) store.setMeta('fingerprint', toHex(keys.fingerprint))
  else if (!equalBytes(fromHex(known), keys.fingerprint))
    throw new RelayError('relay.identity', 'these queues were made under another identity')
  return keys
}

async function start(core: RelayCore, keys: RelayKeys, options: RelayOptions): Promise<Relay> {
  const engine = new Engine(core)
  const stopping = new AbortController()
  const door = new Door(core, engine, keys, stopping.signal)
  const listener = await listen(core, door, keys, options)
  core.store.setMeta('port', String(listener.port))
  const endUpkeep = startUpkeep(core, engine)
  const { host, password } = options
  const name = nameOf(host, options.clock)
  core.log.info('relay.started', { port: listener.port, queues: core.queueCount })
  const backups = new Backups(core.store, stopping.signal)
  let stopped: Promise<void> | null = null
  return {
    get address() {
      return { hosts: [name()], port: String(listener.port), keyHash: keys.fingerprint, password }
    },
    port: listener.port,
    web: { ws: urlOf('ws', host, listener.ws), wss: urlOf('wss', host, listener.wss) },
    reload() {
      const renewed = sameIdentity(loadIdentity(options.dataDir), keys, options.clock.now())
      listener.renew(renewed)
      door.renew(renewed)
      core.log.info('relay.certificate-renewed')
    },
    backup: (path) => backups.make(path),
    setBlocked: (id, blocking) => setBlocked(core, id, blocking),
    stop: () => (stopped ??= stop(core, engine, listener, stopping, endUpkeep, backups)),
    stats: () => ({
      ...core.counters,
      tally: core.tally,
      connections: engine.connectionCount,
      subscriptions: core.subscriptions.count,
      notifiers: core.subscriptions.notifierCount,
      queues: core.queueCount,
    }),
  }
}

/** The port of the last time, when any would do: queues are known by it. */
function listen(core: RelayCore, door: Door, keys: RelayKeys, options: RelayOptions): Promise<Listeners> {
  const kept = Number(core.store.meta('port') ?? 0)
  const port = options.port === 0 ? kept : options.port
  return openListeners(core, door, keys, { ...options, port })
}

/** What has arrived is still carried out and answered; then everybody is sent away. */
async function stop(
  core: RelayCore,
  engine: Engine,
  listener: Listeners,
  stopping: AbortController,
  endUpkeep: () => void,
  backups: Backups,
): Promise<void> {
  endUpkeep()
  stopping.abort(new TransportError('transport.closed', 'the relay stops', { by: 'us' }))
  engine.finish()
  const open = [...engine.connections()]
  const gone = Promise.all(
    open.map((each) => new Promise<void>((done) => each.session.blocks.onClose(() => done()))),
  )
  for (const connection of open) connection.close()
  await Promise.race([gone, sleep(core.clock, STOP_GRACE)])
  await listener.close()
  await backups.settled()
  engine.finish()
  core.store.close()
  core.log.info('relay.stopped', { queues: core.queueCount })
}

/** Another certificate, but of the identity that clients know. */
function sameIdentity(renewed: RelayKeys, known: RelayKeys, now: Millis): RelayKeys {
  try {
    verifyRelayChain(renewed.chain, known.fingerprint, now)
    return renewed
  } catch (cause) {
    throw new RelayError('relay.identity', 'the new certificate is not of this identity', {}, { cause })
  }
}

function urlOf(scheme: 'ws' | 'wss', host: string, port: number | null): string | null {
  if (port === null) return null
  const name = reachableName(host)
  return `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}`
}

/** Another network gives another address; it is looked for anew after this time, ms. */
const NAME_KEPT: Millis = 5_000

function nameOf(host: string, clock: Clock): () => string {
  let name = reachableName(host)
  let lookedAt = clock.now()
  return () => {
    const now = clock.now()
    if (now < lookedAt || now - lookedAt >= NAME_KEPT) {
      name = reachableName(host)
      lookedAt = now
    }
    return name
  }
}

/** A wildcard is not an address that anybody could connect to. */
function reachableName(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host
  const outer = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find((each) => !each.internal && each.family === 'IPv4')
  return outer?.address ?? '127.0.0.1'
}
