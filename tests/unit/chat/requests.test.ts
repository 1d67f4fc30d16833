import { beforeEach, describe, expect, it } from 'vitest'
import { silentLog, utf8 } from '#core/base'
import { systemRandom } from '#core/crypto'
import type { Agent, AgentHandler } from '#core/agent'
import {
  acceptanceInfo,
  addressState,
  beginAcceptance,
  type Change,
  Changes,
  changeProfile,
  type ChatContext,
  createHandler,
  createProfile,
  deleteAddress,
  deleteContact,
  encodeInfo,
  incognitoProfile,
  isFlooded,
  isShared,
  looksRandom,
  MAX_REQUESTS,
  randomName,
  recordAcceptance,
  recordAddress,
  recordInvitation,
  rejectRequest,
  rejectRequests,
  replaceAddress,
  requestGone,
  requestInfo,
  tellEverybody,
  updateAddress,
} from '#core/chat'
import {
  type AddressRecord,
  countProfileUpdates,
  getAddress,
  getConnectionByConnId,
  getOwnProfile,
  getRequest,
  listContacts,
  listMessages,
  listRequests,
  migrations,
  openStore,
  type RequestRecord,
  type Store,
  type WriteTx,
} from '#core/store'

let store: Store
/** The id of Olivia's profile. */
let own: string
let chat: ChatContext
let handler: AgentHandler
let changes: Change[]
let sent: { connId: string; body: string }[]
let dropped: string[]
let wanted: string[]
let ready: Set<string>
let now: number
let keys: number
/** What was told to be shown behind links. */
let shown: { connId: string; data: Uint8Array }[]

const write = <T>(fn: (tx: WriteTx) => T): T => store.write(fn)
const profile = (displayName: string) => ({
  ...{ displayName, fullName: '', description: null, image: null, contactLink: null },
})

beforeEach(() => {
  now = 1_700_000_000_000
  keys = 0
  shown = []
  ;[changes, sent, dropped, wanted, ready] = [[], [], [], [], new Set()]
  const clock = { now: () => now, after: () => () => {} }
  store = openStore(':memory:', { log: silentLog, clock, migrations })
  const agent = {
    send: (_tx: WriteTx, connId: string, bytes: Uint8Array) => {
      sent.push({ connId, body: new TextDecoder().decode(bytes) })
      return { msgId: sent.length + 1 }
    },
    canSend: (_tx: WriteTx, connId: string) => ready.has(connId),
    deleteConnection: () => {},
    deleteAddress: () => {},
    updateLinkData: (_tx: WriteTx, connId: string, data: Uint8Array) => shown.push({ connId, data }),
    dropRequest: (_tx: WriteTx, key: string) => dropped.push(key),
  } as unknown as Agent
  let counter = 0
  chat = {
    ...{ store, clock, log: silentLog, agent },
    random: {
      bytes: (length) => {
        const bytes = new Uint8Array(length).fill(7)
        new DataView(bytes.buffer).setUint16(0, ++counter)
        return bytes
      },
    },
    acceptSoon: (requestId) => wanted.push(requestId),
    changes: new Changes((list) => changes.push(...list)),
    links: {
      readLink: (text) => ({
        text,
        facts: { kind: 'address', form: 'full', relay: 'r', community: null },
        problem: null,
      }),
      isRelayAddress: () => false,
    },
  }
  handler = createHandler(chat)
  own = write((tx) => createProfile(chat, tx, profile('Olivia')))
})

function anAddress(label: string | null = null): AddressRecord {
  const connId = `address-${label}`
  const made = { connId, link: `simplex:/contact#${label}`, relay: 'r' }
  return write((tx) => recordAddress(chat, tx, made, { profileId: own, label, shared: false }))
}

const theAddress = (address: AddressRecord): AddressRecord =>
  store.read((db) => getAddress(db, address.addressId))!

interface Asked {
  id?: string | null
  message?: string
  msgId?: string
  connId?: string
}

