/** Accepting requests: what is chosen at the first attempt, what the contact begins with, and how an attempt ends. */
import {
  type ConnectionRecord,
  type ReadDb,
  type RequestRecord,
  type WriteTx,
  getAddress,
  getConnectionOfRequest,
  getRequest,
  insertMessage,
  saveRequest,
} from '#core/store'
import { addConnection, becomeContact } from './connecting.ts'
import { type ChatContext, newId } from './context.ts'
import { ChatError } from './errors.ts'
import { encodeInfo, newMessageId, textContent } from './events.ts'
import { sendText } from './messaging.ts'
import { shownProfile, shownRevision } from './own-profile.ts'
import { endRequest } from './request-end.ts'

/**
 * From now on the request is being accepted, also over restarts. Repeated, it answers the same; what the first attempt
 * chose (the own name shown, the ids) stays. The welcome is that of the address now, and of the last attempt where the
 * address is gone.
 */
export function beginAcceptance(
  ctx: ChatContext,
  tx: WriteTx,
  requestId: string,
  incognitoName: string | null,
): { connectionId: string } {
  const request = getRequest(tx, requestId)
  if (!request) {
    const done = getConnectionOfRequest(tx, requestId)
    if (!done) throw new ChatError('chat.not-found', 'no such request')
    return { connectionId: done.connectionId }
  }
  if (request.state === 'gone') throw new ChatError('chat.request-gone', 'the asker is gone')
  const connectionId = request.connectionId ?? newId(ctx.random)
  if (request.state !== 'accepting') {
    const address = request.addressId === null ? null : getAddress(tx, request.addressId)
    saveRequest(tx, {
      ...request,
      state: 'accepting',
      error: null,
      connectionId,
      incognitoName: request.connectionId === null ? incognitoName : request.incognitoName,
      welcome: address ? address.welcome : request.welcome,
      updatedAt: ctx.clock.now(),
    })
    ctx.changes.record(tx, { type: 'request.updated', requestId })
  }
  tx.afterCommit(() => ctx.acceptSoon?.(requestId))
  return { connectionId }
}

/** What the first attempt to accept has chosen to show; null: there was none yet. */
export function shownToAsker(db: ReadDb, requestId: string): { incognitoName: string | null } | null {
  const request = getRequest(db, requestId)
  if (!request) return getConnectionOfRequest(db, requestId)
  return request.connectionId === null ? null : request
}

/** What the asker is told of this side. */
export function acceptanceInfo(tx: WriteTx, request: RequestRecord): Uint8Array {
  return encodeInfo(shownProfile(tx, request))
}

/**
 * Runs in the transaction in which the agent stores the connection. The request becomes a contact in the same row, with
 * the asker's message and, to be sent as soon as the connection can send, the welcome: here and nowhere else it is
 * written, so that it goes out once and first.
 */
export function recordAcceptance(
  ctx: ChatContext,
  tx: WriteTx,
  requestId: string,
  made: { connId: string; relay: string },
): void {
  const request = getRequest(tx, requestId)
  if (!request) throw new ChatError('chat.not-found', 'no such request')
  const { connectionId, rowId, profileId, incognitoName, contactReqId, addressLabel, welcomeId } = request
  const pending = addConnection(
    ctx,
    tx,
    { ...made, profileId, incognitoName, name: null },
    {
      role: 'creator',
      phase: 'connecting',
      kind: 'address',
      connectionId: connectionId ?? newId(ctx.random),
      rowId,
      contactReqId,
      addressLabel,
      welcomeId,
      requestId,
    },
  )
  const { connection } = becomeContact(ctx, tx, pending, request.profile, {
    versions: request.peerVersions,
    phase: 'connecting',
    sentProfile: shownRevision(tx, request),
  })
  endRequest(ctx, tx, request, 'accepted')
  firstMessages(ctx, tx, request, connection)
}

function firstMessages(
  ctx: ChatContext,
  tx: WriteTx,
  request: RequestRecord,
  connection: ConnectionRecord,
): void {
  const { contactId } = connection
  if (contactId === null) return
  if (request.message !== null) {
    const content = textContent(request.message)
    const { messageId } = insertMessage(tx, {
      messageId: newId(ctx.random),
      contactId,
      connectionId: null,
      direction: 'in',
      ...{ type: content.type, text: content.text, content: content.json },
      sharedId: request.messageId ?? newMessageId(ctx.random),
      agentMsgId: null,
      status: 'received',
      error: null,
      waits: null,
      createdAt: request.createdAt,
      sentAt: null,
      deliveredAt: null,
    })
    ctx.changes.record(tx, { type: 'message.updated', messageId })
  }
  if (request.welcome !== null)
    sendText(ctx, tx, { contactId }, request.welcome, request.welcomeId ?? undefined)
}

/** The asker has deleted its queue: nobody will answer to an acceptance. */
export function requestGone(ctx: ChatContext, tx: WriteTx, requestId: string): void {
  endAttempt(ctx, tx, requestId, 'gone', null)
}

export function acceptanceFailed(ctx: ChatContext, tx: WriteTx, requestId: string, code: string): void {
  endAttempt(ctx, tx, requestId, 'failed', code)
}

function endAttempt(
  ctx: ChatContext,
  tx: WriteTx,
  requestId: string,
  state: 'gone' | 'failed',
  error: string | null,
): void {
  const request = getRequest(tx, requestId)
  if (request?.state !== 'accepting') return
  saveRequest(tx, { ...request, state, error, updatedAt: ctx.clock.now() })
  ctx.changes.record(tx, { type: 'request.updated', requestId })
}

/** Another request of the same asker has become a contact: this row has nothing more to do. */
export function acceptedElsewhere(ctx: ChatContext, tx: WriteTx, requestId: string): void {
  const request = getRequest(tx, requestId)
  if (!request) return
  ctx.agent.dropRequest(tx, request.agentKey)
  endRequest(ctx, tx, request, 'accepted')
}
