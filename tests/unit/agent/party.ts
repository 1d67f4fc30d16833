import { fromUtf8, silentLog, toHex, utf8, type Clock, type Log } from '#core/base'
import {
  createAgent,
  formatFullLink,
  parseConnectionLink,
  type Agent,
  type AgentHandler,
  type ParsedContact,
  type RequestEnvelope,
  type ResolvedLink,
} from '#core/agent'
import type { RelayPool } from '#core/client'
import { systemRandom } from '#core/crypto'
import type { RelayAddress } from '#core/protocol'
import { migrations, openStore, sql, type Migration, type Store, type WriteTx } from '#core/store'

/** What the application keeps, in the same file and the same transactions as the agent's state. */
const appTables: Migration = {
  version: 9000,
  name: 'test-app',
  up(tx) {
    tx.run(sql`CREATE TABLE app_connection (conn_id TEXT PRIMARY KEY, link TEXT, short TEXT) STRICT`)
    tx.run(
      sql`CREATE TABLE app_event (event_id INTEGER PRIMARY KEY, conn_id TEXT, kind TEXT, detail TEXT) STRICT`,
    )
    tx.run(sql`CREATE TABLE app_address (conn_id TEXT PRIMARY KEY, link TEXT, short TEXT) STRICT`)
    tx.run(
      sql`CREATE TABLE app_request (info TEXT PRIMARY KEY, request_key TEXT, conn_id TEXT, repeats INTEGER) STRICT`,
    )
    tx.run(sql`CREATE TABLE app_sent (number INTEGER PRIMARY KEY, conn_id TEXT, msg_id INTEGER) STRICT`)
  },
}

export interface AppEvent {
  readonly kind: string
  readonly detail: string
}

export interface AppRequest {
  /** What the asker says, with what it always says. */
  readonly info: string
  readonly request_key: string
  readonly conn_id: string | null
  readonly repeats: number
}

export interface PartyOptions {
  readonly name: string
  readonly path: string
  readonly relay: RelayAddress
  readonly clock: Clock
  readonly pool: () => RelayPool
  readonly log?: Log
}

/** One installation: a store, an agent, and an application that writes down what it is told. It can die at any commit. */
export class Party {
  readonly name: string
  readonly #options: PartyOptions
  #store!: Store
  #pool!: RelayPool
  #agent!: Agent
  dead = false
  commits = 0
  /** Refuse whoever uses the invitation, with this code. */
  refuse: string | null = null
  /** A repeated request takes the place of the first; otherwise that is dropped. */
  replaces = true
  /** Keeps no requests. */
  drops = false
  /** Delete the connection when this text arrives. */
  deleteOn: string | null = null

  constructor(options: PartyOptions) {
    this.name = options.name
    this.#options = options
  }

  get agent(): Agent {
    return this.#agent
  }

  get store(): Store {
    return this.#store
  }

  get pool(): RelayPool {
    return this.#pool
  }

  get relay(): RelayAddress {
    return this.#options.relay
  }

