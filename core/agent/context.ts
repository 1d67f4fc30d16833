import type { KeyedLock } from '#core/base'
import type { ReadDb, WriteTx } from '#core/store'
import type { RcvQueue } from '#core/store'
import type { AgentDeps, ConnId } from './types.ts'

/** What the parts of one agent share. */
export interface Context extends AgentDeps {
  /** Aborts when the agent stops. */
  readonly signal: AbortSignal
  /** The connection has something to do; call it after the commit that says so. `hurry`: do not wait for the next attempt. */
  wake(connId: ConnId, options?: { hurry: boolean }): void
  /** A queue of ours exists: its messages are ours to process. After the commit. */
  watch(queue: Pick<RcvQueue, 'queueId' | 'server' | 'rcvId' | 'authKey'>): void
  /** The same for a queue that nobody has subscribed to yet. */
  subscribe(queue: Pick<RcvQueue, 'queueId' | 'server' | 'rcvId' | 'authKey'>): void
  unwatch(queue: Pick<RcvQueue, 'queueId' | 'server' | 'rcvId'>): void
  /** Of the data behind own links, by connection: the relay has what was said last. */
  readonly linkChanges: KeyedLock
  /** A row of `agent_queue_deletion` was written. After the commit. */
  deleteQueues(): void
}

export type { ReadDb, WriteTx }
