import { beforeEach, describe, expect, it } from 'vitest'
import { silentLog, utf8, type Random } from '#core/base'
import type { Agent, AgentHandler } from '#core/agent'
import {
  type Change,
  Changes,
  type ChatContext,
  createHandler,
  createProfile,
  deleteConnection,
  deleteContact,
  encodeInfo,
  markRead,
  recordInvitation,
  recordJoin,
  retryMessage,
  sendText,
  changeProfile,
} from '#core/chat'
import {
  getConnectionByConnId,
  getContact,
  listContacts,
  listMessages,
  migrations,
  openStore,
  type Store,
  type WriteTx,
} from '#core/store'
import { storedFailure } from '../../../core/app/failures.ts'

/** What the chat room asked of the agent, written down; everything else of it is the agent's own business. */
interface Asked {
  sent: { connId: string; body: string; notification: boolean }[]
  deleted: { connId: string; waitDelivery: boolean }[]
  ready: Set<string>
}

let store: Store
/** The id of Ann's profile. */
let own: string
let asked: Asked
let changes: Change[]
let chat: ChatContext
let handler: AgentHandler

const who = () => ({ profileId: own, incognitoName: null })
const write = <T>(fn: (tx: WriteTx) => T): T => store.write(fn)
const profile = (displayName: string) => ({
  ...{ displayName, fullName: '', description: null, image: null, contactLink: null },
})
const body = (event: string, params: object): Uint8Array =>
  utf8(JSON.stringify({ v: '1-16', event, params, msgId: 'QUJD' }))
const receive = (...bodies: Uint8Array[]): boolean[] =>
  bodies.map((one) =>
    write((tx) => handler.onMessage(tx, 'c', { msgId: 2, body: one, integrity: 'ok', brokerTs: 0 }).receipt),
  )
const texts = (): string[] =>
  store.read((db) => listMessages(db, { contactId: contactId() }, 1e9, 99)).map((m) => m.text)
const contactId = (): string => store.read((db) => listContacts(db, own))[0]!.contactId

beforeEach(() => {
  let counter = 0
  const random: Random = { bytes: (length) => new Uint8Array(length).fill(++counter) }
  let now = 1_000
  const clock = { now: () => ++now, after: () => () => {} }
  store = openStore(':memory:', { log: silentLog, clock, migrations })
  asked = { sent: [], deleted: [], ready: new Set() }
  changes = []
  const agent = {
    send: (_tx: WriteTx, connId: string, bytes: Uint8Array, { notification }: { notification: boolean }) => {
      asked.sent.push({ connId, body: new TextDecoder().decode(bytes), notification })
      return { msgId: asked.sent.length + 1 }
    },
    canSend: (_tx: WriteTx, connId: string) => asked.ready.has(connId),
    deleteConnection: (_tx: WriteTx, connId: string, { waitDelivery }: { waitDelivery: boolean }) => {
      asked.deleted.push({ connId, waitDelivery })
    },
  } as unknown as Agent
  chat = {
    ...{ store, clock, random, log: silentLog, agent },
    changes: new Changes((list) => changes.push(...list)),
    links: {
      readLink: () => {
        throw new Error('no links here')
      },
      isRelayAddress: () => false,
    },
  }
  handler = createHandler(chat)
  own = write((tx) => createProfile(chat, tx, profile('Ann')))
})

/** A connected contact named Bob, whose invitation was made here. */
function connectedBob(): void {
  write((tx) =>
    recordInvitation(chat, tx, { ...who(), connId: 'c', name: 'My Bob', relay: 'r', link: 'simplex:/x' }),
  )
  write((tx) => handler.onConfirmation(tx, 'c', encodeInfo(profile('Bob'))))
  asked.ready.add('c')
  write((tx) => handler.onSendReady(tx, 'c'))
  write((tx) => handler.onConnected(tx, 'c'))
}

