/** SEND. smp.md 5.5 */
import { EMPTY, type Millis } from '#core/base'
import { ID_SIZE, type Response, maxBodySize, sealNotificationMeta } from '#core/protocol'
import { OK, type RelayCore, offer, refuse, tellEvent } from '../core.ts'
import type { Fifo, Queue } from '../queue.ts'
import { AUTH, admission, linkIsSpent, refusal } from '../queue-rules.ts'
import { queueForSender } from './lookup.ts'
import type { CommandOf, Turn } from './turn.ts'

export function sendMessage(turn: Turn, command: CommandOf<'SEND'>): Response {
  const { core, t, version } = turn
  const queue = queueForSender(turn)
  if (!core.access.sender(queue, t, turn.secrets)) return refuse(AUTH)
  if (command.body.length > maxBodySize(version)) return refuse({ type: 'LARGE_MSG' })
  const closed = refusal(queue, 'SEND')
  if (closed) return refuse(closed)
  const stored = (): Response => store(core, queue, command)
  // A notice is a second row that counts only with the first. The link of a secured queue is spent with or without it.
  return command.notify && queue.notifier ? core.store.part(stored) : stored()
}

function store(core: RelayCore, queue: Queue, command: CommandOf<'SEND'>): Response {
  const { messages, links } = core.store
  const now = core.clock.now()
  if (linkIsSpent(queue)) links.remove(queue.no)
  const fifo = livingFifo(core, queue.no, now)
  const admitted = admission(fifo, core.limits.quota)
  if (admitted === 'full') return refuse({ type: 'QUOTA' })
  const seq = fifo.lastSeq + 1
  const msgId = core.random.bytes(ID_SIZE)
  const message = messages.append(
    queue.no,
    admitted === 'store'
      ? { seq, msgId, sentAt: now, kind: 'message', notify: command.notify, body: command.body }
      : { seq, msgId, sentAt: now, kind: 'quota', notify: false, body: EMPTY },
  )
  const subscriber = core.subscriptions.recipient(queue.no)
  if (subscriber) offer(core, subscriber, fifo.size === 0 ? { queue, message } : null)
  if (admitted === 'mark') return refuse({ type: 'QUOTA' })
  core.counters.sent++
  if (command.notify) notify(core, queue, msgId, now)
  return OK
}

/** After expiry, where every SEND looks for it. */
function livingFifo(
  { store: { messages }, limits, counters }: RelayCore,
  queueNo: number,
  now: Millis,
): Fifo {
  const fifo = messages.fifo(queueNo)
  if (fifo.size === 0 || !limits.expireOnSend) return fifo
  const expired = messages.expireHead(queueNo, now - limits.messageTtl)
  counters.expired += expired
  return expired === 0 ? fifo : messages.fifo(queueNo)
}

/** A notifier learns that there is a message, and its id for the recipient's eyes only. smp.md 5.3, NMSG */
function notify(core: RelayCore, queue: Queue, msgId: Uint8Array, now: Millis): void {
  const { notifier } = queue
  if (!notifier) return
  const nonce = core.random.bytes(ID_SIZE)
  const meta = sealNotificationMeta(notifier.dhSecret, nonce, { msgId, brokerTs: now })
  const listening = core.subscriptions.notifier(queue.no)
  if (listening) tellEvent(core, listening, notifier.id, { type: 'NMSG', nonce, meta })
  else core.store.notices.add(queue.no, { nonce, meta }, now, core.limits.noticesPerQueue)
}
