/**
 * What the core says exists, as immutable maps: read once at the start (and after a broken door), then kept true by events.
 * Events that arrive while the first lists are read are newer than the lists, so they are put on top of them.
 */
import type {
  Address,
  App,
  Connection,
  Contact,
  ContractEvent,
  Network,
  Profile,
  ProfileEntry,
  RelayEntry,
  Request,
} from '#core/contract'
import type { ContractError } from '#core/contract'
import type { Host } from '../host/index.ts'
import { toFailure } from '../host/index.ts'
import { ViewModel } from './view-model.ts'

export interface StoreState {
  /** `refused`: the address of this page opens nothing any more. */
  phase: 'loading' | 'ready' | 'failed' | 'refused'
  /** Why the start failed. */
  error: ContractError | null
  /** The door to the core is broken and is being opened again. */
  lost: boolean
  app: App | null
  /** The lists below were read. While the data folder cannot be used at all, there are none. */
  loaded: boolean
  /** The active one; everything below but relays is its own. */
  profile: Profile | null
  /** All of this installation, without hidden ones. */
  profiles: readonly ProfileEntry[]
  connections: ReadonlyMap<string, Connection>
  contacts: ReadonlyMap<string, Contact>
  /** Own addresses, the default one first. */
  addresses: ReadonlyMap<string, Address>
  /** Who asks at them. */
  requests: ReadonlyMap<string, Request>
  network: Network | null
  relays: readonly RelayEntry[]
}

const EMPTY: StoreState = {
  phase: 'loading',
  error: null,
  lost: false,
  app: null,
  loaded: false,
  profile: null,
  profiles: [],
  connections: new Map(),
  contacts: new Map(),
  addresses: new Map(),
  requests: new Map(),
  network: null,
  relays: [],
}

const PAGE = 500 // the most that one call may ask for

type Port = Pick<Host, 'call' | 'onEvent' | 'onLost' | 'onReconnect' | 'onRefused'>

export class Store extends ViewModel<StoreState> {
  readonly #host: Port
  #held: ContractEvent[] | null = null
  #loads = 0
  /** Relays of the other side are in no list of ours: asked about once. */
  readonly #askedAbout = new Set<string>()

