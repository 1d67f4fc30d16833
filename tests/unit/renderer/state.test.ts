import { describe, expect, it } from 'vitest'
import type { App, Connection, Network } from '#core/contract'
import {
  Router,
  Store,
  applyEvent,
  filterRows,
  findRow,
  listRows,
  waitsLong,
} from '../../../renderer/state/index.ts'
import { aConnection, aContact, aMessage, anEntry } from './builders.ts'
import { ScriptedHost, refused, settle } from './scripted-host.ts'

const app: App = {
  version: '0',
  state: 'ready',
  dataDir: '',
  onboarding: 'done',
  protection: 'none',
  heldLink: false,
  abilities: [],
}
const network: Network = {
  state: 'online',
  since: '2026-11-24T10:00:00.000Z',
  waitingToSend: 0,
  choice: 'own',
  embedded: { on: false, address: null, reachableFrom: null, inUse: false, trouble: null },
  chosen: true,
  silent: [],
}

class Door extends ScriptedHost {
  back: () => void = () => undefined
  refuse: () => void = () => undefined
  broke: () => void = () => undefined
  onReconnect(fn: () => void): () => void {
    this.back = fn
    return () => undefined
  }
  onLost(fn: () => void): () => void {
    this.broke = fn
    return () => undefined
  }
  onRefused(fn: () => void): () => void {
    this.refuse = fn
    return () => undefined
  }
}

function aDoor(): Door {
  const door = new Door()
  door.answer('app.get', () => app)
  door.answer('profile.get', () => ({ displayName: 'Ines' }))
  door.answer('profile.list', () => [anEntry(), anEntry({ profileId: 'p2', active: false })])
  door.answer('network.get', () => network)
  door.answer('relay.list', () => [])
  door.answer('connection.list', () => [aConnection()])
  door.answer('contact.list', () => [aContact({ contactId: 'c2', rowId: 'r2' })])
  door.answer('address.list', () => [])
  door.answer('request.list', () => [])
  return door
}

describe('the store', () => {
  it('reads everything once and is ready', async () => {
    const store = new Store(aDoor())
    expect(store.state.phase).toBe('loading')
    await store.load()
    expect(store.state.phase).toBe('ready')
    expect([...store.state.connections.keys()]).toEqual(['k1'])
    expect([...store.state.contacts.keys()]).toEqual(['c2'])
  })

  it('CON-8: what belongs to another profile is in no list, and a switch reads everything again', async () => {
    const door = aDoor()
    const store = new Store(door)
    await store.load()
    door.emit({
      event: 'contact.connected',
      data: aContact({ contactId: 'c9', rowId: 'r9', profileId: 'p2' }),
    })
    door.emit({ event: 'connection.updated', data: aConnection({ connectionId: 'k9', profileId: 'p2' }) })
    expect([...store.state.contacts.keys()]).toEqual(['c2'])
    expect([...store.state.connections.keys()]).toEqual(['k1'])
    door.answer('profile.list', () => [anEntry({ active: false }), anEntry({ profileId: 'p2' })])
    door.answer('contact.list', () => [aContact({ contactId: 'c9', rowId: 'r9', profileId: 'p2' })])
    door.emit({ event: 'profile.switched', data: anEntry({ profileId: 'p2' }) })
    await settle()
    await settle()
    expect([...store.state.contacts.keys()]).toEqual(['c9'])
  })

  it('puts events that came while it read on top of what it read', async () => {
    const door = aDoor()
    const store = new Store(door)
    const loading = store.load()
    door.emit({ event: 'connection.updated', data: aConnection({ name: 'Newer' }) })
    await loading
    expect(store.state.connections.get('k1')?.name).toBe('Newer')
  })

  it('says why it could not start, and starts at the next try', async () => {
    const door = aDoor()
    door.answer('contact.list', () => {
      throw refused('STORE')
    })
    const store = new Store(door)
    await store.load()
    expect(store.state).toMatchObject({ phase: 'failed', error: { code: 'STORE' } })
    door.answer('contact.list', () => [])
    await store.load()
    expect(store.state).toMatchObject({ phase: 'ready', error: null })
  })

  it('a folder that cannot be used is a state and no failed start; trying again reads what is there then', async () => {
    const door = aDoor()
    const trouble = { cause: 'unreadable', details: '' } as const
    door.answer('app.get', () => ({ ...app, state: 'damaged', trouble }))
    door.answer('profile.get', () => {
      throw refused('STORE')
    })
    const store = new Store(door)
    await store.load()
    expect(store.state).toMatchObject({ phase: 'ready', loaded: false, app: { state: 'damaged', trouble } })
    door.answer('app.retry', () => ({ ...app, state: 'damaged', trouble }))
    await store.retryFolder()
    expect(store.state.loaded).toBe(false)
    for (const method of ['app.retry', 'app.get'] as const) door.answer(method, () => app)
    door.answer('profile.get', () => ({ displayName: 'Ines' }))
    await store.retryFolder()
    expect(store.state).toMatchObject({ phase: 'ready', loaded: true, app: { state: 'ready' } })
  })

  it('a disk that fills up leaves what was read, and everything is read anew when there is room', async () => {
    const door = aDoor()
    const store = new Store(door)
    await store.load()
    const trouble = { cause: 'disk-full', details: '' } as const
    door.emit({ event: 'app.state', data: { ...app, state: 'disk-full', trouble } })
    expect(store.state).toMatchObject({ loaded: true, app: { state: 'disk-full' } })
    const before = door.count('contact.list')
    door.emit({ event: 'app.state', data: app })
    await settle()
    await settle()
    expect(door.count('contact.list')).toBe(before + 1)
  })

  it('an address that opens nothing any more is said', () => {
    const door = aDoor()
    const store = new Store(door)
    door.refuse()
    expect(store.state.phase).toBe('refused')
  })

  it('STA-3: reads again after a broken door and has no row twice', async () => {
    const door = aDoor()
    const store = new Store(door)
    await store.load()
    door.broke()
    expect(store.state.lost).toBe(true)
    door.back()
    await settle()
    await settle()
    expect(store.state.lost).toBe(false)
    expect(listRows(store.state.connections, store.state.contacts)).toHaveLength(2)
  })
})

