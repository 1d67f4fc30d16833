import { beforeEach, describe, expect, test } from 'vitest'
import { INCOGNITO } from '../../../renderer/features/identity/index.ts'
import { countOf, SeveralModel } from '../../../renderer/features/new-chat/several-model.ts'
import { aConnection, anEntry } from './builders.ts'
import { refused, ScriptedHost, settle } from './scripted-host.ts'

const ids = ['c1', 'c2']
const made = ids.map((connectionId, at) => ({
  ...{ connectionId, link: `simplex:/${connectionId}`, fullLink: `simplex:/${connectionId}` },
  ...{ incognitoProfile: null, name: `guest ${String(at + 1)}` },
}))
const row = (connectionId: string) =>
  aConnection({ connectionId, rowId: `r-${connectionId}`, role: 'creator', link: `simplex:/${connectionId}` })

describe('several links at once', () => {
  let host: ScriptedHost
  let model: SeveralModel
  let counter: number

  beforeEach(() => {
    counter = 0
    host = new ScriptedHost()
      .answer('connection.list', () => ids.map(row))
      .answer('connection.markShared', ({ connectionId }) => row(connectionId))
    const appearing = {
      profiles: [anEntry()],
      incognito: { incognitoId: 'i1', profile: { displayName: 'Heron' } },
      chosen: 'p1',
    }
    model = new SeveralModel(
      host as never,
      { name: 'guest', appearing, worksFor: 'relay' },
      () => `once-${String(++counter)}`,
    )
    model.change({ count: '2' })
    model.attach()
  })

  test('INV-11: 2 to 50 of them, and nothing else is asked of the core', async () => {
    expect(['1', '51', '', 'x', '2.5', '1e1'].map(countOf)).toEqual([null, null, null, null, null, null])
    expect(['2', ' 50 '].map(countOf)).toEqual([2, 50])
    model.change({ count: '51' })
    await model.make()
    expect(host.count('invitation.createMany')).toBe(0)
  })

  test('INV-11: Retry asks for the same batch, other settings for another; what failed is said', async () => {
    host.answer('invitation.createMany', () => {
      throw refused('RELAY_UNREACHABLE', { retryable: true })
    })
    await model.make()
    expect(model.state).toMatchObject({ phase: 'form', error: { code: 'RELAY_UNREACHABLE' }, links: [] })
    await model.make()
    expect(host.last('invitation.createMany').params).toEqual({ count: 2, name: 'guest', once: 'once-1' })
    model.change({ name: 'friend' })
    host.answer('invitation.createMany', () => made)
    await model.make()
    expect(host.last('invitation.createMany').params).toMatchObject({ name: 'friend', once: 'once-2' })
    expect(model.state).toMatchObject({ phase: 'made', error: null })
    expect(model.state.links.map(({ name }) => name)).toEqual(['guest 1', 'guest 2'])
  })

  test('as incognito each gets a name of its own: the suggested one goes to none of them', async () => {
    model.appearAs(INCOGNITO)
    host.answer('invitation.createMany', () => made)
    await model.make()
    expect(host.last('invitation.createMany').params).toEqual({
      ...{ count: 2, name: 'guest', incognito: true, once: 'once-1' },
    })
  })

  test('each is followed by itself: a used one is on no page any more, a deleted one says so', async () => {
    host.answer('invitation.createMany', () => made)
    host.answer('link.image', () => ({ dataUri: 'data:text/html,' }))
    const printed: string[] = []
    Object.assign(host, { printPage: (page: string) => printed.push(page) })
    await model.make()
    await model.copy(model.state.links[1]!)
    expect(host.copied).toEqual(['simplex:/c2'])
    expect(host.last('connection.markShared').params).toEqual({ connectionId: 'c2' })
    host.emit({
      event: 'connection.updated',
      data: { ...row('c1'), status: 'connected', phase: 'connected', link: null, contactId: 'k1' },
    })
    host.emit({ event: 'connection.removed', data: { connectionId: 'c1', rowId: 'r-c1' } })
    await model.print()
    await settle()
    expect(printed).toHaveLength(1)
    expect(host.last('link.image').params).toMatchObject({ style: 'page', connectionIds: ['c2'] })
    host.emit({ event: 'connection.removed', data: { connectionId: 'c2', rowId: 'r-c2' } })
    expect(model.state.links.map((one) => one.row?.status ?? null)).toEqual(['connected', null])
  })
})
