import { AppError, EMPTY, type Millis, toHex } from '#core/base'
import { DecodeError } from '#core/encoding'
import {
  BATCH_LIMIT,
  type DecodedResponse,
  ID_SIZE,
  type Response,
  authorize,
  bytesForAuth,
  decodeBatch,
  decodeServerTransmission,
  encodeBody,
  encodeClientTransmission,
  encodeCommand,
  errorWord,
} from '#core/protocol'
import { type ClientSession, TransportError } from '#core/transport'
import type { ClientLimits } from './constants.ts'
import { ClientError, asClientError, unreachable } from './errors.ts'
import { Outbox } from './outbox.ts'
import { PendingRequests } from './pending-requests.ts'
import type { ClientDeps, RelayCommand, RequestOptions } from './types.ts'

export interface ConnectionHandlers {
  /** What the relay pushed, and messages that answer a request which was given up. */
  onEvent(entityId: Uint8Array, response: Response): void
  onClose(reason: ClientError): void
}

type ConnectionDeps = Omit<ClientDeps, 'limits'> & { readonly limits: ClientLimits }

/** One live session with a relay: asks, matches answers, notices silence. It never reconnects. */
export class RelayConnection {
  readonly version: number
  /** Queues created and subscribed here by NEW. */
  readonly created = new Set<string>()
  /** When a request was last made here. */
  lastUsedAt: Millis
  readonly #session: ClientSession
  readonly #deps: ConnectionDeps
  readonly #handlers: ConnectionHandlers
  readonly #pending: PendingRequests
  readonly #outbox: Outbox
  #closed: ClientError | null = null
  #keepAlive = false
  #receivedAt: Millis
  #answered = false
  #timeouts = 0
  #lastTimeoutAt = -Infinity
  #cancelPing: (() => void) | null = null

  constructor(session: ClientSession, deps: ConnectionDeps, handlers: ConnectionHandlers) {
    this.version = session.version
    this.#session = session
    this.#deps = deps
    this.#handlers = handlers
    this.#pending = new PendingRequests(deps.clock)
    this.#outbox = new Outbox(session.blocks)
    this.#receivedAt = this.lastUsedAt = deps.clock.now()
    session.blocks.onClose((reason) => this.#over(asClientError(reason)))
    session.blocks.onContent((content) => this.#receive(content))
  }

  /** Something still waits for an answer. */
  get busy(): boolean {
    return this.#pending.size > 0
  }

  /** The relay said anything after the handshake. */
  get answered(): boolean {
    return this.#answered
  }

  /** From now on silence is questioned by PING. */
  keepAlive(): void {
    if (this.#keepAlive) return
    this.#keepAlive = true
    this.#armPing()
  }

  async request(command: RelayCommand, options: RequestOptions = {}): Promise<Response> {
    const { signal, timeoutMs = this.#deps.limits.requestMs } = options
    signal?.throwIfAborted()
    if (this.#closed) throw this.#closed
    const corrId = command.corrId ?? this.#deps.random.bytes(ID_SIZE)
    const bytes = this.#transmission(command, corrId)
    this.lastUsedAt = this.#deps.clock.now()
    const onTimeout = (askedAt: Millis): void => this.#noteTimeout(askedAt)
    const answer = this.#pending.wait(corrId, command.entityId, { timeoutMs, signal, onTimeout })
    this.#outbox.add({ entityId: command.entityId, bytes, wanted: () => this.#pending.has(corrId) })
    return answer
  }

  /** Resolves when the relay answers; a relay that does not is noticed by the count of timeouts. */
  async ping(): Promise<void> {
    await this.request({ entityId: EMPTY, command: { type: 'PING' }, key: null })
  }

  close(reason: ClientError): void {
    this.#over(reason)
    this.#session.blocks.close()
  }

  #transmission({ command, entityId, key }: RelayCommand, corrId: Uint8Array): Uint8Array {
    const { version, sessionId, serverKey } = this.#session
    let bytes: Uint8Array
    try {
      const body = encodeBody({ corrId, entityId, command: encodeCommand(command, version) })
      const auth = authorize(key, serverKey, corrId, bytesForAuth(sessionId, body))
      bytes = encodeClientTransmission(version, sessionId, auth, body)
    } catch (error) {
      throw asClientError(error)
    }
    if (2 + bytes.length > BATCH_LIMIT)
      throw new ClientError('relay.too-large', 'a command that fits no block', { length: bytes.length })
    return bytes
  }

  #receive(content: Uint8Array): void {
    this.#receivedAt = this.#deps.clock.now()
    this.#answered = true
    this.#timeouts = 0
    try {
      for (const bytes of decodeBatch(content)) this.#dispatch(decodeServerTransmission(bytes, this.version))
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#session.blocks.close(
        new TransportError('transport.block', 'the relay sent what does not parse', {}, { cause: error }),
      )
    }
  }

  #dispatch(answer: DecodedResponse): void {
    if (answer.corrId.length > 0 && this.#pending.answer(answer)) return
    const { response } = answer
    if (!response) this.#deps.log.warn('relay.undecodable-event')
    else if (answer.corrId.length === 0 || response.type === 'MSG')
      this.#handlers.onEvent(answer.entityId.slice(), response)
    else
      this.#deps.log.debug('relay.late-answer', {
        type: response.type === 'ERR' ? errorWord(response.error) : response.type,
      })
  }

  /** Requests that were open at the same time count once, and not at all when the relay said anything meanwhile. */
  #noteTimeout(askedAt: Millis): void {
    if (this.#closed || this.#receivedAt > askedAt || askedAt < this.#lastTimeoutAt) return
    this.#lastTimeoutAt = this.#deps.clock.now()
    this.#timeouts++
    if (this.#timeouts < this.#deps.limits.timeoutsInARow) {
      this.#probe()
      return
    }
    this.#session.blocks.close(new TransportError('transport.closed', 'the relay fell silent', { by: 'us' }))
  }

  #probe(): void {
    this.ping().catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error
    })
  }

  #armPing(): void {
    if (this.#closed) return
    const { clock, limits } = this.#deps
    const quiet = clock.now() - this.#receivedAt
    this.#cancelPing = clock.after(Math.max(limits.pingMs - quiet, limits.pingMs / 10), () => {
      if (clock.now() - this.#receivedAt >= limits.pingMs) this.#probe()
      this.#armPing()
    })
  }

  #over(reason: unknown): void {
    if (this.#closed) return
    this.#closed = reason instanceof ClientError ? reason : unreachable('closed', reason)
    this.#cancelPing?.()
    this.#pending.failAll(this.#closed)
    this.#handlers.onClose(this.#closed)
  }
}

export function queueKey(rcvId: Uint8Array): string {
  return toHex(rcvId)
}
