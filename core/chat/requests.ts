/**
 * Requests at own addresses. One row for one asker, whatever often it asks:
 *
 *     waiting ──accept──▶ accepting ──relay agrees──▶ (a contact, the row is gone)
 *        │ ▲                  ├──asker has left──▶ gone ──asks again──▶ waiting
 *        │ └─────try again────┴──cannot be done──▶ failed
 *        └──reject──▶ (nothing: the asker is not told)
 */
import { DecodeError, type VersionRange } from '#core/encoding'
import {
  type AddressRecord,
  type RequestRecord,
  type WriteTx,
  countRequests,
  findRequestOfAsker,
  getAddress,
  getAddressByConnId,
  getRequest,
  ignoreAsker,
  insertRequest,
  isAcceptedAsker,
  isIgnored,
  saveAddress,
  saveRequest,
} from '#core/store'
import { beginAcceptance } from './accepting.ts'
import { countArrival, takesRequests } from './arrivals.ts'
import { MAX_REQUESTS } from './constants.ts'
import { type ChatContext, newId } from './context.ts'
import { parseConnectionInfo } from './envelope.ts'
import { ChatError } from './errors.ts'
import { type ContactRequest, interpret } from './events.ts'
import { randomName } from './incognito.ts'
import { publishAddress } from './link-publishing.ts'
import { endRequest } from './request-end.ts'

/** For the agent: whether to keep the invitation, and in the place of which (chat.md 4.4). */
export function requested(
  ctx: ChatContext,
  tx: WriteTx,
  connId: string,
  request: { requestKey: string; connInfo: Uint8Array },
): { store: boolean; as?: string } {
  const address = getAddressByConnId(tx, connId)
  if (!address) return { store: false }
  const info = readRequest(ctx, request.connInfo)
  const asker = info?.contactReqId ?? null
  const { profileId } = address
  if (asker && isAcceptedAsker(tx, profileId, asker)) return { store: false }
  const known = asker && findRequestOfAsker(tx, profileId, asker)
  if (info && known) {
    askedAgain(ctx, tx, known, info)
    return { store: true, as: known.agentKey }
  }
  const now = ctx.clock.now()
  const keep =
    info !== null &&
    takesRequests(address, now) &&
    !(asker && isIgnored(tx, profileId, asker)) &&
    countRequests(tx, address.addressId) < MAX_REQUESTS
  saveAddress(tx, countArrival(address, keep, now))
  // The last one that it takes stops it.
  if (keep) publishAddress(ctx, tx, address.addressId)
  if (keep) addRequest(ctx, tx, address, request.requestKey, info)
  ctx.changes.record(tx, { type: 'address.updated', addressId: address.addressId })
  return { store: keep }
}

type ReadRequest = ContactRequest & { versions: VersionRange }

/** `x.info` is how old versions ask. */
function readRequest(ctx: ChatContext, connInfo: Uint8Array): ReadRequest | null {
  try {
    const message = parseConnectionInfo(connInfo)
    const event = interpret(message)
    const { versions } = message
    if (event.type === 'x.contact') return { ...event, versions }
    if (event.type === 'x.info')
      return { ...event, versions, contactReqId: null, welcomeMsgId: null, message: null }
    ctx.log.warn('request.unexpected')
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    ctx.log.warn('request.unreadable', error.facts)
  }
  return null
}

function addRequest(
  ctx: ChatContext,
  tx: WriteTx,
  address: AddressRecord,
  agentKey: string,
  info: ReadRequest,
): void {
  const now = ctx.clock.now()
  const requestId = newId(ctx.random)
  const row: Omit<RequestRecord, 'seq'> = {
    requestId,
    rowId: newId(ctx.random),
    profileId: address.profileId,
    agentKey,
    addressId: address.addressId,
    addressLabel: address.label,
    contactReqId: info.contactReqId,
    profile: info.profile,
    message: info.message?.content.text ?? null,
    messageId: info.message?.msgId ?? null,
    welcomeId: info.welcomeMsgId,
    peerVersions: info.versions,
    repeats: 0,
    state: 'waiting',
    error: null,
    incognitoName: null,
    connectionId: null,
    welcome: null,
    createdAt: now,
    updatedAt: now,
  }
  insertRequest(tx, row)
  ctx.changes.record(tx, { type: 'request.received', requestId })
  autoAccept(ctx, tx, requestId)
}

/** The newest profile, message and invitation are the ones that count (chat.md 4.4). */
function askedAgain(ctx: ChatContext, tx: WriteTx, known: RequestRecord, info: ReadRequest): void {
  const begun = known.state === 'accepting'
  saveRequest(tx, {
    ...known,
    ...messageAfter(known, info.message),
    profile: info.profile,
    welcomeId: info.welcomeMsgId,
    peerVersions: info.versions,
    repeats: known.repeats + 1,
    state: begun ? 'accepting' : 'waiting',
    error: null,
    updatedAt: ctx.clock.now(),
  })
  ctx.changes.record(tx, { type: 'request.updated', requestId: known.requestId })
  if (!begun) autoAccept(ctx, tx, known.requestId)
}

/** The same id: a new text. None: it was taken back. Another id is not the message of this request. */
function messageAfter(
  known: RequestRecord,
  message: ContactRequest['message'],
): Pick<RequestRecord, 'message' | 'messageId'> {
  if (!message) return { message: null, messageId: null }
  const other =
    known.messageId !== null && Buffer.compare(Buffer.from(known.messageId), Buffer.from(message.msgId)) !== 0
  if (other) return { message: known.message, messageId: known.messageId }
  return { message: message.content.text, messageId: message.msgId }
}

function autoAccept(ctx: ChatContext, tx: WriteTx, requestId: string): void {
  const request = getRequest(tx, requestId)
  const address = request?.addressId ? getAddress(tx, request.addressId) : null
  if (!address?.autoAccept) return
  const name = address.autoAccept === 'incognito' ? randomName(ctx.random) : null
  beginAcceptance(ctx, tx, requestId, name)
}

/* ---- rejecting */

/** Nothing is sent. With `ignore`, whoever asks again under the same id is not heard. */
export function rejectRequest(ctx: ChatContext, tx: WriteTx, requestId: string, ignore: boolean): void {
  const request = getRequest(tx, requestId)
  if (!request) throw new ChatError('chat.not-found', 'no such request')
  const { profileId, contactReqId } = request
  if (ignore && contactReqId !== null) ignoreAsker(tx, profileId, contactReqId, ctx.clock.now())
  ctx.agent.dropRequest(tx, request.agentKey)
  endRequest(ctx, tx, request, request.state === 'gone' ? 'gone' : 'rejected')
}

/** Those that are still there; their number. */
export function rejectRequests(ctx: ChatContext, tx: WriteTx, requestIds: readonly string[]): number {
  const there = [...new Set(requestIds)].filter((requestId) => getRequest(tx, requestId))
  for (const requestId of there) rejectRequest(ctx, tx, requestId, false)
  return there.length
}
