import { beforeEach, expect, it } from 'vitest'
import { silentLog, type Random } from '#core/base'
import type { Agent, AgentHandler } from '#core/agent'
import {
  type Change,
  Changes,
  type ChatContext,
  checkCodes,
  clearVerification,
  createHandler,
  createProfile,
  encodeInfo,
  recordInvitation,
  sendText,
  showCode,
  updateVerification,
  verifyCode,
} from '#core/chat'
import { listContacts, listMessages, migrations, openStore, type Store, type WriteTx } from '#core/store'

const CODE = '41077 92836 50214 77398 06651 28840 91357 44620 83915 20476 66093 15782 39504 87261 70338 49'
const NEW_CODE = `1${CODE.slice(1)}`

let store: Store
let changes: Change[]
let chat: ChatContext
let handler: AgentHandler
let code: string | null
let sent: number
let bob: string

const write = <T>(fn: (tx: WriteTx) => T): T => store.write(fn)
const profile = (displayName: string) => ({
  ...{ displayName, fullName: '', description: null, image: null, contactLink: null },
})
const verification = () => write((tx) => showCode(chat, tx, bob)).verification
const verify = (given = CODE) => write((tx) => verifyCode(chat, tx, bob, { code: given, how: 'paste' }))
const say = (text: string) => write((tx) => sendText(chat, tx, { contactId: bob }, text))
const waits = () => store.read((db) => listMessages(db, { contactId: bob }, 1e9, 99)).map((m) => m.waits)
const announced = () => changes.filter(({ type }) => type === 'contact.codeChanged')

beforeEach(() => {
  let counter = 0
  const random: Random = { bytes: (length) => new Uint8Array(length).fill(++counter) }
  let now = 1_000
  const clock = { now: () => ++now, after: () => () => {} }
  store = openStore(':memory:', { log: silentLog, clock, migrations })
  changes = []
  code = CODE
  sent = 0
  const agent = {
    send: () => ({ msgId: ++sent }),
    canSend: () => true,
    securityCode: () => code,
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
  const own = write((tx) => createProfile(chat, tx, profile('Ann')))
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
  bob = store.read((db) => listContacts(db, own))[0]!.contactId
  changes.length = 0
})

it('VER-4: the mark has time and manner, and clearing takes it away', () => {
  expect(verify()).toMatchObject({ mismatch: null, verification: { verified: { how: 'paste', code: CODE } } })
  expect(changes.map(({ type }) => type)).toContain('contact.updated')
  write((tx) => clearVerification(chat, tx, bob))
  expect(verification()).toMatchObject({ verified: null, changedAt: null })
  expect(announced()).toEqual([])
})

it('VER-3: a code that does not match changes nothing, verified or not', () => {
  expect(verify(NEW_CODE).mismatch).toBe('different')
  expect(verification().verified).toBeNull()
  verify()
  const before = verification()
  for (const wrong of [NEW_CODE, CODE.slice(0, 30), 'no code']) verify(wrong)
  expect(verification()).toEqual(before)
})

it.each<[string, () => void]>([
  ['when somebody looks', () => verification()],
  ['when the agent has agreed on them', () => write((tx) => handler.onRatchetChanged!(tx, 'c'))],
  ['at the start', () => write((tx) => checkCodes(chat, tx))],
  ['when something is written', () => say('hello')],
  [
    'when something arrives',
    () =>
      write((tx) => {
        const body = new TextEncoder().encode(JSON.stringify({ v: '1-16', event: 'x.ok', params: {} }))
        handler.onMessage(tx, 'c', { msgId: 2, body, integrity: 'ok', brokerTs: 0 })
      }),
  ],
])('VER-6: with new keys the mark is gone and that is announced once, %s', (_when, look) => {
  verify()
  code = NEW_CODE
  look()
  expect(verification()).toMatchObject({ verified: null, changedAt: expect.any(Number) as number })
  expect(announced()).toEqual([{ type: 'contact.codeChanged', contactId: bob, at: verification().changedAt }])
  verify(NEW_CODE)
  expect(verification()).toMatchObject({ verified: { code: NEW_CODE }, changedAt: null })
})

it('VER-6: with "hold", what is written after a change waits, and goes out once it is compared again', () => {
  verify()
  write((tx) => updateVerification(chat, tx, bob, { hold: true }))
  say('before')
  code = NEW_CODE
  say('one')
  say('two')
  expect(waits()).toEqual(['verification', 'verification', 'relay'])
  write((tx) => updateVerification(chat, tx, bob, { dismiss: 'codeChange' }))
  write((tx) => handler.onSendReady(tx, 'c'))
  expect(sent).toBe(1)
  verify(NEW_CODE)
  expect(waits()).toEqual(['relay', 'relay', 'relay'])
  expect(sent).toBe(3)
})

it('switching "hold" off lets go what waits', () => {
  write((tx) => updateVerification(chat, tx, bob, { hold: true }))
  say('one')
  expect([sent, ...waits()]).toEqual([0, 'verification'])
  write((tx) => updateVerification(chat, tx, bob, { hold: false }))
  expect([sent, ...waits()]).toEqual([1, 'relay'])
})

it('without keys there is no code, and nothing to compare; the mark of a contact that ended stays', () => {
  verify()
  code = null
  expect(write((tx) => showCode(chat, tx, bob)).code).toBeNull()
  expect(verification().verified).not.toBeNull()
  expect(() => verify()).toThrow(expect.objectContaining({ code: 'chat.no-code' }))
})
