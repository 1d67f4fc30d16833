/** What an operator does to a queue that people have complained about. smp.md 5.4, 5.5 */
import { type BlockedNotice, ID_SIZE } from '#core/protocol'
import { type RelayCore, refuse, tellEvent } from './core.ts'
import { RelayError } from './errors.ts'
import type { Queue } from './queue.ts'

export interface Blocking {
  readonly reason: 'spam' | 'content'
  /** For how many seconds at first; what clients show to people. Null: not said. */
  readonly notice: BlockedNotice | null
}

/**
 * `id` is what strangers know of it: its sender's or its link's. Null opens a blocked queue again. Whoever is subscribed
 * hears of it. A queue that its recipient has suspended stays so: opening it would undo what only he may do.
 * Throws `RelayError` 'relay.queue'.
 */
export function setBlocked(core: RelayCore, id: Uint8Array, blocking: Blocking | null): void {
  core.touched = new Set()
  core.store.transaction(() => {
    const { queues } = core.store
    const queue = id.length === ID_SIZE ? (queues.bySndId(id) ?? queues.byLinkId(id)) : null
    if (!queue) throw new RelayError('relay.queue', 'there is no such queue')
    if (queue.status.tag === 'off')
      throw new RelayError('relay.queue', 'its recipient has suspended this queue: nobody can send to it')
    queues.setBlocked(queue.no, blocking)
    if (blocking) tellRecipient(core, queue, blocking)
  })
  for (const connection of core.touched) connection.flush()
}

function tellRecipient(core: RelayCore, { no, rcvId }: Queue, blocking: Blocking): void {
  const subscription = core.subscriptions.recipient(no)
  if (subscription) tellEvent(core, subscription.connection, rcvId, refuse({ type: 'BLOCKED', ...blocking }))
}