  constructor(host: Port) {
    super(EMPTY)
    this.#host = host
    host.onEvent((event) => this.#onEvent(event))
    host.onLost(() => this.update({ lost: true }))
    host.onReconnect(() => void this.load())
    host.onRefused(() => this.update({ phase: 'refused' }))
  }

  /** Reads everything again. A later call wins over an earlier one that still runs. */
  async load(): Promise<void> {
    const turn = ++this.#loads
    this.#held = []
    try {
      const next = await this.#read()
      if (turn !== this.#loads) return
      const held = this.#held
      this.#held = null
      this.set(held.reduce(applyEvent, { ...this.state, ...next, phase: 'ready', error: null, lost: false }))
    } catch (error) {
      if (turn !== this.#loads) return
      this.#held = null
      if (this.state.phase !== 'ready') this.update({ phase: 'failed', error: toFailure(error) })
    }
  }

  /** After a call whose result no event carries: profile and onboarding. */
  setApp(app: App): void {
    this.update({ app })
  }

  /** Whether the data folder can be used by now. */
  async retryFolder(): Promise<void> {
    const app = await this.#host.call('app.retry', {})
    if (app.state === 'ready') await this.load()
    else this.update({ app })
  }

  setProfile(profile: Profile): void {
    this.update({ profile })
  }

  async reloadRelays(): Promise<void> {
    const [relays, network] = await Promise.all([
      this.#host.call('relay.list', {}),
      this.#host.call('network.get', {}),
    ])
    this.update({ relays, network })
  }

  putConnection(connection: Connection): void {
    this.set(putConnection(this.state, connection))
  }

  putContact(contact: Contact): void {
    this.set(putContact(this.state, contact))
  }

  putAddress(address: Address): void {
    this.set(putAddress(this.state, address))
  }

  putRequest(request: Request): void {
    this.set({ ...this.state, requests: new Map(this.state.requests).set(request.requestId, request) })
  }

  async #read(): Promise<Partial<StoreState>> {
    this.#askedAbout.clear()
    const call: Host['call'] = (method, params) => this.#host.call(method, params)
    const [app, first] = await Promise.all([call('app.get', {}), settled(call('profile.get', {}))])
    if (first.failed) {
      // Why the folder cannot be used stands in the app; anything else is a failed start.
      if (app.state === 'ready') throw first.why
      return { app, loaded: false }
    }
    return { ...(await this.#readLists(app, first.value)), loaded: true }
  }

  async #readLists(app: App, profile: Profile | null): Promise<Partial<StoreState>> {
    const call: Host['call'] = (method, params) => this.#host.call(method, params)
    const [network, relays] = await Promise.all([call('network.get', {}), call('relay.list', {})])
    const profiles = await call('profile.list', {})
    if (!profile) return { app, profile, profiles, network, relays }
    const [connections, contacts] = await Promise.all([call('connection.list', {}), call('contact.list', {})])
    const [addresses, requests] = await Promise.all([call('address.list', {}), this.#readRequests()])
    return {
      app,
      profile,
      profiles,
      network,
      relays,
      connections: new Map(connections.map((one) => [one.connectionId, one])),
      contacts: new Map(contacts.map((one) => [one.contactId, one])),
      addresses: new Map(addresses.map((one) => [one.addressId, one])),
      requests: new Map(requests.map((one) => [one.requestId, one])),
    }
  }

  async #readRequests(): Promise<Request[]> {
    const all: Request[] = []
    let page: Request[]
    do {
      const before = all.at(-1)?.requestId
      page = await this.#host.call('request.list', { limit: PAGE, ...(before !== undefined && { before }) })
      all.push(...page)
    } while (page.length === PAGE)
    return all
  }

  #onEvent(event: ContractEvent): void {
    const before = this.state.app?.state
    if (this.#held) this.#held.push(event)
    else this.set(applyEvent(this.state, event))
    if (event.event === 'profile.switched') void this.load()
    // The core began anew on its folder, or gave it up: what was read before is of the time before.
    if (
      event.event === 'app.state' &&
      event.data.state === 'ready' &&
      before !== undefined &&
      before !== 'ready'
    )
      void this.load()
    if (event.event === 'app.state' && event.data.state === 'damaged') void this.load()
    if (event.event === 'relay.status') this.#lookAt(event.data.address)
  }

  /** A relay that appeared by itself (the embedded one) is in no list yet. */
  #lookAt(address: string): void {
    if (this.#askedAbout.has(address) || this.state.relays.some((relay) => relay.address === address)) return
    this.#askedAbout.add(address)
    void this.reloadRelays().catch(() => undefined)
  }
}

/** Pure: the state after one event. An event that changes nothing here returns the same object. */
export function applyEvent(state: StoreState, event: ContractEvent): StoreState {
  if (isOfAnother(state, event)) return state
  switch (event.event) {
    case 'profile.updated':
      return putProfile(state, event.data)
    case 'profile.removed': {
      const { profileId } = event.data
      return { ...state, profiles: state.profiles.filter((one) => one.profileId !== profileId) }
    }
    case 'app.state':
      return { ...state, app: event.data }
    case 'connection.updated':
      return putConnection(state, event.data)
    case 'connection.removed':
      return { ...state, connections: without(state.connections, event.data.connectionId) }
    case 'contact.connected':
    case 'contact.updated':
      return putContact(state, event.data)
    case 'contact.removed':
      return { ...state, contacts: without(state.contacts, event.data.contactId) }
    case 'request.received':
    case 'request.updated':
      return { ...state, requests: new Map(state.requests).set(event.data.requestId, event.data) }
    case 'request.removed':
      return { ...state, requests: without(state.requests, event.data.requestId) }
    case 'address.updated':
      return putAddress(state, event.data)
    case 'address.removed':
      return { ...state, addresses: without(state.addresses, event.data.addressId) }
    case 'message.received':
    case 'message.updated': {
      const message = event.data
      const contact = message.contactId === null ? undefined : state.contacts.get(message.contactId)
      if (!contact || (contact.lastMessage && contact.lastMessage.createdAt > message.createdAt)) return state
      return putContact(state, { ...contact, lastMessage: message })
    }
    case 'relay.status': {
      const { address, state: relayState, error } = event.data
      return {
        ...state,
        relays: state.relays.map((relay) =>
          relay.address === address ? { ...relay, state: relayState, error } : relay,
        ),
      }
    }
    case 'network.status':
      return { ...state, network: event.data }
    default:
      return state
  }
}

/** Whoever is not shown now lives on unseen: their rows belong to no list here. */
function isOfAnother(state: StoreState, { event, data }: ContractEvent): boolean {
  if (event.startsWith('profile.') || !('profileId' in data)) return false
  const active = state.profiles.find((one) => one.active)
  return active !== undefined && data.profileId !== active.profileId
}

function putProfile(state: StoreState, entry: ProfileEntry): StoreState {
  const known = state.profiles.some((one) => one.profileId === entry.profileId)
  const profiles = known
    ? state.profiles.map((one) => (one.profileId === entry.profileId ? entry : one))
    : [...state.profiles, entry]
  return { ...state, profiles, profile: entry.active ? entry.profile : state.profile }
}

function putAddress(state: StoreState, address: Address): StoreState {
  return { ...state, addresses: new Map(state.addresses).set(address.addressId, address) }
}

/** A connection that became a contact leaves the list of pending ones. */
function putConnection(state: StoreState, connection: Connection): StoreState {
  if (connection.contactId !== null && state.contacts.has(connection.contactId))
    return { ...state, connections: without(state.connections, connection.connectionId) }
  return { ...state, connections: new Map(state.connections).set(connection.connectionId, connection) }
}

function putContact(state: StoreState, contact: Contact): StoreState {
  const contacts = new Map(state.contacts).set(contact.contactId, contact)
  const same = [...state.connections.values()].find((one) => one.rowId === contact.rowId)
  return {
    ...state,
    contacts,
    connections: same ? without(state.connections, same.connectionId) : state.connections,
  }
}

async function settled<T>(
  running: Promise<T>,
): Promise<{ failed: false; value: T } | { failed: true; why: unknown }> {
  try {
    return { failed: false, value: await running }
  } catch (why) {
    return { failed: true, why }
  }
}

function without<T>(map: ReadonlyMap<string, T>, key: string): ReadonlyMap<string, T> {
  if (!map.has(key)) return map
  const next = new Map(map)
  next.delete(key)
  return next
}