function ask(
  name: string,
  { id = name, message, msgId = 'bWVzc2FnZQ==', connId = 'address-null' }: Asked = {},
): { store: boolean; as?: string } {
  const params = {
    profile: { displayName: name, fullName: '' },
    ...(id !== null && { contactReqId: Buffer.from(id).toString('base64url') }),
    ...(message !== undefined && { msgId, content: { type: 'text', text: message } }),
  }
  const connInfo = utf8(JSON.stringify({ v: '1-16', event: 'x.contact', params }))
  return write((tx) =>
    handler.onRequest(tx, connId, { requestKey: `key-${++keys}`, connInfo, brokerTs: now }),
  )
}

const requests = (): RequestRecord[] =>
  store.read((db) => listRequests(db, { of: { profileId: own }, beforeSeq: 1e9, limit: 10_000 }))
const requestId = (): string => requests()[0]!.requestId

describe('requests at an address', () => {
  it('REQ-3: folds the same asker into one row, with the newest profile, message and invitation', () => {
    anAddress()
    expect(ask('Bob', { message: 'one' })).toEqual({ store: true })
    expect(ask('Bobby', { id: 'Bob', message: 'two' })).toEqual({ store: true, as: 'key-1' })
    expect(requests()).toMatchObject([{ profile: { displayName: 'Bobby' }, message: 'two', repeats: 1 }])
    expect(changes.filter(({ type }) => type === 'request.received')).toHaveLength(1)
  })

  it('takes an id at two profiles for two askers, whatever happened at the other', () => {
    anAddress()
    const other = write((tx) => createProfile(chat, tx, profile('Olga')))
    const made = { connId: 'other', link: 'simplex:/contact#other', relay: 'r' }
    const options = { profileId: other, label: null, shared: false }
    write((tx) => recordAddress(chat, tx, made, options))
    const asOther = () =>
      store.read((db) => listRequests(db, { of: { profileId: other }, beforeSeq: 99, limit: 9 }))
    expect(ask('Bob')).toEqual({ store: true })
    expect(ask('Bob', { connId: 'other' })).toEqual({ store: true })
    expect(asOther()).toMatchObject([{ repeats: 0, profileId: other }])
    write((tx) => rejectRequest(chat, tx, requestId(), true))
    expect(ask('Bob')).toEqual({ store: false })
    expect(ask('Bob', { connId: 'other' })).toEqual({ store: true, as: 'key-2' })
    expect(asOther()).toMatchObject([{ repeats: 1 }])
  })

  it('keeps the message when a repetition has another id, and takes it away when it has none', () => {
    anAddress()
    ask('Bob', { message: 'one' })
    ask('Bob', { message: 'other', msgId: 'b3RoZXI=' })
    expect(requests()[0]!.message).toBe('one')
    ask('Bob')
    expect(requests()[0]!.message).toBeNull()
  })

  it('takes askers without an id, and x.info of old versions, as new each time', () => {
    anAddress()
    ask('Bob', { id: null })
    ask('Bob', { id: null })
    const connInfo = utf8(
      JSON.stringify({ v: '1', event: 'x.info', params: { profile: { displayName: 'Old', fullName: '' } } }),
    )
    write((tx) => handler.onRequest(tx, 'address-null', { requestKey: 'k', connInfo, brokerTs: now }))
    expect(requests().map((request) => request.profile.displayName)).toEqual(['Old', 'Bob', 'Bob'])
  })

  it('counts and drops what cannot be read, and says nothing of it', () => {
    const address = anAddress()
    for (const text of ['', '{}', '{"v":"1","event":"x.ok","params":{}}']) {
      const request = { requestKey: 'k', connInfo: utf8(text), brokerTs: now }
      expect(write((tx) => handler.onRequest(tx, 'address-null', request))).toEqual({ store: false })
    }
    expect(theAddress(address)).toMatchObject({ total: 0, dropped: 3 })
    expect(requests()).toEqual([])
  })

  it('REQ-1: forgets a rejected one, hears it when it asks again, and not when repeats are ignored', () => {
    anAddress()
    ask('Bob')
    write((tx) => rejectRequest(chat, tx, requestId(), false))
    expect(requests()).toEqual([])
    expect(ask('Bob')).toEqual({ store: true })
    write((tx) => rejectRequest(chat, tx, requestId(), true))
    expect(ask('Bob')).toEqual({ store: false })
    expect(dropped).toEqual(['key-1', 'key-2'])
    expect(sent).toEqual([])
  })

  it('ADR-10: takes no new ones while paused or stopped, but still folds repetitions', () => {
    const address = anAddress()
    ask('Bob')
    write((tx) => updateAddress(chat, tx, undefined, { paused: true }))
    expect(ask('Bob')).toEqual({ store: true, as: 'key-1' })
    expect(ask('Cleo')).toEqual({ store: false })
    write((tx) => updateAddress(chat, tx, undefined, { paused: false, stopAt: now + 1 }))
    expect(ask('Cleo')).toEqual({ store: true })
    now += 1
    expect(ask('Dan')).toEqual({ store: false })
    write((tx) => updateAddress(chat, tx, undefined, { stopAt: null, stopAfter: 3 }))
    expect(ask('Dan')).toEqual({ store: true })
    expect(ask('Eve')).toEqual({ store: false })
    expect(theAddress(address)).toMatchObject({ total: 3, dropped: 3 })
  })

  it('REQ-7: keeps a stated number for an address, the oldest, and counts the others', () => {
    const address = anAddress()
    write(() => {
      for (let i = 0; i < MAX_REQUESTS + 5; i++) ask(`asker ${i}`)
    })
    expect(requests()).toHaveLength(MAX_REQUESTS)
    expect(requests().at(-1)!.profile.displayName).toBe('asker 0')
    expect(theAddress(address)).toMatchObject({ total: MAX_REQUESTS, dropped: 5 })
    expect(ask('asker 1')).toMatchObject({ store: true })
    expect(ask('elsewhere', { connId: 'address-null' })).toEqual({ store: false })
    const all = requests().map((request) => request.requestId)
    expect(write((tx) => rejectRequests(chat, tx, [...all, ...all, 'x']))).toBe(MAX_REQUESTS)
    expect(ask('elsewhere')).toEqual({ store: true })
  })

  it('calls it a flood when many wait, or when many come within a minute, also if they are let in', () => {
    const address = anAddress()
    for (let i = 0; i < 19; i++) ask(`asker ${i}`)
    expect(isFlooded(theAddress(address), 19, now)).toBe(false)
    ask('one more')
    expect(isFlooded(theAddress(address), 0, now)).toBe(true)
    expect(isFlooded(theAddress(address), 0, now + 60_000)).toBe(false)
    expect(isFlooded(theAddress(address), 30, now + 60_000)).toBe(true)
  })
})

