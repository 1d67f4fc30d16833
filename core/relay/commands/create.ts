/** NEW. smp.md 5.2 */
import { EMPTY, equalBytes } from '#core/base'
import { CryptoError, constantTimeEqual, generateX25519, sha256, sha3_384, x25519 } from '#core/crypto'
import { ID_SIZE, type NotifierKeys, type QueueRequest, type Response, commandError } from '#core/protocol'
import { MILLIS_PER_DAY } from '../constants.ts'
import { type RelayCore, refuse } from '../core.ts'
import type { LinkData, Notifier } from '../queue.ts'
import { AUTH } from '../queue-rules.ts'
import type { CommandOf, Turn } from './turn.ts'

export function createQueue(turn: Turn, command: CommandOf<'NEW'>): Response {
  const { core, t } = turn
  if (!core.access.holds([command.rcvAuthKey], t, turn.secrets)) return refuse(AUTH)
  if (!core.limits.newQueues || !passwordFits(core, command.password)) return refuse(AUTH)
  const { queues, queuesPerConnection } = core.limits
  if (core.queueCount >= queues || turn.caller.queuesMade >= queuesPerConnection)
    return refuse({ type: 'QUOTA' })
  const link = command.request?.link ?? null
  if (link && !equalBytes(link.sndId, sndIdFor(t.corrId))) return refuse(commandError('PROHIBITED'))
  const linkId = linkIdFor(core, command.request)
  if (linkId && linkId.length !== ID_SIZE) return refuse(commandError('SYNTAX'))
  if (link && idsTaken(core, link.sndId, linkId)) return refuse(AUTH)
  const dh = sharedSecret(core, command.rcvDhKey)
  const made = command.notifier && makeNotifier(core, command.notifier)
  if (!dh || (command.notifier && !made)) return refuse({ type: 'CRYPTO' })
  const rcvId = core.random.bytes(ID_SIZE)
  const sndId = link ? link.sndId : core.random.bytes(ID_SIZE)
  const mode = command.request?.mode ?? null
  const no = core.store.queues.insert({
    rcvId,
    sndId,
    rcvKeys: [command.rcvAuthKey],
    rcvDhSecret: dh.secret,
    mode,
    notifier: made?.notifier ?? null,
    usedDay: Math.floor(core.clock.now() / MILLIS_PER_DAY),
  })
  if (link && linkId) core.store.links.put(no, linkData(linkId, link))
  if (command.subscribe) core.subscriptions.subscribe(turn.caller, no)
  core.queueCount++
  turn.caller.queuesMade++
  core.counters.queuesCreated++
  const ids = { rcvId, sndId, srvDhKey: dh.publicKey, mode, linkId, serviceId: null }
  return { type: 'IDS', ...ids, notifier: made?.ids ?? null }
}

/** Without a configured password any is accepted. Hashes are compared, so that its length does not show either. */
function passwordFits(core: RelayCore, given: Uint8Array | null): boolean {
  return core.passwordHash === null || constantTimeEqual(core.passwordHash, sha256(given ?? EMPTY))
}

/** A client that brings link data must know its sndId beforehand, and nobody may choose another's. */
function sndIdFor(corrId: Uint8Array): Uint8Array {
  return sha3_384(corrId).subarray(0, ID_SIZE)
}

/** The client derives the one of a contact address; an invitation's is ours to make. */
function linkIdFor(core: RelayCore, request: QueueRequest | null): Uint8Array | null {
  if (!request?.link) return null
  return request.mode === 'C' ? request.link.linkId : core.random.bytes(ID_SIZE)
}

function idsTaken(core: RelayCore, sndId: Uint8Array, linkId: Uint8Array | null): boolean {
  const { queues, links } = core.store
  return queues.bySndId(sndId) !== null || (linkId !== null && links.owner(linkId) !== null)
}

function linkData(linkId: Uint8Array, link: { fixed: Uint8Array; user: Uint8Array }): LinkData {
  return { linkId, fixed: link.fixed, user: link.user }
}

/** Null for a key of low order: its secret would be known to everybody. */
function sharedSecret(core: RelayCore, peer: Uint8Array) {
  const own = generateX25519(core.random)
  try {
    return { publicKey: own.publicKey, secret: x25519(own.privateKey, peer) }
  } catch (error) {
    if (error instanceof CryptoError) return null
    throw error
  }
}

/** A new id and secret every time. */
export function makeNotifier(core: RelayCore, keys: NotifierKeys) {
  const dh = sharedSecret(core, keys.rcvNtfDhKey)
  if (!dh) return null
  const id = core.random.bytes(ID_SIZE)
  const notifier: Notifier = { id, key: keys.ntfKey, dhSecret: dh.secret }
  return { notifier, ids: { ntfId: id, srvNtfDhKey: dh.publicKey } }
}
