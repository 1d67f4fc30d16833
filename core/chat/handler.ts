import { equalBytes, isAppError } from '#core/base'
import { DecodeError, type VersionRange } from '#core/encoding'
import type { AgentHandler } from '#core/agent'
import {
  type ConnectionRecord,
  type ContactRecord,
  type WriteTx,
  addUnread,
  findMessageBySharedId,
  getContact,
  insertMessage,
  markRequestDelivered,
  saveConnection,
  saveMessageText,
  setContactProfile,
} from '#core/store'
import { addressLost } from './addresses.ts'
import {
  becomeContact,
  changeConnection,
  connected,
  connectionFailed,
  connectionOf,
  ownRelayRefuses,
  resumed,
} from './connecting.ts'
import { currentVerification } from './code-watch.ts'
import { deletedByPeer, isOver } from './contacts.ts'
import { type ChatContext, newId } from './context.ts'
import { parseBody, parseConnectionInfo, type ChatMessage } from './envelope.ts'
import { type ContentRecord, encodeInfo, interpret, newMessageId, wantsReceipt } from './events.ts'
import { linkDataTold } from './link-publishing.ts'
import { chatKey, markDelivered, markFailed, markSent, sendHeld, setWaits } from './messaging.ts'
import { profileDelivered, shownProfile, shownRevision, tellProfile } from './own-profile.ts'
import { type ProfileRecord, sameProfile } from './profile-record.ts'
import { requested } from './requests.ts'
import { noteKeysAgreed } from './timeline.ts'

/** What the agent reports, turned into rows. Every call runs inside the agent's transaction. */
export function createHandler(ctx: ChatContext): AgentHandler {
  const about = (tx: WriteTx, connId: string, then: (connection: ConnectionRecord) => void): void => {
    const connection = connectionOf(tx, connId)
    if (connection) then(connection)
  }
  return {
    onConfirmation: (tx, connId, connInfo) => confirmed(ctx, tx, connId, connInfo),
    onInfo: (tx, connId, connInfo) =>
      about(tx, connId, (connection) => {
        noteKeysAgreed(tx, connection, ctx.clock.now())
        informed(ctx, tx, connection, connInfo)
      }),
    onSendReady: (tx, connId) => about(tx, connId, (connection) => sendReady(ctx, tx, connection)),
    onConnected: (tx, connId) =>
      about(tx, connId, (connection) => {
        connected(ctx, tx, connection)
        tellProfile(ctx, tx, { ...connection, phase: 'connected' })
      }),
    onMessage: (tx, connId, message) => received(ctx, tx, connId, message.body),
    onSent: (tx, connId, msgId) =>
      about(tx, connId, (connection) => {
        if (connection.profileMsgId === msgId) profileDelivered(ctx, tx, connection, msgId, true)
        else markSent(ctx, tx, connection, msgId)
      }),
    onReceipt: (tx, connId, msgId) =>
      about(tx, connId, (connection) => markDelivered(ctx, tx, connection, msgId)),
    onSendFailed: (tx, connId, msgId, error) =>
      about(tx, connId, (connection) => {
        if (connection.profileMsgId === msgId) profileDelivered(ctx, tx, connection, msgId, false)
        else markFailed(ctx, tx, connection, msgId, error.code)
      }),
    onSendDelayed: (tx, connId, waiting) =>
      about(tx, connId, (connection) => {
        setWaits(ctx, tx, connection, waiting?.for ?? 'relay')
        ownRelayRefuses(ctx, tx, connection, waiting)
      }),
    onResumed: (tx, connId) => about(tx, connId, (connection) => resumed(ctx, tx, connection)),
    onConnectionFailed: (tx, connId, error) =>
      about(tx, connId, (connection) => connectionFailed(ctx, tx, connection, error.code)),
    onUndecryptable: (_tx, _connId, error) => ctx.log.warn('message.undecryptable', { code: error.code }),
    onReceivingLost: (tx, connId, error) => {
      ctx.log.warn('connection.receiving-lost', { code: error.code })
      if (error.code === 'agent.queue-gone') addressLost(ctx, tx, connId, error.code)
    },
    onRatchetChanged: (tx, connId) =>
      about(tx, connId, (connection) => {
        if (connection.contactId !== null) currentVerification(ctx, tx, connection.contactId)
        sendHeld(ctx, tx, connection)
      }),
    onLinkData: (tx, connId, result) => linkDataTold(ctx, tx, connId, result),
    onRequest: (tx, connId, request) => requested(ctx, tx, connId, request),
  }
}

