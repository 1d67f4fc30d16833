import type { Connection, Contact, Message } from '#core/contract'

const T0 = '2026-11-24T10:00:00.000Z'

export function aContact(change: Partial<Contact> = {}): Contact {
  const name = change.name ?? 'Bob'
  return {
    contactId: 'c1',
    rowId: 'r1',
    name,
    localName: null,
    profile: { displayName: name },
    incognitoProfile: null,
    status: 'active',
    connectedVia: { kind: 'invitation', label: null, at: T0 },
    verifiedAt: null,
    unread: 0,
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
    kind: 'invitation',
    role: 'creator',
    status: 'waiting',
    phase: 'unused',
    name: null,
    incognitoProfile: null,
    link: 'simplex:/invitation#x',
    fullLink: 'simplex:/invitation#x',
    relay: null,
    contactId: null,
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