  /** `dieAfter`: the number of the commit after which this process is gone. */
  start(dieAfter = Infinity): this {
    this.dead = false
    this.commits = 0
    const { path, clock, log = silentLog } = this.#options
    this.#store = openStore(path, {
      log,
      clock,
      migrations: [...migrations, appTables],
      onCommitted: () => {
        this.commits += 1
        if (this.commits < dieAfter) return
        this.dead = true
        throw new Error('killed')
      },
    })
    this.#pool = this.#options.pool()
    this.#agent = createAgent({
      store: this.#store,
      relays: this.#pool,
      clock,
      random: systemRandom,
      log,
      handler: this.#handler(),
    })
    this.#agent.start()
    return this
  }

  /** As `kill -9`: no goodbye to anybody. */
  async kill(): Promise<void> {
    this.#store.close()
    await this.#agent.stop().catch(() => {})
    await this.#pool.close()
  }

  async stop(): Promise<void> {
    await this.#agent.stop()
    await this.#pool.close()
    this.#store.close()
  }

  /* ---- the application */

  async invite(): Promise<string> {
    const made = this.#store.read((db) => db.get<{ link: string }>(sql`SELECT link FROM app_connection`))
    if (made) return made.link
    const { link } = await this.#agent.createInvitation(
      { relay: this.relay },
      (tx, { connId, link: text }) => {
        tx.run(sql`INSERT INTO app_connection (conn_id, link) VALUES (${connId}, ${text})`)
      },
    )
    return link
  }

  /** By a short link, where the relay can keep one. */
  async inviteShort(saying = `data of ${this.name}`): Promise<string> {
    const made = this.#store.read((db) => db.get<{ short: string }>(sql`SELECT short FROM app_connection`))
    if (made) return made.short
    const { shortLink, link } = await this.#agent.createInvitation(
      { relay: this.relay, userData: utf8(saying) },
      (tx, { connId, link: full, shortLink: short }) => {
        tx.run(
          sql`INSERT INTO app_connection (conn_id, link, short) VALUES (${connId}, ${full}, ${short ?? full})`,
        )
      },
    )
    return shortLink ?? link
  }

  /** What lies behind a short link. */
  async look(text: string, signal?: AbortSignal): Promise<ResolvedLink> {
    const link = parseConnectionLink(text)
    if (link.form !== 'short') throw new Error('not a short link')
    return this.#agent.resolveLink(link, signal ? { signal } : {})
  }

  async joinShort(text: string): Promise<void> {
    if (this.connId !== null) return
    const { link } = await this.look(text)
    await this.join(formatFullLink(link))
  }

  async join(text: string, signal?: AbortSignal): Promise<void> {
    if (this.connId !== null) return
    const link = parseConnectionLink(text)
    if (link.form !== 'full' || link.kind !== 'invitation') throw new Error('not a one-time link')
    const options = {
      connInfo: utf8(`info of ${this.name}`),
      replyRelay: this.relay,
      ...(signal ? { signal } : {}),
    }
    await this.#agent.join(link, options, (tx, { connId }) => {
      tx.run(sql`INSERT INTO app_connection (conn_id) VALUES (${connId})`)
    })
  }

  /* ---- addresses */

  async openAddress(): Promise<string> {
    const made = this.#store.read((db) => db.get<{ link: string }>(sql`SELECT link FROM app_address`))
    if (made) return made.link
    const { link } = await this.#agent.createAddress({ relay: this.relay }, (tx, { connId, link: text }) => {
      tx.run(sql`INSERT INTO app_address (conn_id, link) VALUES (${connId}, ${text})`)
    })
    return link
  }

  async openShortAddress(saying = `data of ${this.name}`): Promise<string> {
    const { shortLink, link } = await this.#agent.createAddress(
      { relay: this.relay, userData: utf8(saying) },
      (tx, { connId, link: full, shortLink: short }) => {
        tx.run(sql`INSERT INTO app_address (conn_id, link, short) VALUES (${connId}, ${full}, ${short})`)
      },
    )
    return shortLink ?? link
  }

  closeAddress(): void {
    this.#store.write((tx) => {
      for (const { conn_id } of tx.all<{ conn_id: string }>(sql`SELECT conn_id FROM app_address`)) {
        this.#agent.deleteAddress(tx, conn_id)
      }
      tx.run(sql`DELETE FROM app_address`)
    })
  }

  readonly sayAtAddress = ({ seed }: RequestEnvelope): Uint8Array =>
    utf8(`info of ${this.name} ${toHex(seed)}`)

  async ask(text: string, signal?: AbortSignal): Promise<void> {
    if (this.connId !== null) return
    const options = { connInfo: this.sayAtAddress, relay: this.relay, ...(signal ? { signal } : {}) }
    await this.#agent.requestContact(parsedContact(text), options, (tx, { connId }) => {
      tx.run(sql`INSERT INTO app_connection (conn_id) VALUES (${connId})`)
    })
  }

  get requests(): AppRequest[] {
    return this.#store.read((db) => db.all<AppRequest>(sql`SELECT * FROM app_request ORDER BY rowid`))
  }

  /** Accepts one request, again after each failure. */
  async accept({ request_key: key }: AppRequest): Promise<string> {
    const options = { connInfo: utf8(`info of ${this.name}`), replyRelay: this.relay }
    const { connId } = await this.#agent.acceptRequest(key, options, (tx, made) => {
      tx.run(sql`INSERT INTO app_connection (conn_id) VALUES (${made.connId})`)
      tx.run(sql`UPDATE app_request SET conn_id = ${made.connId} WHERE request_key = ${key}`)
    })
    return connId
  }

  async acceptAll(): Promise<void> {
    for (const request of this.requests) if (request.conn_id === null) await this.accept(request)
  }

  /** The newest invitation of an asker counts, unless an earlier one was accepted. */
  #requested(tx: WriteTx, info: string, key: string): { store: boolean; as?: string } {
    const known = tx.get<AppRequest>(sql`SELECT * FROM app_request WHERE info = ${info}`)
    if (known) tx.run(sql`UPDATE app_request SET repeats = repeats + 1 WHERE info = ${info}`)
    if (known?.conn_id) return { store: false }
    if (known && this.replaces) return { store: true, as: known.request_key }
    if (known) {
      this.#agent.dropRequest(tx, known.request_key)
      tx.run(sql`UPDATE app_request SET request_key = ${key} WHERE info = ${info}`)
    } else {
      tx.run(
        sql`INSERT INTO app_request (info, request_key, conn_id, repeats) VALUES (${info}, ${key}, ${null}, 0)`,
      )
    }
    return { store: true }
  }

  get connId(): string | null {
    return (
      this.#store.read((db) => db.get<{ conn_id: string }>(sql`SELECT conn_id FROM app_connection`))
        ?.conn_id ?? null
    )
  }

  /** Sends what of `count` numbered messages is not yet sent; false while the connection is not ready. */
  sendUpTo(count: number): boolean {
    const { connId } = this
    if (connId === null) return false
    for (;;) {
      const isDone = this.#store.write((tx) => {
        const sent = tx.get<{ n: number }>(sql`SELECT count(*) AS n FROM app_sent`)!.n
        if (sent >= count) return true
        if (!this.#agent.canSend(tx, connId)) return null
        this.sendOne(tx, connId, sent + 1)
        return false
      })
      if (isDone !== false) return isDone ?? false
    }
  }

  sendOne(tx: WriteTx, connId: string, number: number): void {
    const { msgId } = this.#agent.send(tx, connId, utf8(`${this.name} ${number}`), { notification: true })
    tx.run(sql`INSERT INTO app_sent (number, conn_id, msg_id) VALUES (${number}, ${connId}, ${msgId})`)
  }

  events(kind?: string): AppEvent[] {
    return this.#store
      .read((db) => db.all<AppEvent>(sql`SELECT kind, detail FROM app_event ORDER BY event_id`))
      .filter((event) => kind === undefined || event.kind === kind)
  }

  details(kind: string): string[] {
    return this.events(kind).map(({ detail }) => detail)
  }

  /** Of one connection. */
  detailsOf(connId: string, kind: string): string[] {
    return this.#store
      .read((db) =>
        db.all<{ detail: string }>(
          sql`SELECT detail FROM app_event WHERE conn_id = ${connId} AND kind = ${kind} ORDER BY event_id`,
        ),
      )
      .map(({ detail }) => detail)
  }

  say(connId: string, text: string): void {
    this.#store.write((tx) => this.#agent.send(tx, connId, utf8(text), { notification: true }))
  }

  get pending(): number {
    return this.#store.read((db) => this.#agent.pendingDeliveries(db))
  }

  #handler(): AgentHandler {
    const note = (tx: WriteTx, connId: string, kind: string, detail = ''): void => {
      tx.run(sql`INSERT INTO app_event (conn_id, kind, detail) VALUES (${connId}, ${kind}, ${detail})`)
    }
    return {
      onConfirmation: (tx, connId, info) => {
        note(tx, connId, 'confirmation', fromUtf8(info))
        if (this.refuse !== null) return { refuse: this.refuse }
        return { accept: utf8(`info of ${this.name}`) }
      },
      onInfo: (tx, connId, info) => note(tx, connId, 'info', fromUtf8(info)),
      onSendReady: (tx, connId) => note(tx, connId, 'ready'),
      onConnected: (tx, connId) => note(tx, connId, 'connected'),
      onMessage: (tx, connId, { body, integrity }) => {
        note(tx, connId, 'message', fromUtf8(body))
        if (fromUtf8(body) === this.deleteOn) {
          this.#agent.deleteConnection(tx, connId, { waitDelivery: false })
        }
        if (integrity !== 'ok') note(tx, connId, 'integrity', integrity)
        return { receipt: true }
      },
      onSent: (tx, connId, msgId) => note(tx, connId, 'sent', `${msgId}`),
      onReceipt: (tx, connId, msgId, ok) => note(tx, connId, 'receipt', `${msgId} ${ok}`),
      onSendFailed: (tx, connId, msgId, { code }) => note(tx, connId, 'send-failed', `${msgId} ${code}`),
      onSendDelayed: (tx, connId, waiting) => note(tx, connId, 'delayed', waiting?.code ?? 'no'),
      onConnectionFailed: (tx, connId, { code }) => note(tx, connId, 'failed', code),
      onUndecryptable: (tx, connId, { code }) => note(tx, connId, 'undecryptable', code),
      onRequest: (tx, connId, { requestKey, connInfo }) => {
        note(tx, connId, 'request', fromUtf8(connInfo))
        return this.drops ? { store: false } : this.#requested(tx, fromUtf8(connInfo), requestKey)
      },
      onRatchetChanged: (tx, connId) => note(tx, connId, 'rekeyed'),
      onLinkData: (tx, connId, { code, shortLink }) => note(tx, connId, 'link-data', code ?? shortLink ?? ''),
      onReceivingLost: (tx, connId, { code }) => note(tx, connId, 'receiving-lost', code),
    }
  }
}

export function parsedContact(text: string): ParsedContact {
  const link = parseConnectionLink(text)
  if (link.form !== 'full' || link.kind !== 'contact') throw new Error('not an address')
  return link
}

/** Until `test` holds; the test's own time-out is the limit. */
/** What a party does that may be killed while it does: nothing then. */
export async function attempt<T>(one: Party, action: () => Promise<T> | T): Promise<T | undefined> {
  try {
    return one.dead ? undefined : await action()
  } catch (error) {
    if (!one.dead) throw error
    return undefined
  }
}

export async function revive(one: Party): Promise<void> {
  if (!one.dead) return
  await one.kill()
  one.start()
}

export async function until(test: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await test())) await new Promise((resolve) => setTimeout(resolve, 4))
}

export const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${name} ${i + 1}`)
