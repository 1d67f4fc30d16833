import { type Millis, isAppError, raceAbort } from '#core/base'
import type { RelayAddress, Response } from '#core/protocol'
import { backoff } from './backoff.ts'
import { connectRelay } from './connect.ts'
import type { ClientLimits } from './constants.ts'
import { ClientError, asClientError, unreachable } from './errors.ts'
import { RelayConnection, queueKey } from './relay-connection.ts'
import { Subscriptions } from './subscriptions.ts'
import type {
  ClientDeps,
  QueueEvent,
  RecipientQueue,
  RelayCommand,
  RelayMessage,
  RelayStatus,
  RequestOptions,
} from './types.ts'

export interface LinkHandlers {
  onMessage(message: RelayMessage): void
  onQueueEvent(event: QueueEvent): void
  onStatus(status: RelayStatus): void
}

export type LinkDeps = Omit<ClientDeps, 'limits'> & { readonly limits: ClientLimits }

/**
 * Everything between this process and one relay: at most one connection, opened when something needs it, opened again
 * as long as queues are subscribed, closed when nobody needs it.
 *
 *     idle ──need──▶ connecting ──▶ online ──unused──▶ idle
 *                        │  ▲          │
 *                        ▼  │ pause    │ lost
 *                      offline ◀───────┘
 */
export class RelayLink {
  readonly address: RelayAddress
  readonly #deps: LinkDeps
  readonly #handlers: LinkHandlers
  readonly #subscriptions: Subscriptions
  readonly #closing = new AbortController()
  #connection: RelayConnection | null = null
  #opening: Promise<RelayConnection> | null = null
  #attempt = 0
  #cancelReconnect: (() => void) | null = null
  #cancelIdle: (() => void) | null = null
  #status: RelayStatus

