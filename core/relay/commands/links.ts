/** LSET, LDEL, LKEY, LGET: data that stands behind a short link. smp.md 5.5; opaque here. */
import { ID_SIZE, type Response, commandError } from '#core/protocol'
import { OK, refuse } from '../core.ts'
import type { LinkData, Queue } from '../queue.ts'
import { AUTH, linkIsPublic, linkMayBecome, refusal, securing, senderMaySecure } from '../queue-rules.ts'
import type { CommandOf, Turn } from './turn.ts'

export function setLink(turn: Turn, queue: Queue, command: CommandOf<'LSET'>): Response {
  const { links } = turn.core.store
  const { linkId, fixed, user } = command
  if (linkId.length !== ID_SIZE) return refuse(commandError('SYNTAX'))
  const owner = links.owner(linkId)
  if (owner !== null && owner !== queue.no) return refuse(AUTH)
  if (!linkMayBecome(queue, links.get(queue.no), { linkId, fixed, user })) return refuse(AUTH)
  links.put(queue.no, { linkId, fixed, user })
  return OK
}

export function deleteLink(turn: Turn, queue: Queue): Response {
  turn.core.store.links.remove(queue.no)
  return OK
}

/** LKEY: whoever has a one-time link secures the queue and reads its data; only the first key ever does. */
export function claimLink(turn: Turn, command: CommandOf<'LKEY'>): Response {
  const { core, t } = turn
  const queue = core.store.queues.byLinkId(t.entityId)
  const holds = core.access.holds([command.sndKey], t, turn.secrets)
  const link = queue && core.store.links.get(queue.no)
  if (!holds || !queue || !link || !senderMaySecure(queue)) return refuse(AUTH)
  const outcome = securing(queue, command.sndKey)
  if (outcome === 'refused') return refuse(AUTH)
  const closed = refusal(queue, 'LKEY')
  if (closed) return refuse(closed)
  if (outcome === 'now') core.store.queues.secure(queue.no, command.sndKey)
  return linkResponse(queue, link)
}

/** LGET: a contact address is for everybody. */
export function readLink(turn: Turn): Response {
  const { core, t } = turn
  const queue = core.store.queues.byLinkId(t.entityId)
  const link = queue && core.store.links.get(queue.no)
  if (!queue || !link || !linkIsPublic(queue)) return refuse(AUTH)
  const closed = refusal(queue, 'LGET')
  return closed ? refuse(closed) : linkResponse(queue, link)
}

function linkResponse(queue: Queue, link: LinkData): Response {
  return { type: 'LNK', sndId: queue.sndId, fixed: link.fixed, user: link.user }
}
