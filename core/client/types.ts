import type { Clock, Log, Millis, Random } from '#core/base'
import type { AuthKey, Command, RelayAddress, Response } from '#core/protocol'
import type { ClientLimits } from './constants.ts'
import type { ClientErrorCode } from './errors.ts'

export interface ClientDeps {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly limits?: Partial<ClientLimits>
  /** Where a relay is dialled, when that is elsewhere than its address says. Who it has to be does not change. */
  readonly dialAt?: (address: RelayAddress) => RelayAddress
}

export interface RelayCommand {
  /** Which id of which queue: see the table in smp.md 5.1. Empty for NEW and PING. */
  readonly entityId: Uint8Array
  readonly command: Command
  /** Signs the command; null where it must not be signed. */
  readonly key: AuthKey | null
  /** Only for a NEW with link data, whose sndId is derived from it; random otherwise. Never use one twice. */
  readonly corrId?: Uint8Array
}

export interface RequestOptions {
  readonly signal?: AbortSignal
  readonly timeoutMs?: Millis
}

export interface RecipientQueue {
  readonly rcvId: Uint8Array
  readonly key: AuthKey
}

export interface RelayMessage {
  readonly address: RelayAddress
  readonly rcvId: Uint8Array
  readonly msgId: Uint8Array
  /** Under the queue's secret: `openMessageBody` of `#core/protocol`. */
  readonly body: Uint8Array
}

export interface QueueEvent {
  readonly address: RelayAddress
  readonly rcvId: Uint8Array
  /**
   * `auth`: the relay does not know the queue, or not this key. `end`: another connection subscribed to it.
   * After all but `subscribed` the pool has forgotten the queue and does not subscribe to it again.
   */
  readonly type: 'subscribed' | 'auth' | 'end' | 'deleted' | 'blocked'
}

export interface RelayStatus {
  /** `idle`: not connected and nothing needs it. `offline`: the last attempt failed or the connection was lost. */
  readonly state: 'online' | 'connecting' | 'offline' | 'idle'
  readonly since: Millis
  readonly error: ClientErrorCode | null
}

export type RelayTestStep = 'reach' | 'certificate' | 'handshake' | 'create' | 'use' | 'delete'

export interface RelayTestResult {
  readonly ok: boolean
  /** Code of the step that failed. */
  readonly error?: string
  /** From the first byte to the last answer. */
  readonly roundTripMs?: Millis
  readonly steps: { step: RelayTestStep; ok: boolean; ms: Millis; error?: string }[]
}

/** The relays that this process talks to: one connection each, shared by all callers. */
export interface RelayPool {
  /**
   * Connects where needed, asks, and resolves with the answer. Rejects with `ClientError`, with `RelayRefused` when the
   * relay answers ERR, or with the signal's reason. Commands of one tick share blocks, and relays may run the commands
   * of a block in any order: whoever needs an order waits for the first answer.
   */
  request(address: RelayAddress, command: RelayCommand, options?: RequestOptions): Promise<Response>
  /** Remembers the queues and subscribes to them, now and after every loss of the connection. */
  subscribe(address: RelayAddress, queues: readonly RecipientQueue[]): void
  /** Remembers a queue to which the NEW that created it has subscribed. */
  subscribed(address: RelayAddress, queue: RecipientQueue): void
  /** Forgets the queue. SMP has no way to end a subscription, so its messages still arrive on this connection. */
  unsubscribe(address: RelayAddress, rcvId: Uint8Array): void
  /** ACK. A message that comes as the answer goes to `onMessage`; nothing to acknowledge is fine. */
  acknowledge(
    address: RelayAddress,
    queue: RecipientQueue,
    msgId: Uint8Array,
    options?: RequestOptions,
  ): Promise<void>
  /** Messages of all queues, in the order of the wire; redelivered ones again. Handlers are synchronous. */
  onMessage(handler: (message: RelayMessage) => void): () => void
  onQueueEvent(handler: (event: QueueEvent) => void): () => void
  status(address: RelayAddress): RelayStatus
  onStatus(handler: (change: { address: RelayAddress; status: RelayStatus }) => void): () => void
  /** The network may be back (resume from sleep, a person asks): no more waiting, and a check of what seems open. */
  retryNow(): void
  /** Walks through everything that a relay must do, on a connection of its own. Rejects only when aborted. */
  test(address: RelayAddress, options?: { signal?: AbortSignal }): Promise<RelayTestResult>
  close(): Promise<void>
}
