/** SUB, GET, ACK: how messages reach the recipient. smp.md 5.5 */
import { type Response, commandError } from '#core/protocol'
import { MILLIS_PER_DAY } from '../constants.ts'
import { OK, messageResponse, offer, refuse, tellEvent } from '../core.ts'
import { acknowledge, idText, mayAttach } from '../delivery-rules.ts'
import type { Queue } from '../queue.ts'
import type { CommandOf, Turn } from './turn.ts'

export function subscribe(turn: Turn, queue: Queue): Response {
  const { core, caller } = turn
  const existing = caller.subscriptions.get(queue.no)
  if (!mayAttach(existing, 'SUB')) return refuse(commandError('PROHIBITED'))
  if (!existing && caller.subscriptions.size >= core.limits.subscriptionsPerConnection)
    return refuse({ type: 'QUOTA' })
  const { mine, displaced } = core.subscriptions.subscribe(caller, queue.no)
  if (displaced) tellEvent(core, displaced, queue.rcvId, { type: 'END' })
  noteUse(turn, queue)
  if (!core.store.messages.isEmpty(queue.no)) offer(core, mine, null)
  return { type: 'SOK', serviceId: null }
}

export function getMessage(turn: Turn, queue: Queue): Response {
  const { core, caller } = turn
  const existing = caller.subscriptions.get(queue.no)
  if (!mayAttach(existing, 'GET')) return refuse(commandError('PROHIBITED'))
  if (!existing && caller.subscriptions.size >= core.limits.subscriptionsPerConnection)
    return refuse({ type: 'QUOTA' })
  const mine = core.subscriptions.poll(caller, queue.no)
  noteUse(turn, queue)
  const head = core.store.messages.head(queue.no)
  mine.delivered = head && idText(head.msgId)
  return head ? messageResponse(core, queue, head) : OK
}

/** Removes what was delivered; the next message of a subscription is the answer. */
export function acknowledgeMessage(turn: Turn, queue: Queue, command: CommandOf<'ACK'>): Response {
  const { core, caller } = turn
  const { messages } = core.store
  const subscription = caller.subscriptions.get(queue.no)
  const result = acknowledge(subscription, idText(command.msgId))
  if (!subscription || result.tag === 'nothing-outstanding') return refuse({ type: 'NO_MSG' })
  subscription.delivered = null
  if (messages.removeHead(queue.no, command.msgId)) core.counters.acknowledged++
  const next = result.wantsNext ? messages.head(queue.no) : null
  if (!next) return OK
  subscription.delivered = idText(next.msgId)
  return messageResponse(core, queue, next)
}

/** The day is enough to find queues that nobody wants any more, and it costs one write a day. */
function noteUse(turn: Turn, queue: Queue): void {
  const day = Math.floor(turn.core.clock.now() / MILLIS_PER_DAY)
  if (day !== queue.usedDay) turn.core.store.queues.touch(queue.no, day)
}
