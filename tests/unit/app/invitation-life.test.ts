import { beforeEach, describe, expect, it } from 'vitest'
import { silentLog, systemClock, utf8, type Random } from '#core/base'
import type { Agent, AgentHandler } from '#core/agent'
import {
  type Change,
  Changes,
  type ChatContext,
  createHandler,
  createProfile,
  deleteConnection,
  dropBatchLinks,
  encodeInfo,
  holdBatchLink,
  markShared,
  noteOpened,
  recordInvitation,
  setExpiry,
  takeBatchLink,
} from '#core/chat'
import {
  type ConnectionRecord,
  getConnection,
  listSteps,
  migrations,
  openStore,
  type Store,
} from '#core/store'
import { InvitationTimes } from '../../../core/app/invitation-times.ts'
import { Openings } from '../../../core/app/openings.ts'
import { eventsOf, StrangerLimit } from '../../../core/app/publish.ts'
import { HandClock } from '../../tools/hand-clock.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const BOB = { displayName: 'Bob', fullName: '', description: null, image: null, contactLink: null }

let clock: HandClock
let store: Store
let chat: ChatContext
let handler: AgentHandler
let times: InvitationTimes
let openings: Openings
let changes: Change[]
let deleted: string[]
/** What the relay answers when it is asked whether a link was opened; and how often it was asked. */
let relay: { opened: boolean | Error; asked: number }
let id: string

const row = (): ConnectionRecord => store.read((db) => getConnection(db, id))!
const steps = (): string[] => store.read((db) => listSteps(db, id)).map(({ what }) => what)
const shown = (): { kind: string; title: string; rowId?: string }[] =>
  store
    .read((db) => eventsOf(db, changes, { embedded: null, now: clock.now(), strangers: new StrangerLimit() }))
    .flatMap((event) => (event.event === 'notification.show' ? [event.data] : []))

function invite(expiresAt: number | null = null): void {
  const made = { connId: 'c', name: 'Dora', relay: 'r', link: 'simplex:/x', expiresAt, incognitoName: null }
  id = store.write((tx) => {
    const profileId = createProfile(chat, tx, { ...BOB, displayName: 'Ann' })
    return recordInvitation(chat, tx, { ...made, profileId }).connectionId
  })
}

/** As after a restart: nothing but the store is left. */
function startTimes(): void {
  times = new InvitationTimes(store, chat, clock)
  times.check()
}

beforeEach(() => {
  let counter = 0
  const random: Random = { bytes: (length) => utf8(`${++counter}`.padStart(length, '0')) }
  clock = new HandClock()
  store = openStore(':memory:', { log: silentLog, clock: systemClock, migrations })
  changes = []
  deleted = []
  relay = { opened: false, asked: 0 }
  const agent = {
    deleteConnection: (_tx: unknown, connId: string) => void deleted.push(connId),
    linkOpened: () => {
      relay.asked++
      return relay.opened instanceof Error ? Promise.reject(relay.opened) : Promise.resolve(relay.opened)
    },
  } as unknown as Agent
  chat = {
    ...{ store, clock, random, log: silentLog, agent, changes: new Changes((list) => changes.push(...list)) },
    links: { readLink: () => expect.fail('no links here'), isRelayAddress: () => false },
  }
  handler = createHandler(chat)
  openings = new Openings({
    ...{ store, chat, agent, clock, log: silentLog },
    opened: () => times.check(),
  })
  startTimes()
})

describe('a link with a date', () => {
  it('INV-9: is revoked at that time while the app runs, and its row says so', () => {
    invite(clock.now() + HOUR)
    times.check()
    clock.pass(HOUR - 1)
    expect(row()).toMatchObject({ phase: 'unused', link: 'simplex:/x' })
    changes.length = 0
    clock.pass(1)
    expect(row()).toMatchObject({ phase: 'expired', link: null, fullLink: null, error: null })
    expect(deleted).toEqual(['c'])
    expect(changes).toEqual([{ type: 'connection.updated', connectionId: id }])
    expect(steps()).toEqual(['made', 'expired'])
  })

  it('INV-9: is revoked at the next start where the date passed while nothing ran', () => {
    invite(clock.now() + HOUR)
    times.stop()
    clock.pass(2 * HOUR)
    expect(row().phase).toBe('unused')
    startTimes()
    expect(row().phase).toBe('expired')
  })

  it('INV-9: is revoked within a minute after the machine slept past its date, or its clock was set on', () => {
    invite(clock.now() + HOUR)
    times.check()
    clock.jump(2 * HOUR)
    expect(row().phase).toBe('unused')
    clock.pass(MINUTE)
    expect(row().phase).toBe('expired')
    expect(deleted).toEqual(['c'])
  })

  it('INV-9: keeps to its date where the clock was set back', () => {
    invite(clock.now() + HOUR)
    times.check()
    clock.jump(-2 * HOUR)
    clock.pass(2 * HOUR)
    expect(row().phase).toBe('unused')
    clock.pass(HOUR)
    expect(row().phase).toBe('expired')
  })

  it('waits longer than any timer of a runtime can', () => {
    invite(clock.now() + 60 * 24 * HOUR)
    times.check()
    clock.pass(59 * 24 * HOUR)
    expect(row().phase).toBe('unused')
    clock.pass(24 * HOUR)
    expect(row().phase).toBe('expired')
  })

  it('gets another date or none, and is left alone once somebody connects by it', () => {
    invite(clock.now() + HOUR)
    store.write((tx) => setExpiry(chat, tx, id, null))
    times.check()
    clock.pass(2 * HOUR)
    expect(row()).toMatchObject({ phase: 'unused', expiresAt: null })
    store.write((tx) => setExpiry(chat, tx, id, clock.now() + HOUR))
    times.check()
    store.write((tx) => handler.onConfirmation(tx, 'c', encodeInfo(BOB)))
    clock.pass(2 * HOUR)
    expect(row().phase).toBe('connecting')
    expect(deleted).toEqual([])
    expect(() => store.write((tx) => setExpiry(chat, tx, id, null))).toThrow(
      expect.objectContaining({ code: 'chat.link-in-use' }) as Error,
    )
  })

  it('PEN-4: a row whose link is over can be deleted', () => {
    invite(clock.now() + HOUR)
    times.check()
    clock.pass(HOUR)
    expect(store.write((tx) => deleteConnection(chat, tx, id))).toEqual({ peerMayWait: false })
    expect(row()).toBeNull()
  })
})