describe('rows', () => {
  const ready = new Store(aDoor()).state

  it('PEN-3: a pending row becomes a contact under the same row id, in whichever order the events come', () => {
    const pending = applyEvent(ready, { event: 'connection.updated', data: aConnection() })
    const done = aConnection({ status: 'connected', phase: 'connected', contactId: 'c1', link: null })
    const events = [
      { event: 'connection.updated', data: done } as const,
      { event: 'contact.connected', data: aContact() } as const,
    ]
    for (const order of [events, events.toReversed()]) {
      const state = order.reduce(applyEvent, pending)
      const rows = listRows(state.connections, state.contacts)
      expect(rows.map((row) => [row.kind, row.rowId])).toEqual([['contact', 'r1']])
    }
  })

  it('CHL-7: a new message moves its row to the top and its preview follows', () => {
    const older = aContact({ contactId: 'c1', rowId: 'r1', createdAt: '2026-11-20T10:00:00.000Z' })
    const newer = aContact({ contactId: 'c2', rowId: 'r2', createdAt: '2026-11-21T10:00:00.000Z' })
    let state = applyEvent(ready, { event: 'contact.updated', data: older })
    state = applyEvent(state, { event: 'contact.updated', data: newer })
    expect(listRows(state.connections, state.contacts).map((row) => row.rowId)).toEqual(['r2', 'r1'])
    state = applyEvent(state, { event: 'message.received', data: aMessage({ text: 'up' }) })
    expect(listRows(state.connections, state.contacts).map((row) => row.rowId)).toEqual(['r1', 'r2'])
    expect(state.contacts.get('c1')?.lastMessage?.content.text).toBe('up')
  })

  it('an old message that changes its tick moves nothing', () => {
    const last = aMessage({ messageId: 'm2', createdAt: '2026-11-24T12:00:00.000Z' })
    const state = applyEvent(ready, { event: 'contact.updated', data: aContact({ lastMessage: last }) })
    expect(applyEvent(state, { event: 'message.updated', data: aMessage() })).toBe(state)
  })

  it('are found by private name and by the name of the person, whatever case and accents', () => {
    const contacts = new Map([
      ['c1', aContact({ name: 'Bike', localName: 'Bike', profile: { displayName: 'José' } })],
    ])
    const rows = listRows(
      new Map([['k9', aConnection({ connectionId: 'k9', rowId: 'r9', name: 'Ludo' })]]),
      contacts,
    )
    expect(filterRows(rows, ' jose ').map((row) => row.rowId)).toEqual(['r1'])
    expect(filterRows(rows, 'bik').map((row) => row.rowId)).toEqual(['r1'])
    expect(filterRows(rows, 'LUDO').map((row) => row.rowId)).toEqual(['r9'])
    expect(filterRows(rows, 'nobody')).toEqual([])
    expect(findRow(rows, { connectionId: 'k9', contactId: null })?.rowId).toBe('r9')
  })
})

describe('the router', () => {
  it('PLN-4: the same link twice opens one dialog', () => {
    const router = new Router()
    let changes = 0
    router.subscribe(() => (changes += 1))
    router.connect('simplex:/x')
    router.connect('simplex:/x')
    expect(changes).toBe(1)
  })

  it('asks the pane to take the focus only when the person opened the row', () => {
    const router = new Router()
    const before = router.state.focusPane
    router.go({ name: 'chats', rowId: 'r1' })
    expect(router.state.focusPane).toBe(before)
    router.openRow('r1')
    expect(router.state.focusPane).toBe(before + 1)
  })
})

it('PEN-6: after a day of waiting for the other side a row says so; before, and where it is my turn, it does not', () => {
  const made = Date.parse('2026-01-01T00:00:00.000Z')
  const after = (hours: number): Date => new Date(made + hours * 3_600_000)
  const row = (change: Partial<Connection>): Connection =>
    aConnection({ createdAt: new Date(made).toISOString(), ...change })
  const shared = row({ status: 'waiting', phase: 'shared' })
  expect([23, 25].map((hours) => waitsLong(shared, after(hours)))).toEqual([false, true])
  expect(waitsLong(row({ status: 'connecting', phase: 'awaiting-peer' }), after(25))).toBe(true)
  expect(waitsLong(row({ status: 'waiting', phase: 'unused' }), after(25))).toBe(false)
  expect(waitsLong(row({ status: 'failed', phase: 'expired' }), after(25))).toBe(false)
})