  constructor(address: RelayAddress, deps: LinkDeps, handlers: LinkHandlers) {
    this.address = address
    this.#deps = deps
    this.#handlers = handlers
    this.#status = { state: 'idle', since: deps.clock.now(), error: null }
    this.#subscriptions = new Subscriptions(deps, {
      onQueueEvent: (rcvId, type) => handlers.onQueueEvent({ address, rcvId, type }),
      onMessage: (rcvId, msgId, body) => handlers.onMessage({ address, rcvId, msgId, body }),
    })
  }

  get status(): RelayStatus {
    return this.#status
  }

  async request(command: RelayCommand, options: RequestOptions = {}): Promise<Response> {
    options.signal?.throwIfAborted()
    const connection = await raceAbort(this.#open(), options.signal)
    const response = await connection.request(command, options)
    // A NEW subscribes on its own connection only: `subscribed` must know which one that was.
    if (command.command.type === 'NEW' && command.command.subscribe && response.type === 'IDS')
      connection.created.add(queueKey(response.rcvId))
    return response
  }

  subscribe(queues: readonly RecipientQueue[]): void {
    this.#subscriptions.add(queues)
    this.#want()
  }

  subscribed(queue: RecipientQueue): void {
    this.#subscriptions.addCreated(queue)
    this.#want()
  }

  unsubscribe(rcvId: Uint8Array): void {
    this.#subscriptions.remove(rcvId)
  }

  /** No more waiting; and a connection that seems open has to prove it. */
  retryNow(): void {
    this.#attempt = 0
    if (this.#connection) this.#connection.ping().catch(() => {})
    else if (this.#status.state === 'offline') this.#open().catch(() => {})
  }

  async close(): Promise<void> {
    const reason = new ClientError('relay.closed', 'the relay pool was closed')
    this.#closing.abort(reason)
    this.#cancelReconnect?.()
    this.#cancelIdle?.()
    this.#connection?.close(reason)
    await this.#opening?.catch(() => {})
  }

  /** The open connection, or the one attempt that everybody shares. */
  #open(): Promise<RelayConnection> {
    if (this.#closing.signal.aborted) return Promise.reject(this.#closing.signal.reason as Error)
    if (this.#connection) return Promise.resolve(this.#connection)
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = null
    })
    return this.#opening
  }

  async #connect(): Promise<RelayConnection> {
    this.#cancelReconnect?.()
    this.#cancelReconnect = null
    // A relay that is known to be away stays "offline" while it is tried again, so that the state does not flicker.
    if (this.#status.state !== 'offline') this.#set('connecting', null)
    try {
      const session = await connectRelay(this.address, this.#deps, this.#closing.signal)
      const connection: RelayConnection = new RelayConnection(session, this.#deps, {
        onEvent: (entityId, response) => this.#event(entityId, response),
        onClose: (reason) => this.#lost(connection, reason),
      })
      this.#connection = connection
      this.#set('online', null)
      this.#subscriptions.connected(connection)
      this.#armIdle()
      return connection
    } catch (error) {
      const reason = asClientError(error)
      this.#failed(reason instanceof ClientError ? reason : unreachable('connect', reason))
      throw reason
    }
  }

  #lost(connection: RelayConnection, reason: ClientError): void {
    if (this.#connection !== connection) return
    this.#connection = null
    this.#cancelIdle?.()
    this.#subscriptions.disconnected()
    // Only a connection that worked starts the pauses anew: a relay that closes right after the hello is not stormed.
    if (connection.answered) this.#attempt = 0
    // Nothing waits for this relay to come back: whoever asks next will see whether it is there.
    if (reason.code === 'relay.closed' || this.#subscriptions.size === 0) this.#set('idle', null)
    else this.#failed(reason)
  }

  #failed(reason: ClientError): void {
    if (this.#closing.signal.aborted) return
    this.#set('offline', reason)
    if (this.#subscriptions.size === 0) return
    const pause = backoff(this.#attempt++, this.#deps.limits, this.#deps.random)
    this.#cancelReconnect ??= this.#deps.clock.after(pause, () => this.#reconnect())
  }

  /** Queues wait for a connection: opens one unless that is under way or waits for its time. */
  #want(): void {
    if (!this.#connection && !this.#opening && !this.#cancelReconnect) this.#reconnect()
  }

  #reconnect(): void {
    this.#cancelReconnect?.()
    this.#cancelReconnect = null
    if (this.#subscriptions.size === 0 || this.#closing.signal.aborted) return
    this.#open().catch((error: unknown) => {
      if (!isAppError(error)) this.#deps.log.error('relay.connect-failed', { error: 'unexpected' })
    })
  }

  #event(rcvId: Uint8Array, response: Response): void {
    switch (response.type) {
      case 'MSG': {
        const { address } = this
        const [msgId, body] = [response.msgId.slice(), response.body.slice()]
        return this.#handlers.onMessage({ address, rcvId, msgId, body })
      }
      case 'END':
        return this.#ended(rcvId, 'end')
      case 'DELD':
        return this.#ended(rcvId, 'deleted')
      case 'ERR':
        return response.error.type === 'BLOCKED' ? this.#ended(rcvId, 'blocked') : undefined
      default:
        return this.#deps.log.debug('relay.unexpected-event', { type: response.type })
    }
  }

  #ended(rcvId: Uint8Array, type: QueueEvent['type']): void {
    if (this.#subscriptions.remove(rcvId)) this.#handlers.onQueueEvent({ address: this.address, rcvId, type })
  }

  #armIdle(): void {
    const { clock, limits } = this.#deps
    this.#cancelIdle?.()
    this.#cancelIdle = clock.after(limits.idleMs, () => {
      const connection = this.#connection
      if (!connection) return
      const unused = this.#subscriptions.size === 0 && !connection.busy
      if (unused && clock.now() - connection.lastUsedAt >= limits.idleMs)
        connection.close(new ClientError('relay.closed', 'nobody needs the connection'))
      else this.#armIdle()
    })
  }

  #set(state: RelayStatus['state'], reason: ClientError | null): void {
    const error = reason?.code ?? null
    if (this.#status.state === state && this.#status.error === error) return
    const since: Millis = this.#status.state === state ? this.#status.since : this.#deps.clock.now()
    this.#status = { state, since, error }
    this.#deps.log.info('relay.status', { state, error })
    this.#handlers.onStatus(this.#status)
  }
}