describe('accepting', () => {
  const accept = (name: string | null = null): string =>
    write((tx) => beginAcceptance(chat, tx, requestId(), name)).connectionId
  const accepted = (): void => {
    const id = requestId()
    write((tx) => recordAcceptance(chat, tx, id, { connId: 'c', relay: 'r' }))
  }

  it('REQ-5: answers the same however often it is asked, before and after, and starts one work', () => {
    anAddress()
    ask('Bob')
    const id = requestId()
    const connectionId = accept()
    expect(accept('Other Name')).toBe(connectionId)
    expect(requests()[0]).toMatchObject({ state: 'accepting', incognitoName: null })
    accepted()
    expect(write((tx) => beginAcceptance(chat, tx, id, null)).connectionId).toBe(connectionId)
    expect(new Set(wanted)).toEqual(new Set([id]))
    expect(ask('Bob')).toEqual({ store: false })
    expect(requests()).toEqual([])
  })

  it('keeps the row, and puts the message of the asker and the welcome first', () => {
    anAddress()
    write((tx) => updateAddress(chat, tx, undefined, { welcome: 'Welcome!' }))
    ask('Bob', { message: 'May I?' })
    const { rowId } = requests()[0]!
    accept()
    accepted()
    const [contact] = store.read((db) => listContacts(db, own))
    expect(contact).toMatchObject({ rowId, status: 'connecting', profile: { displayName: 'Bob' } })
    expect(sent).toEqual([])
    ready.add('c')
    write((tx) => handler.onSendReady(tx, 'c'))
    write((tx) => handler.onSendReady(tx, 'c'))
    write((tx) => handler.onConnected(tx, 'c'))
    expect(sent.filter(({ body }) => body.includes('Welcome!'))).toHaveLength(1)
    const messages = store.read((db) => listMessages(db, { contactId: contact!.contactId }, 1e9, 9))
    expect(messages.map(({ text, direction }) => [direction, text])).toEqual([
      ['out', 'Welcome!'],
      ['in', 'May I?'],
    ])
  })

  it('sends the welcome once, also where the address is changed or deleted before the relay agrees', () => {
    const { addressId } = anAddress()
    write((tx) => updateAddress(chat, tx, undefined, { welcome: 'Welcome!' }))
    ask('Bob')
    accept()
    write((tx) => updateAddress(chat, tx, undefined, { welcome: 'Something else' }))
    write((tx) => deleteAddress(chat, tx, addressId, { rejectWaiting: true }))
    accept()
    accepted()
    ready.add('c')
    write((tx) => handler.onSendReady(tx, 'c'))
    write((tx) => handler.onConnected(tx, 'c'))
    expect(sent.map(({ body }) => /Welcome!|Something else/.exec(body)?.[0])).toEqual(['Welcome!'])
  })

  it('says nothing first to who is let in after the address with its welcome was deleted', () => {
    const { addressId } = anAddress()
    write((tx) => updateAddress(chat, tx, undefined, { welcome: 'Welcome!' }))
    ask('Bob')
    write((tx) => deleteAddress(chat, tx, addressId, { rejectWaiting: false }))
    accept()
    accepted()
    ready.add('c')
    write((tx) => handler.onSendReady(tx, 'c'))
    expect(sent).toEqual([])
  })

  it('ADR-4, REQ-2: an incognito contact gets the random name, and never the profile or what becomes of it', () => {
    anAddress()
    write((tx) => updateAddress(chat, tx, undefined, { autoAccept: 'incognito' }))
    ask('Bob')
    const request = requests()[0]!
    expect(request).toMatchObject({ state: 'accepting', incognitoName: expect.any(String) as string })
    expect(wanted).toEqual([request.requestId])
    const info = new TextDecoder().decode(write((tx) => acceptanceInfo(tx, request)))
    expect(info).toContain(request.incognitoName)
    expect(info).not.toContain('Olivia')
    accepted()
    ready.add('c')
    write((tx) => handler.onSendReady(tx, 'c'))
    write((tx) => handler.onConnected(tx, 'c'))
    write((tx) => changeProfile(chat, tx, own, { displayName: 'Olive' }))
    write((tx) => updateAddress(chat, tx, undefined, { shared: true }))
    expect(sent).toEqual([])
    expect(store.read((db) => getConnectionByConnId(db, 'c'))?.incognitoName).toBe(request.incognitoName)
  })

  it('takes the current profile of the asker from its answer', () => {
    anAddress()
    ask('Bob')
    accept()
    accepted()
    const info = { v: '1-16', event: 'x.info', params: { profile: { displayName: 'Robert', fullName: '' } } }
    write((tx) => handler.onInfo(tx, 'c', utf8(JSON.stringify(info))))
    expect(store.read((db) => listContacts(db, own))[0]!.profile.displayName).toBe('Robert')
  })

  it('REQ-4: who is gone is gone until it asks again; a new attempt after that is a fresh one', () => {
    anAddress()
    ask('Bob')
    accept()
    write((tx) => requestGone(chat, tx, requestId()))
    expect(() => accept()).toThrow(expect.objectContaining({ code: 'chat.request-gone' }) as Error)
    ask('Bob')
    expect(requests()[0]).toMatchObject({ state: 'waiting', repeats: 1 })
    accept()
    expect(requests()[0]!.state).toBe('accepting')
  })

  it('hears an asker again whose contact was deleted here', () => {
    anAddress()
    ask('Bob')
    accept()
    accepted()
    write((tx) =>
      deleteContact(chat, tx, store.read((db) => listContacts(db, own))[0]!.contactId, {
        notify: false,
        keepChat: false,
      }),
    )
    expect(ask('Bob')).toEqual({ store: true })
  })
})