describe('an invitation made here', () => {
  it('becomes a contact in place when somebody answers it, and is connected once', () => {
    connectedBob()
    const [contact] = store.read((db) => listContacts(db, own))
    expect(contact).toMatchObject({ alias: 'My Bob', status: 'active', profile: { displayName: 'Bob' } })
    const row = store.read((db) => getConnectionByConnId(db, 'c'))
    expect(row).toMatchObject({ rowId: contact!.rowId, link: null, phase: 'connected' })
    expect(changes.filter(({ type }) => type === 'contact.connected')).toHaveLength(1)
  })

  it('deleted before it was connected, and its chat kept, nothing of it goes on', () => {
    write((tx) =>
      recordInvitation(chat, tx, { ...who(), connId: 'c', name: 'My Bob', relay: 'r', link: 'simplex:/x' }),
    )
    write((tx) => handler.onConfirmation(tx, 'c', encodeInfo(profile('Bob'))))
    write((tx) => deleteContact(chat, tx, contactId(), { notify: true, keepChat: true }))
    expect(asked).toMatchObject({ sent: [], deleted: [{ connId: 'c', waitDelivery: false }] })
    expect(store.read((db) => getConnectionByConnId(db, 'c'))).toMatchObject({ phase: 'failed', link: null })
    expect(store.read((db) => getContact(db, contactId()))?.status).toBe('deleted')
  })

  it('answers with the own profile', () => {
    write((tx) =>
      recordInvitation(chat, tx, { ...who(), connId: 'c', name: null, relay: 'r', link: 'simplex:/x' }),
    )
    const answer = write((tx) => handler.onConfirmation(tx, 'c', encodeInfo(profile('Bob'))))
    expect(answer).toEqual({ accept: encodeInfo(profile('Ann')) })
  })

  it('refuses connection info that is no profile, and a second one', () => {
    write((tx) =>
      recordInvitation(chat, tx, { ...who(), connId: 'c', name: null, relay: 'r', link: 'simplex:/x' }),
    )
    expect(write((tx) => handler.onConfirmation(tx, 'c', utf8('{}')))).toEqual({
      refuse: 'chat.unreadable-profile',
    })
    expect(write((tx) => handler.onConfirmation(tx, 'c', body('x.ok', {})))).toEqual({
      refuse: 'chat.unreadable-profile',
    })
    write((tx) => handler.onConfirmation(tx, 'c', encodeInfo(profile('Bob'))))
    expect(write((tx) => handler.onConfirmation(tx, 'c', encodeInfo(profile('Eve'))))).toEqual({
      refuse: 'chat.unexpected',
    })
    expect(store.read((db) => listContacts(db, own))).toHaveLength(1)
  })

  it.each([
    ['x.grp.link.inv', 'chat.needs-groups'],
    ['x.grp.link.reject', 'chat.group-refused'],
  ])('NTS-9: %s, as a business or group answers, is refused for what it is', (event, code) => {
    write((tx) =>
      recordInvitation(chat, tx, { ...who(), connId: 'c', name: null, relay: 'r', link: 'simplex:/x' }),
    )
    expect(write((tx) => handler.onConfirmation(tx, 'c', body(event, {})))).toEqual({ refuse: code })
    write((tx) => handler.onConnectionFailed(tx, 'c', { code }))
    expect(store.read((db) => listContacts(db, own))).toEqual([])
    expect(storedFailure(code)).toMatchObject({ code: 'LINK_VERSION', reason: 'needs-groups' })
  })

  it('goes back to being a pending row with a reason when the connection fails before it was there', () => {
    write((tx) =>
      recordInvitation(chat, tx, { ...who(), connId: 'c', name: null, relay: 'r', link: 'simplex:/x' }),
    )
    write((tx) => handler.onConfirmation(tx, 'c', encodeInfo(profile('Bob'))))
    write((tx) => handler.onConnectionFailed(tx, 'c', { code: 'agent.not-available' }))
    expect(store.read((db) => listContacts(db, own))).toEqual([])
    expect(store.read((db) => getConnectionByConnId(db, 'c'))).toMatchObject({
      phase: 'refused',
      error: 'agent.not-available',
      contactId: null,
    })
  })
})

describe('a link used here', () => {
  it('CON-7: holds what is written and sends it in order as soon as the connection can', () => {
    const { connectionId } = write((tx) =>
      recordJoin(chat, tx, { ...who(), connId: 'c', name: null, relay: 'r' }),
    )
    for (const text of ['one', 'two']) write((tx) => sendText(chat, tx, { connectionId }, text))
    expect(asked.sent).toEqual([])
    asked.ready.add('c')
    write((tx) => handler.onSendReady(tx, 'c'))
    expect(
      asked.sent.map(
        ({ body: sent }) =>
          (JSON.parse(sent) as { params: { content: { text: string } } }).params.content.text,
      ),
    ).toEqual(['one', 'two'])
    write((tx) => handler.onSent(tx, 'c', 2))
    write((tx) => handler.onInfo(tx, 'c', encodeInfo(profile('Bob'))))
    write((tx) => handler.onConnected(tx, 'c'))
    write((tx) => handler.onReceipt(tx, 'c', 2, true))
    const messages = store.read((db) => listMessages(db, { contactId: contactId() }, 1e9, 9))
    expect(messages.map(({ text, status }) => [text, status])).toEqual([
      ['two', 'sending'],
      ['one', 'delivered'],
    ])
  })

  it('fails what was written when the connection does, and the row says refused', () => {
    const { connectionId } = write((tx) =>
      recordJoin(chat, tx, { ...who(), connId: 'c', name: null, relay: 'r' }),
    )
    write((tx) => sendText(chat, tx, { connectionId }, 'one'))
    write((tx) => handler.onConnectionFailed(tx, 'c', { code: 'agent.not-available' }))
    expect(store.read((db) => listMessages(db, { connectionId }, 1e9, 9))[0]).toMatchObject({
      status: 'failed',
    })
    expect(() => write((tx) => sendText(chat, tx, { connectionId }, 'two'))).toThrow()
  })

  it('PEN-4: deleting it says that the other side may wait', () => {
    const { connectionId } = write((tx) =>
      recordJoin(chat, tx, { ...who(), connId: 'c', name: null, relay: 'r' }),
    )
    expect(write((tx) => deleteConnection(chat, tx, connectionId))).toEqual({ peerMayWait: true })
    expect(asked.deleted).toEqual([{ connId: 'c', waitDelivery: false }])
    // What the agent had under way comes too late and does nothing.
    write((tx) => handler.onInfo(tx, 'c', encodeInfo(profile('Bob'))))
    write((tx) => handler.onConnected(tx, 'c'))
    expect(store.read((db) => listContacts(db, own))).toEqual([])
  })
})

