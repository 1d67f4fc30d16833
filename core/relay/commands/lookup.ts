import { equalBytes } from '#core/base'
import type { Queue } from '../queue.ts'
import type { Turn } from './turn.ts'

/** The queue that a command names, checked for nothing. Whoever has proved his right to it before is served from memory. */
export function queueForRecipient(turn: Turn): Queue | null {
  return known(turn, 'rcvId') ?? turn.core.store.queues.byRcvId(turn.t.entityId)
}

/** As `queueForRecipient`, by the id that senders know. */
export function queueForSender(turn: Turn): Queue | null {
  return known(turn, 'sndId') ?? turn.core.store.queues.bySndId(turn.t.entityId)
}

function known({ core, t, secrets }: Turn, side: 'rcvId' | 'sndId'): Queue | null {
  const no = secrets.queueNo(t.entityId)
  const queue = no === undefined ? null : core.store.queues.known(no)
  return queue && equalBytes(queue[side], t.entityId) ? queue : null
}
