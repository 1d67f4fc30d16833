import type { Connection, ConnectionStatus, Contact, Failure, Message, Profile } from '#core/contract'
import type { RelayAddress } from '#core/protocol'
import { incognitoProfile, profileForDisplay } from '#core/chat'
import {
  type ConnectionRecord,
  type ContactRecord,
  type MessageRecord,
  type ProfileColumns,
  type ReadDb,
  countUndelivered,
  getConnectionOfContact,
  getVerification,
  listMessages,
  listSteps,
} from '#core/store'
import { failedByOurs, messageFailure, storedFailure } from './failures.ts'
import { placeOfLink } from './link-place.ts'

/* Rows as the contract shows them. */

export function iso(time: number): string {
  return new Date(time).toISOString()
}

export function profileView(profile: ProfileColumns): Profile {
  return {
    displayName: profile.displayName,
    ...(profile.fullName !== '' && { fullName: profile.fullName }),
    ...(profile.description !== null && { description: profile.description }),
    ...(profile.image !== null && { image: profile.image }),
    ...(profile.contactLink !== null && { address: profile.contactLink }),
  }
}

const STATUS: Readonly<Record<ConnectionRecord['phase'], ConnectionStatus>> = {
  queued: 'waiting',
  unused: 'waiting',
  shared: 'waiting',
  opened: 'waiting',
  connecting: 'connecting',
  requested: 'connecting',
  'awaiting-peer': 'connecting',
  connected: 'connected',
  refused: 'failed',
  failed: 'failed',
  expired: 'failed',
}

/** What a relay of ours said ends nothing, also where an earlier version took it for the end. */
function failureOf(connection: ConnectionRecord, error: string): Failure {
  const failure = storedFailure(error)
  const goesOn = connection.phase === 'queued' || failedByOurs(connection)
  return goesOn ? { ...failure, retryable: true } : failure
}

/** `embedded`: the relay of this computer while it runs. */
export function connectionView(
  db: ReadDb,
  connection: ConnectionRecord,
  embedded: RelayAddress | null,
): Connection {
  const { link, fullLink } = connection
  const place = link !== null && fullLink !== null ? placeOfLink(db, fullLink, embedded) : null
  return {
    connectionId: connection.connectionId,
    rowId: connection.rowId,
    profileId: connection.profileId,
    kind: connection.kind,
    role: connection.role,
    status: STATUS[connection.phase],
    phase: connection.phase,
    name: connection.alias,
    incognitoProfile: incognitoView(connection),
    link: connection.link,
    fullLink: connection.fullLink,
    relay: connection.relay,
    reach: place?.reach ?? null,
    stale: place?.stale ?? null,
    contactId: connection.contactId,
    expiresAt: connection.expiresAt === null ? null : iso(connection.expiresAt),
    openedAt: connection.openedAt === null ? null : iso(connection.openedAt),
    openedAlarm: connection.openedAlarm,
    addressLabel: connection.addressLabel,
    error: connection.error === null ? null : failureOf(connection, connection.error),
    createdAt: iso(connection.createdAt),
    updatedAt: iso(connection.updatedAt),
  }
}

/** What this peer sees in place of the own profile. */
export function incognitoView({ incognitoName }: Pick<ConnectionRecord, 'incognitoName'>): Profile | null {
  return incognitoName === null ? null : profileView(incognitoProfile(incognitoName))
}

/** Who is connected for so long and has not compared is asked once. flows.md 11 */
const SUGGEST_AFTER = 86_400_000

export function contactView(db: ReadDb, contact: ContactRecord, now: number): Contact {
  const profile = profileView(profileForDisplay(contact.profile))
  const connection = getConnectionOfContact(db, contact.contactId)
  const [last] = listMessages(db, { contactId: contact.contactId }, Number.MAX_SAFE_INTEGER, 1)
  return {
    contactId: contact.contactId,
    rowId: contact.rowId,
    profileId: contact.profileId,
    name: contact.alias ?? profile.displayName,
    localName: contact.alias,
    profile,
    incognitoProfile: connection && incognitoView(connection),
    status: contact.status,
    connection: connection && contact.status === 'connecting' ? connectionView(db, connection, null) : null,
    connectedVia: {
      kind: connection?.kind ?? 'invitation',
      label: connection?.addressLabel ?? null,
      at: iso(contact.createdAt),
    },
    ...verificationView(db, contact, connection, now),
    unread: contact.unread,
    markedUnread: contact.markedUnread,
    muted: contact.muted,
    pinned: contact.pinned,
    draft: contact.draft,
    undelivered: countUndelivered(db, contact.contactId),
    lastMessage: last ? messageView(last) : null,
    createdAt: iso(contact.createdAt),
  }
}

function verificationView(
  db: ReadDb,
  contact: ContactRecord,
  connection: ConnectionRecord | null,
  now: number,
): Pick<Contact, 'verifiedAt' | 'verifiedHow' | 'codeChangedAt' | 'holdUntilVerified' | 'suggestVerify'> {
  const { verified, changedAt, hold, dismissed } = getVerification(db, contact.contactId)
  const since = (): number =>
    listSteps(db, connection?.connectionId ?? '').find(({ what }) => what === 'ready')?.at ??
    contact.createdAt
  const open = contact.status === 'active' && verified === null && changedAt === null && !dismissed
  return {
    verifiedAt: verified && iso(verified.at),
    verifiedHow: verified && verified.how,
    codeChangedAt: changedAt === null ? null : iso(changedAt),
    holdUntilVerified: hold,
    suggestVerify: open && now - since() >= SUGGEST_AFTER,
  }
}

export function messageView(message: MessageRecord): Message {
  return {
    messageId: message.messageId,
    contactId: message.contactId,
    ...(message.connectionId !== null && { connectionId: message.connectionId }),
    direction: message.direction,
    content: { type: message.type, text: message.text },
    status: message.status,
    error: message.error === null ? null : messageFailure(message.error),
    waits: message.waits,
    reactions: [],
    createdAt: iso(message.createdAt),
    sentAt: message.sentAt === null ? null : iso(message.sentAt),
    deliveredAt: message.deliveredAt === null ? null : iso(message.deliveredAt),
  }
}