describe('addresses', () => {
  it('has one without a label, and others with labels of their own', () => {
    const first = anAddress()
    expect(() => anAddress()).toThrow(expect.objectContaining({ code: 'chat.address-exists' }) as Error)
    const web = anAddress('Website')
    expect(() => anAddress('Website')).toThrow(expect.objectContaining({ code: 'chat.label-taken' }) as Error)
    expect([first.isDefault, web.isDefault]).toEqual([true, false])
    ask('Bob', { connId: 'address-Website' })
    write((tx) => updateAddress(chat, tx, web.addressId, { label: 'Shop' }))
    expect(requests()[0]).toMatchObject({ addressLabel: 'Shop', addressId: web.addressId })
    expect(() => write((tx) => updateAddress(chat, tx, web.addressId, { label: null }))).toThrow()
  })

  it('ADR-6: only one is in the profile, and replacing or deleting it changes the profile too', () => {
    const first = anAddress()
    const web = anAddress('Website')
    write((tx) => updateAddress(chat, tx, undefined, { shared: true }))
    write((tx) => updateAddress(chat, tx, web.addressId, { shared: true }))
    const shared = (): boolean[] =>
      store.read((db) => [first, web].map((one) => isShared(db, theAddress(one))))
    expect(shared()).toEqual([false, true])
    const made = { connId: 'new', link: 'simplex:/contact#new', relay: 'r' }
    write((tx) => replaceAddress(chat, tx, web.addressId, made, null))
    expect(shared()).toEqual([false, true])
    write((tx) => updateAddress(chat, tx, undefined, { shared: false }))
    expect(shared()).toEqual([false, true])
    write((tx) => updateAddress(chat, tx, web.addressId, { shared: false }))
    expect(shared()).toEqual([false, false])
  })

  it('changes all or nothing', () => {
    const address = anAddress()
    const change = { paused: true, welcome: 'x'.repeat(20_000) }
    expect(() => write((tx) => updateAddress(chat, tx, undefined, change))).toThrow(
      expect.objectContaining({
        code: 'chat.too-large',
        facts: expect.objectContaining({ field: 'welcomeMessage' }) as object,
      }) as Error,
    )
    expect(theAddress(address).paused).toBe(false)
  })

  it('shows its state: failed before paused before stopped', () => {
    const address = anAddress()
    const state = (): string => store.read((db) => addressState(db, theAddress(address), now))
    expect(state()).toBe('active')
    write((tx) => updateAddress(chat, tx, undefined, { stopAt: now }))
    expect(state()).toBe('stopped')
    write((tx) => updateAddress(chat, tx, undefined, { paused: true }))
    expect(state()).toBe('paused')
    write((tx) => handler.onReceivingLost!(tx, 'address-null', { code: 'agent.queue-gone' }))
    expect(state()).toBe('failed')
  })

  it('REQ-6: deleting one leaves its requests acceptable, without it', () => {
    const web = anAddress('Website')
    ask('Bob', { connId: 'address-Website' })
    write((tx) => deleteAddress(chat, tx, web.addressId, { rejectWaiting: false }))
    expect(requests()[0]).toMatchObject({ addressId: null, addressLabel: 'Website', state: 'waiting' })
    const again = anAddress('Website')
    ask('Cleo', { connId: 'address-Website' })
    write((tx) => deleteAddress(chat, tx, again.addressId, { rejectWaiting: true }))
    expect(requests().map((request) => request.profile.displayName)).toEqual(['Bob'])
    expect(store.read((db) => getRequest(db, requestId()))).not.toBeNull()
  })
})