describe('a link that somebody has opened', () => {
  it('INV-13: is told of as opened when its relay says so, and of who does not complete it after ten minutes', async () => {
    invite()
    relay.opened = true
    await openings.look(id)
    expect(row()).toMatchObject({ phase: 'opened', openedAlarm: false, openedAt: clock.now() })
    clock.pass(10 * MINUTE - 1)
    expect(shown()).toEqual([])
    clock.pass(1)
    expect(row()).toMatchObject({ phase: 'opened', openedAlarm: true })
    expect(shown()).toMatchObject([{ kind: 'opened', title: 'Dora', rowId: row().rowId }])
  })

  it('INV-13: raises no alarm where the profile comes in time', async () => {
    invite()
    relay.opened = true
    await openings.look(id)
    store.write((tx) => handler.onConfirmation(tx, 'c', encodeInfo(BOB)))
    clock.pass(HOUR)
    expect(shown()).toEqual([])
    expect(row()).toMatchObject({ phase: 'connecting', openedAlarm: false })
    expect(steps()).toEqual(['made', 'opened', 'keys-agreed'])
  })

  it('INV-13: alarms once, also where the time passed while nothing ran', async () => {
    invite()
    relay.opened = true
    await openings.look(id)
    times.stop()
    clock.pass(HOUR)
    expect(row().openedAlarm).toBe(false)
    startTimes()
    expect(shown()).toHaveLength(1)
    changes.length = 0
    startTimes()
    clock.pass(HOUR)
    expect(shown()).toEqual([])
  })

  it('is asked about at most once a minute, while it is unused, and a silent relay holds nobody up', async () => {
    invite()
    await Promise.all([openings.look(id), openings.look(id)])
    await openings.look(id)
    expect(relay.asked).toBe(1)
    clock.pass(MINUTE)
    relay.opened = new Error('silent')
    await openings.look(id)
    expect(relay.asked).toBe(2)
    clock.pass(MINUTE)
    relay.opened = true
    await openings.look(id)
    clock.pass(MINUTE)
    await openings.look(id)
    expect(relay.asked).toBe(3)
    await openings.look('nobody')
    expect(relay.asked).toBe(3)
  })

  it('an answer about a link that was made anew meanwhile counts for nothing', () => {
    invite()
    store.write((tx) => noteOpened(chat, tx, id, 'the one before'))
    expect(row().phase).toBe('unused')
  })

  it('PEN-4: says that the other side may wait when it is deleted', async () => {
    invite()
    relay.opened = true
    await openings.look(id)
    expect(store.write((tx) => deleteConnection(chat, tx, id))).toEqual({ peerMayWait: true })
  })
})

it('PEN-5: the timeline of a link is kept, each step with the first time that it happened', () => {
  invite()
  const start = clock.now()
  clock.pass(MINUTE)
  store.write((tx) => markShared(chat, tx, id))
  clock.pass(MINUTE)
  store.write((tx) => handler.onConfirmation(tx, 'c', encodeInfo(BOB)))
  clock.pass(MINUTE)
  store.write((tx) => handler.onConnected(tx, 'c'))
  expect(store.read((db) => listSteps(db, id))).toEqual([
    { what: 'made', at: start },
    { what: 'shared', at: start + MINUTE },
    { what: 'keys-agreed', at: start + 2 * MINUTE },
    { what: 'ready', at: start + 3 * MINUTE },
  ])
})

it('INV-11: links of a batch that did not become whole are taken back at the next start', () => {
  store.write((tx) => {
    for (const connId of ['a', 'b', 'c']) holdBatchLink(tx, connId)
    takeBatchLink(tx, 'b')
  })
  store.write((tx) => dropBatchLinks(chat, tx))
  expect(deleted).toEqual(['a', 'c'])
  store.write((tx) => dropBatchLinks(chat, tx))
  expect(deleted).toHaveLength(2)
})
