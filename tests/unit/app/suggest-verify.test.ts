import { beforeEach, expect, it } from 'vitest'
import { silentLog, type Random, utf8 } from '#core/base'
import type { Agent } from '#core/agent'
import {
  Changes,
  type ChatContext,
  clearVerification,
  createHandler,
  createProfile,
  encodeInfo,
  recordInvitation,
  showCode,
  updateVerification,
  verifyCode,
} from '#core/chat'
import { listContacts, migrations, openStore, type Store } from '#core/store'
import { contactView } from '../../../core/app/views.ts'
import { HandClock } from '../../tools/hand-clock.ts'

const HOUR = 3_600_000
const CODE = '41077 92836 50214 77398 06651 28840 91357 44620 83915 20476 66093 15782 39504 87261 70338 49'
const named = (displayName: string) => ({
  ...{ displayName, fullName: '', description: null, image: null, contactLink: null },
})

let clock: HandClock
let store: Store
let chat: ChatContext
let own: string

const bob = () => store.read((db) => listContacts(db, own))[0]!
const suggested = (): boolean => store.read((db) => contactView(db, bob(), clock.now())).suggestVerify

/** Bob has answered, and only after `wait` both sides can write. */
function meetBob(wait = 0): void {
  const handler = createHandler(chat)
  store.write((tx) => {
    own = createProfile(chat, tx, named('Ann'))
    const link = { connId: 'c', name: null, relay: 'r', link: 'simplex:/x', incognitoName: null }
    recordInvitation(chat, tx, { ...link, profileId: own })
    handler.onConfirmation(tx, 'c', encodeInfo(named('Bob')))
  })
  clock.pass(wait)
  store.write((tx) => handler.onConnected(tx, 'c'))
}

beforeEach(() => {
  let counter = 0
  const random: Random = { bytes: (length) => utf8(`${++counter}`.padStart(length, '0')) }
  clock = new HandClock()
  store = openStore(':memory:', { log: silentLog, clock, migrations })
  const agent = { securityCode: () => CODE } as unknown as Agent
  const links = { readLink: () => null as never, isRelayAddress: () => false }
  chat = { store, clock, random, log: silentLog, agent, changes: new Changes(() => undefined), links }
})

it('VER-10: a day after connecting, and not before, a contact that was never compared is suggested', () => {
  meetBob(48 * HOUR) // the link lay unread for two days: that is no day of being connected
  expect(suggested()).toBe(false)
  clock.pass(24 * HOUR - 1)
  expect(suggested()).toBe(false)
  clock.pass(1)
  expect(suggested()).toBe(true)
})

it('VER-10: dismissed once, it never comes again', () => {
  meetBob()
  clock.pass(25 * HOUR)
  expect(suggested()).toBe(true)
  store.write((tx) => updateVerification(chat, tx, bob().contactId, { dismiss: 'verify' }))
  expect(suggested()).toBe(false)
  clock.pass(1_000 * HOUR)
  expect(suggested()).toBe(false)
})

it('VER-10: who was compared in time is not suggested, also when the mark is cleared later', () => {
  meetBob()
  const { contactId } = bob()
  store.write((tx) => showCode(chat, tx, contactId))
  store.write((tx) => verifyCode(chat, tx, contactId, { code: CODE, how: 'hand' }))
  clock.pass(25 * HOUR)
  expect(suggested()).toBe(false)
  store.write((tx) => clearVerification(chat, tx, contactId))
  expect(suggested()).toBe(false)
})