describe('messages of a contact', () => {
  beforeEach(connectedBob)

  it('stores every message of a batch and owes one receipt', () => {
    const one = { v: '1-16', event: 'x.msg.new', params: { content: { type: 'text', text: 'a' } } }
    const two = { ...one, params: { content: { type: 'text', text: 'b' } } }
    expect(receive(utf8(JSON.stringify([one, { event: 'broken' }, two])))).toEqual([true])
    expect(texts()).toEqual(['b', 'a'])
    expect(store.read((db) => getContact(db, contactId()))?.unread).toBe(2)
    write((tx) => markRead(chat, tx, contactId()))
    expect(store.read((db) => getContact(db, contactId()))?.unread).toBe(0)
  })

  it('takes unknown events, probes and broken bodies without a word and without a receipt', () => {
    const odd = [
      body('x.brand.new', {}),
      body('x.info.probe', { probe: 'AA==' }),
      body('x.msg.update', { msgId: 'QUJD', content: { type: 'text', text: 'no' } }),
      utf8('garbage'),
      // can be read by a parser and written down by none
      utf8(
        `{"v":"1-16","event":"x.msg.new","params":{"content":{"type":"text","text":"deep","a":${'['.repeat(6_000)}${']'.repeat(6_000)}}}}`,
      ),
      new Uint8Array(0),
    ]
    expect(receive(...odd)).toEqual(odd.map(() => false))
    expect(texts()).toEqual([])
  })

  it('keeps a content that it cannot show, whole', () => {
    receive(body('x.msg.new', { content: { type: 'poll', text: 'Lunch?', options: ['yes'] } }))
    const [message] = store.read((db) => listMessages(db, { contactId: contactId() }, 1e9, 9))
    expect(message).toMatchObject({ type: 'poll', text: 'Lunch?' })
    expect(JSON.parse(message!.content)).toMatchObject({ options: ['yes'] })
  })

  it('takes over a changed profile, and says nothing where nothing changed', () => {
    changes.length = 0
    receive(body('x.info', { profile: { displayName: 'Bob', fullName: '' } }))
    expect(changes).toEqual([])
    receive(body('x.info', { profile: { displayName: 'Rob', fullName: '' } }))
    expect(changes).toEqual([{ type: 'contact.updated', contactId: contactId() }])
  })

  it('CHT-13: x.direct.del ends the connection, fails what waits, keeps the history', () => {
    receive(body('x.msg.new', { content: { type: 'text', text: 'bye' } }))
    write((tx) => sendText(chat, tx, { contactId: contactId() }, 'wait'))
    receive(body('x.direct.del', {}), body('x.msg.new', { content: { type: 'text', text: 'ghost' } }))
    expect(asked.deleted).toEqual([{ connId: 'c', waitDelivery: false }])
    expect(store.read((db) => getContact(db, contactId()))?.status).toBe('deleted-by-peer')
    expect(texts()).toEqual(['wait', 'bye'])
    expect(store.read((db) => listMessages(db, { contactId: contactId() }, 1e9, 9))[0]?.status).toBe('failed')
    expect(() => write((tx) => sendText(chat, tx, { contactId: contactId() }, 'more'))).toThrow()
  })

  it('retries only what failed, under the same shared id', () => {
    const { messageId } = write((tx) => sendText(chat, tx, { contactId: contactId() }, 'again'))
    expect(() => write((tx) => retryMessage(chat, tx, messageId))).toThrow()
    write((tx) => handler.onSendFailed(tx, 'c', 2, { code: 'agent.expired' }))
    expect(write((tx) => retryMessage(chat, tx, messageId)).status).toBe('sending')
    const ids = asked.sent.map(({ body: sent }) => (JSON.parse(sent) as { msgId: string }).msgId)
    expect(new Set(ids).size).toBe(1)
    write((tx) => handler.onReceipt(tx, 'c', 3, true))
    write((tx) => handler.onSent(tx, 'c', 3))
    expect(store.read((db) => listMessages(db, { contactId: contactId() }, 1e9, 9))[0]?.status).toBe(
      'delivered',
    )
  })

  it('refuses a text that does not fit one message, and stores nothing', () => {
    expect(() => write((tx) => sendText(chat, tx, { contactId: contactId() }, 'ä'.repeat(8_000)))).toThrow(
      expect.objectContaining({ code: 'chat.too-large' }) as Error,
    )
    expect(texts()).toEqual([])
  })

  it('tells the contact of a changed profile, once', () => {
    write((tx) => changeProfile(chat, tx, own, { displayName: 'Anna' }))
    write((tx) => changeProfile(chat, tx, own, { displayName: 'Anna' }))
    expect(asked.sent).toHaveLength(1)
    expect(asked.sent[0]).toMatchObject({ connId: 'c', notification: false })
  })

  it('INF-4: deletes with a word to the other side, or without', () => {
    write((tx) => deleteContact(chat, tx, contactId(), { notify: true, keepChat: false }))
    expect(asked.sent.map(({ body: sent }) => (JSON.parse(sent) as { event: string }).event)).toEqual([
      'x.direct.del',
    ])
    expect(asked.deleted).toEqual([{ connId: 'c', waitDelivery: true }])
    expect(store.read((db) => getConnectionByConnId(db, 'c'))).toBeNull()
  })

  const statusOfBob = () => store.read((db) => getContact(db, contactId()))?.status
  const statuses = () =>
    store.read((db) => listMessages(db, { contactId: contactId() }, 1e9, 9)).map(({ status }) => status)

  it('INF-4: keeps the chat to read, and tells nobody', () => {
    receive(body('x.msg.new', { content: { type: 'text', text: 'hello' } }))
    write((tx) => sendText(chat, tx, { contactId: contactId() }, 'with the agent'))
    asked.ready.delete('c')
    write((tx) => sendText(chat, tx, { contactId: contactId() }, 'held'))
    asked.sent.length = 0
    asked.ready.add('c')
    write((tx) => deleteContact(chat, tx, contactId(), { notify: false, keepChat: true }))
    expect(asked.sent).toEqual([])
    expect(asked.deleted).toEqual([{ connId: 'c', waitDelivery: false }])
    expect(statusOfBob()).toBe('deleted')
    expect(statuses()).toEqual(['failed', 'failed', 'received'])
    expect(store.read((db) => getContact(db, contactId()))?.unread).toBe(0)
    for (const deed of [
      (tx: WriteTx) => sendText(chat, tx, { contactId: contactId() }, 'more'),
      (tx: WriteTx) =>
        retryMessage(
          chat,
          tx,
          store.read((db) => listMessages(db, { contactId: contactId() }, 1e9, 9))[0]!.messageId,
        ),
    ])
      expect(() => write(deed)).toThrow(expect.objectContaining({ code: 'chat.ended-here' }) as Error)
  })

  it('INF-4: keeps the chat and tells them; what the agent has taken goes out first and says so', () => {
    write((tx) => sendText(chat, tx, { contactId: contactId() }, 'with the agent'))
    write((tx) => deleteContact(chat, tx, contactId(), { notify: true, keepChat: true }))
    expect(asked.sent.map(({ body: sent }) => (JSON.parse(sent) as { event: string }).event)).toEqual([
      'x.msg.new',
      'x.direct.del',
    ])
    expect(asked.deleted).toEqual([{ connId: 'c', waitDelivery: true }])
    expect(statuses()).toEqual(['sending'])
    write((tx) => handler.onSent(tx, 'c', 2))
    write((tx) => handler.onSent(tx, 'c', 3))
    expect(statuses()).toEqual(['sent'])
    expect(receive(body('x.msg.new', { content: { type: 'text', text: 'ghost' } }))).toEqual([false])
    expect(texts()).toEqual(['with the agent'])
  })

  it('a kept chat goes whole when it is deleted, and says nothing more to anybody', () => {
    write((tx) => deleteContact(chat, tx, contactId(), { notify: false, keepChat: true }))
    asked.deleted.length = 0
    write((tx) => deleteContact(chat, tx, contactId(), { notify: true, keepChat: false }))
    expect([asked.sent, asked.deleted]).toEqual([[], []])
    expect(store.read((db) => listContacts(db, own))).toEqual([])
  })

  it('keeping a chat that the other side has ended leaves it theirs to have ended', () => {
    receive(body('x.direct.del', {}))
    write((tx) => deleteContact(chat, tx, contactId(), { notify: true, keepChat: true }))
    expect(statusOfBob()).toBe('deleted-by-peer')
    expect(asked.sent).toEqual([])
  })
})