/** Somebody used our link, or accepts our request. Approved at once: that was the consent (chat.md 2.1). */
function confirmed(
  ctx: ChatContext,
  tx: WriteTx,
  connId: string,
  connInfo: Uint8Array,
): { accept: Uint8Array } | { refuse: string } {
  const connection = connectionOf(tx, connId)
  const isShown = connection?.contactId !== null && connection?.phase === 'requested'
  if (!connection || (connection.contactId !== null && !isShown)) return { refuse: 'chat.unexpected' }
  const info = readInfo(ctx, connInfo)
  if (!info) return { refuse: groupAnswer(connInfo) ?? 'chat.unreadable-profile' }
  noteKeysAgreed(tx, connection, ctx.clock.now())
  if (connection.kind === 'address') {
    for (const messageId of markRequestDelivered(tx, chatKey(connection), ctx.clock.now()))
      ctx.changes.record(tx, { type: 'message.updated', messageId })
  }
  if (isShown) {
    answered(ctx, tx, connection, connInfo)
    changeConnection(ctx, tx, connection, {
      phase: 'connecting',
      peerVersions: info.versions,
      sentProfile: shownRevision(tx, connection),
    })
  } else {
    becomeContact(ctx, tx, connection, info.profile, {
      versions: info.versions,
      phase: 'connecting',
      sentProfile: shownRevision(tx, connection),
    })
  }
  return { accept: encodeInfo(shownProfile(tx, connection)) }
}

/** Who answered a link that was used here. An unreadable profile leaves a nameless contact: its next update repairs it. */
function informed(ctx: ChatContext, tx: WriteTx, connection: ConnectionRecord, connInfo: Uint8Array): void {
  if (connection.contactId !== null) return answered(ctx, tx, connection, connInfo)
  const info = readInfo(ctx, connInfo) ?? { profile: NAMELESS, versions: { min: 1, max: 1 } }
  becomeContact(ctx, tx, connection, info.profile, {
    versions: info.versions,
    phase: connection.phase,
    sentProfile: connection.sentProfile,
  })
}

/** Who is known already, since it asked or since its link was opened: told here how it is now. */
function answered(ctx: ChatContext, tx: WriteTx, connection: ConnectionRecord, connInfo: Uint8Array): void {
  const info = connection.contactId === null ? null : readInfo(ctx, connInfo)
  const contact = connection.contactId === null ? null : getContact(tx, connection.contactId)
  if (!info || !contact) return
  noteVersions(tx, connection, info.versions)
  if (sameProfile(contact.profile, info.profile)) return
  setContactProfile(tx, contact.contactId, info.profile)
  ctx.changes.record(tx, { type: 'contact.updated', contactId: contact.contactId })
}

const NAMELESS: ProfileRecord = {
  displayName: '',
  fullName: '',
  description: null,
  image: null,
  contactLink: null,
}

function readInfo(
  ctx: ChatContext,
  connInfo: Uint8Array,
): { profile: ProfileRecord; versions: VersionRange } | null {
  try {
    const message = parseConnectionInfo(connInfo)
    const event = interpret(message)
    if (event.type === 'x.info') return { profile: event.profile, versions: message.versions }
    ctx.log.warn('connection.info-unexpected')
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    ctx.log.warn('connection.info-unreadable', error.facts)
  }
  return null
}

/** A business or group answers with a group of its own, or refuses (chat.md 2.1, groups.md 8). */
function groupAnswer(connInfo: Uint8Array): 'chat.needs-groups' | 'chat.group-refused' | null {
  try {
    const { event } = parseConnectionInfo(connInfo)
    if (event === 'x.grp.link.inv') return 'chat.needs-groups'
    return event === 'x.grp.link.reject' ? 'chat.group-refused' : null
  } catch (error) {
    if (error instanceof DecodeError) return null
    throw error
  }
}

function sendReady(ctx: ChatContext, tx: WriteTx, connection: ConnectionRecord): void {
  const now =
    connection.role === 'joiner' && connection.phase === 'connecting'
      ? changeConnection(ctx, tx, connection, { phase: 'awaiting-peer' })
      : connection
  sendHeld(ctx, tx, now)
  tellProfile(ctx, tx, now)
}