describe('profile updates', () => {
  const updates = (): { pending: number; failed: number } =>
    store.read((db) => countProfileUpdates(db, getOwnProfile(db, own)!))

  beforeEach(() => {
    const invitation = {
      profileId: own,
      incognitoName: null,
      connId: 'c',
      name: null,
      relay: 'r',
      link: 'simplex:/x',
    }
    write((tx) => recordInvitation(chat, tx, invitation))
    write((tx) => handler.onConfirmation(tx, 'c', encodeInfo(profile('Bob'))))
    write((tx) => handler.onConnected(tx, 'c'))
    anAddress()
  })

  it('are pending until the relay has them, and told with the address', () => {
    expect(updates()).toEqual({ pending: 0, failed: 0 })
    write((tx) => updateAddress(chat, tx, undefined, { shared: true }))
    expect(updates()).toEqual({ pending: 1, failed: 0 })
    ready.add('c')
    write((tx) => tellEverybody(chat, tx))
    write((tx) => tellEverybody(chat, tx))
    expect(sent).toHaveLength(1)
    expect(updates()).toEqual({ pending: 1, failed: 0 })
    changes = []
    write((tx) => handler.onSent(tx, 'c', 2))
    expect(updates()).toEqual({ pending: 0, failed: 0 })
    expect(changes.map(({ type }) => type)).toEqual(['address.updated'])
  })

  it('that did not get through are counted, sent again, and then no longer counted', () => {
    ready.add('c')
    write((tx) => updateAddress(chat, tx, undefined, { shared: true }))
    write((tx) => handler.onSendFailed(tx, 'c', 2, { code: 'agent.expired' }))
    expect(updates()).toEqual({ pending: 0, failed: 1 })
    write((tx) => tellEverybody(chat, tx))
    expect(sent).toHaveLength(2)
    expect(updates()).toEqual({ pending: 0, failed: 1 })
    write((tx) => handler.onSent(tx, 'c', 3))
    expect(updates()).toEqual({ pending: 0, failed: 0 })
  })
})

