/** NKEY, NDEL, NSUB: somebody else is told that there are messages. smp.md 5.5 */
import type { Response } from '#core/protocol'
import { OK, refuse, tellEvent } from '../core.ts'
import type { Queue } from '../queue.ts'
import { AUTH } from '../queue-rules.ts'
import { makeNotifier } from './create.ts'
import type { CommandOf, Turn } from './turn.ts'

export function setNotifier(turn: Turn, queue: Queue, command: CommandOf<'NKEY'>): Response {
  const made = makeNotifier(turn.core, command)
  if (!made) return refuse({ type: 'CRYPTO' })
  dismissNotifier(turn, queue)
  turn.core.store.queues.setNotifier(queue.no, made.notifier)
  return { type: 'NID', ...made.ids }
}

export function deleteNotifier(turn: Turn, queue: Queue): Response {
  dismissNotifier(turn, queue)
  if (queue.notifier) turn.core.store.queues.setNotifier(queue.no, null)
  return OK
}

/** What waits is for the old secret, so nobody could read it any more. */
function dismissNotifier(turn: Turn, queue: Queue): void {
  const { core, caller } = turn
  core.store.notices.clear(queue.no)
  const before = core.subscriptions.dropNotifier(queue.no)
  if (before && before !== caller && queue.notifier)
    tellEvent(core, before, queue.notifier.id, { type: 'DELD' })
}

export function subscribeNotifier(turn: Turn): Response {
  const { core, caller, t } = turn
  const queue = core.store.queues.byNtfId(t.entityId)
  if (!core.access.notifier(queue, t, turn.secrets)) return refuse(AUTH)
  if (caller.notifications.size >= core.limits.subscriptionsPerConnection) return refuse({ type: 'QUOTA' })
  const displaced = core.subscriptions.notify(caller, queue.no)
  if (displaced) tellEvent(core, displaced, t.entityId, { type: 'END' })
  for (const notice of core.store.notices.take(queue.no))
    tellEvent(core, caller, t.entityId, { type: 'NMSG', ...notice })
  return { type: 'SOK', serviceId: null }
}
