import type { Address, Connection, Contact, Message, ProfileEntry, Request } from '#core/contract'

const T0 = '2026-11-24T10:00:00.000Z'

export function aContact(change: Partial<Contact> = {}): Contact {
  const name = change.name ?? 'Bob'
  return {
    contactId: 'c1',
    rowId: 'r1',
    profileId: 'p1',
    name,
    localName: null,
    profile: { displayName: name },
    incognitoProfile: null,
    status: 'active',
    connection: null,
    connectedVia: { kind: 'invitation', label: null, at: T0 },
    verifiedAt: null,
    verifiedHow: null,
    codeChangedAt: null,
    holdUntilVerified: false,
    suggestVerify: false,
    unread: 0,
    markedUnread: false,
    muted: false,
    pinned: false,
    draft: null,
    undelivered: 0,
    lastMessage: null,
    createdAt: T0,
    ...change,
  }
}

export function aConnection(change: Partial<Connection> = {}): Connection {
  return {
    connectionId: 'k1',
    rowId: 'r1',
    profileId: 'p1',
    kind: 'invitation',
    role: 'creator',
    status: 'waiting',
    phase: 'unused',
    name: null,
    incognitoProfile: null,
    link: 'simplex:/invitation#x',
    fullLink: 'simplex:/invitation#x',
    relay: null,
    reach: 'internet',
    stale: null,
    contactId: null,
    expiresAt: null,
    openedAt: null,
    openedAlarm: false,
    addressLabel: null,
    error: null,
    createdAt: T0,
    updatedAt: T0,
    ...change,
  }
}

export function aMessage(change: Partial<Message> & { text?: string } = {}): Message {
  const { text, ...rest } = change
  return {
    messageId: 'm1',
    contactId: 'c1',
    direction: 'in',
    content: { type: 'text', text: text ?? 'hello' },
    status: 'received',
    error: null,
    waits: null,
    reactions: [],
    createdAt: T0,
    sentAt: null,
    deliveredAt: null,
    ...rest,
  }
}

export function anAddress(change: Partial<Address> = {}): Address {
  return {
    addressId: 'a1',
    profileId: 'p1',
    link: 'simplex:/contact#x',
    fullLink: 'simplex:/contact#x',
    label: null,
    isDefault: true,
    state: 'active',
    autoAccept: null,
    welcomeMessage: null,
    sharedInProfile: false,
    stopAt: null,
    stopAfter: null,
    requests: { waiting: 0, total: 0, accepted: 0, rejected: 0, dropped: 0 },
    flood: false,
    relay: 'relay.example',
    reach: 'internet',
    stale: null,
    relayEnabled: true,
    profileUpdates: { pending: 0, failed: 0 },
    error: null,
    createdAt: T0,
    ...change,
  }
}

export function aRequest(change: Partial<Request> = {}): Request {
  return {
    requestId: 'q1',
    rowId: 'rq1',
    profileId: 'p1',
    addressId: 'a1',
    addressLabel: null,
    profile: { displayName: 'Jonas' },
    message: null,
    repeats: 0,
    state: 'waiting',
    createdAt: T0,
    updatedAt: T0,
    ...change,
  }
}

export function anEntry(change: Partial<ProfileEntry> = {}): ProfileEntry {
  return {
    profileId: 'p1',
    profile: { displayName: 'Ines' },
    active: true,
    hidden: false,
    muted: false,
    unread: 0,
    contacts: 0,
    requests: 0,
    ...change,
  }
}