/** Whatever it is, it is acknowledged: a message that is not would block the queue (chat.md 1.6). */
function received(ctx: ChatContext, tx: WriteTx, connId: string, body: Uint8Array): { receipt: boolean } {
  let receipt = false
  let unreadable: DecodeError['facts'] | null = null
  let checked: string | null = null
  for (const parsed of parseBody(body)) {
    // Read again for each: one element of a batch may have changed or ended the connection.
    const connection = connectionOf(tx, connId)
    const contact = connection?.contactId ? getContact(tx, connection.contactId) : null
    if (!connection || !contact || isOver(contact)) return { receipt: false }
    // Once for a body: nothing in it gives us new keys.
    if (checked !== contact.contactId) currentVerification(ctx, tx, contact.contactId)
    checked = contact.contactId
    if (!parsed.ok) {
      unreadable ??= parsed.error.facts
      continue
    }
    receipt = wantsReceipt(parsed.message) || receipt
    try {
      receipt = receivedOne(ctx, tx, connection, contact, parsed.message) || receipt
    } catch (error) {
      if (!isAppError(error, 'encoding.decode')) throw error
      unreadable ??= error.facts
    }
  }
  // One line, whatever a body is full of.
  if (unreadable !== null) ctx.log.warn('message.unreadable', unreadable)
  return { receipt }
}

/** True: there is a line for it beyond what its event promises, so that it gets a receipt: the welcome, which the link has shown. */
function receivedOne(
  ctx: ChatContext,
  tx: WriteTx,
  connection: ConnectionRecord,
  contact: ContactRecord,
  message: ChatMessage,
): boolean {
  noteVersions(tx, connection, message.versions)
  const event = interpret(message)
  switch (event.type) {
    case 'x.msg.new':
      receivedText(ctx, tx, contact, event.content, message.msgId)
      return false
    case 'x.info':
      if (sameProfile(contact.profile, event.profile)) return false
      setContactProfile(tx, contact.contactId, event.profile)
      ctx.changes.record(tx, { type: 'contact.updated', contactId: contact.contactId })
      return false
    case 'x.msg.update':
      return welcomeChanged(ctx, tx, connection, event)
    case 'x.direct.del':
      deletedByPeer(ctx, tx, contact.contactId)
      return false
    case 'x.contact':
    case 'probe':
      return false
    case 'unknown':
      ctx.log.debug('message.unknown-event')
      return false
  }
}

function receivedText(
  ctx: ChatContext,
  tx: WriteTx,
  contact: ContactRecord,
  content: ContentRecord,
  sharedId: Uint8Array | null,
): void {
  const now = ctx.clock.now()
  const message = insertMessage(tx, {
    messageId: newId(ctx.random),
    contactId: contact.contactId,
    connectionId: null,
    direction: 'in',
    ...{ type: content.type, text: content.text, content: content.json },
    sharedId: sharedId ?? newMessageId(ctx.random),
    agentMsgId: null,
    status: 'received',
    error: null,
    waits: null,
    createdAt: now,
    sentAt: null,
    deliveredAt: null,
  })
  addUnread(tx, contact.contactId, 1)
  ctx.changes.record(tx, { type: 'message.received', messageId: message.messageId })
  ctx.changes.record(tx, { type: 'contact.updated', contactId: contact.contactId })
}

/** Only the welcome that a link has shown: other messages are not edited yet. chat.md 4.3 */
function welcomeChanged(
  ctx: ChatContext,
  tx: WriteTx,
  connection: ConnectionRecord,
  { msgId, content }: { msgId: Uint8Array; content: ContentRecord },
): boolean {
  if (!connection.welcomeId || !equalBytes(connection.welcomeId, msgId)) return false
  const welcome = findMessageBySharedId(tx, chatKey(connection), msgId)
  if (welcome?.direction !== 'in') return false
  if (welcome.text === content.text) return true
  saveMessageText(tx, welcome.messageId, { text: content.text, content: content.json })
  ctx.changes.record(tx, { type: 'message.updated', messageId: welcome.messageId })
  return true
}

/** Every message may change what the peer speaks (chat.md 1.5). */
function noteVersions(tx: WriteTx, connection: ConnectionRecord, versions: VersionRange): void {
  const known = connection.peerVersions
  if (known?.min === versions.min && known.max === versions.max) return
  saveConnection(tx, { ...connection, peerVersions: versions })
}
