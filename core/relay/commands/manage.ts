/** KEY, SKEY, RKEY, OFF, DEL, QUE: the life of a queue apart from its messages. smp.md 5.5 */
import { ID_SIZE, type QueueInfo, type Response } from '#core/protocol'
import { OK, refuse, tellEvent } from '../core.ts'
import type { Queue } from '../queue.ts'
import { AUTH, refusal, securing, senderMaySecure } from '../queue-rules.ts'
import type { CommandOf, Turn } from './turn.ts'

/** KEY: the recipient names the sender's key. */
export function secureByRecipient(turn: Turn, queue: Queue, command: CommandOf<'KEY'>): Response {
  const outcome = securing(queue, command.sndKey)
  if (outcome === 'refused') return refuse(AUTH)
  if (outcome === 'now') turn.core.store.queues.secure(queue.no, command.sndKey)
  return OK
}

/** SKEY: the sender secures the queue with a key that it proves to hold. */
export function secureBySender(turn: Turn, command: CommandOf<'SKEY'>): Response {
  const { core, t } = turn
  const queue = core.store.queues.bySndId(t.entityId)
  const holds = core.access.holds([command.sndKey], t, turn.secrets)
  if (!holds || !queue || !senderMaySecure(queue)) return refuse(AUTH)
  const outcome = securing(queue, command.sndKey)
  if (outcome === 'refused') return refuse(AUTH)
  const closed = refusal(queue, 'SKEY')
  if (closed) return refuse(closed)
  if (outcome === 'now') core.store.queues.secure(queue.no, command.sndKey)
  return OK
}

/** RKEY: contact queues only, which several devices or people may read. */
export function replaceRecipientKeys(turn: Turn, queue: Queue, command: CommandOf<'RKEY'>): Response {
  if (queue.mode !== 'C') return refuse(AUTH)
  turn.core.store.queues.replaceRecipientKeys(queue.no, command.rcvAuthKeys)
  return OK
}

export function suspendQueue(turn: Turn, queue: Queue): Response {
  if (queue.status.tag !== 'off') turn.core.store.queues.suspend(queue.no)
  return OK
}

export function deleteQueue(turn: Turn, queue: Queue): Response {
  const { core, caller } = turn
  core.store.queues.remove(queue.no)
  const recipient = core.subscriptions.drop(queue.no)
  caller.subscriptions.delete(queue.no)
  if (recipient && recipient !== caller) tellEvent(core, recipient, queue.rcvId, { type: 'DELD' })
  const notifier = core.subscriptions.dropNotifier(queue.no)
  if (notifier && notifier !== caller && queue.notifier)
    tellEvent(core, notifier, queue.notifier.id, { type: 'DELD' })
  core.queueCount--
  core.counters.queuesDeleted++
  return OK
}

/** QUE: what the recipient may see of its own queue, for debugging. */
export function describeQueue(turn: Turn, queue: Queue): Response {
  const { core, caller } = turn
  const mine = caller.subscriptions.get(queue.no)
  const head = core.store.messages.head(queue.no)
  const info: QueueInfo = {
    secured: queue.sndKey !== null,
    notifier: queue.notifier !== null,
    subscription: mine
      ? {
          kind: mine.kind === 'SUB' ? 'subThread' : 'prohibitSub',
          delivered: mine.delivered === null ? null : bytesOf(mine.delivered),
        }
      : null,
    size: core.store.messages.fifo(queue.no).size,
    message: head && {
      msgId: head.msgId,
      sentAt: new Date(head.sentAt).toISOString(),
      type: head.kind,
    },
  }
  return { type: 'INFO', info }
}

function bytesOf(idText: string): Uint8Array {
  return new Uint8Array(Buffer.from(idText, 'latin1').subarray(0, ID_SIZE))
}