describe('asking', () => {
  const envelope = { seed: new Uint8Array(16).fill(3), agentVersion: 7 }
  const read = (bytes: Uint8Array): { params: Record<string, unknown> } =>
    JSON.parse(new TextDecoder().decode(bytes)) as { params: Record<string, unknown> }

  it('says the same ids in every repetition, of the shape that others use', () => {
    const one = read(requestInfo(profile('Bob'), 'hello', { ...envelope, room: 14_000 })).params
    const two = read(requestInfo(profile('Bob'), 'hello again', { ...envelope, room: 14_000 })).params
    expect(one['contactReqId']).toBe(two['contactReqId'])
    expect(one['msgId']).toBe(two['msgId'])
    expect(one['contactReqId']).toHaveLength(24)
    expect(one['msgId']).toMatch(/^[A-Za-z0-9_-]{22}==$/)
    expect(read(requestInfo(profile('Bob'), null, { ...envelope, room: 14_000 })).params).not.toHaveProperty(
      'msgId',
    )
  })

  it('leaves the picture out where it does not fit', () => {
    const pictured = { ...profile('Bob'), image: `data:image/png;base64,${'A'.repeat(1_000)}` }
    const whole = requestInfo(pictured, 'hello', { ...envelope, room: 14_000 })
    expect(read(whole).params['profile']).toHaveProperty('image')
    const small = requestInfo(pictured, 'hello', { ...envelope, room: whole.length - 1 })
    expect(read(small).params['profile']).not.toHaveProperty('image')
  })
})

describe('incognito names', () => {
  it('are two capitalised plain words, nearly never the same twice, and valid names', () => {
    const names = Array.from({ length: 2_000 }, () => randomName(systemRandom))
    for (const name of names) expect(name).toMatch(/^[A-Z][a-z]+[A-Z][a-z]+$/)
    // About 147,000 names: of 2,000 drawn some 14 meet another.
    expect(new Set(names).size).toBeGreaterThan(1_950)
    expect(incognitoProfile(names[0]!)).toEqual(profile(names[0]!))
    expect(names.map(incognitoProfile).every(looksRandom)).toBe(true)
  })

  it.each([
    ['Bob', {}],
    ['McDonald', {}],
    ['Quiet Heron', {}],
    ['QuietHeronToo', {}],
    ['QuietHeron', { fullName: 'Q. Heron' }],
    ['QuietHeron', { image: 'data:image/png;base64,AA==' }],
  ])('%s %o is not taken for one', (name, more) => {
    expect(looksRandom({ ...profile(name), ...more })).toBe(false)
  })
})
