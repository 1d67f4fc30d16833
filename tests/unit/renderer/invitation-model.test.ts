import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Connection } from '#core/contract'
import { InvitationModel } from '../../../renderer/features/new-chat/invitation-model.ts'
import { INCOGNITO } from '../../../renderer/features/identity/index.ts'
import { anEntry } from './builders.ts'
import { ScriptedHost, refused, settle } from './scripted-host.ts'

const LINK = 'simplex:/invitation#/?v=2-7&smp=one&e2e=two'

function row(change: Partial<Connection> = {}): Connection {
  return {
    connectionId: 'c1',
    rowId: 'r1',
    profileId: 'p1',
    kind: 'invitation',
    role: 'creator',
    status: 'waiting',
    phase: 'unused',
    name: null,
    incognitoProfile: null,
    link: LINK,
    fullLink: LINK,
    relay: 'relay.example',
    reach: 'internet',
    stale: null,
    contactId: null,
    expiresAt: null,
    openedAt: null,
    openedAlarm: false,
    addressLabel: null,
    error: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    ...change,
  }
}

const made = { connectionId: 'c1', link: LINK, fullLink: LINK, incognitoProfile: null }

describe('the invitation card', () => {
  let host: ScriptedHost
  let model: InvitationModel
  let ids: number
  let detach: () => void

  beforeEach(() => {
    host = new ScriptedHost()
      .answer('profile.list', () => [anEntry()])
      .answer('incognito.suggest', () => ({ incognitoId: 'i1', profile: { displayName: 'QuietHeron' } }))
      .answer('connection.setName', () => row())
      .answer('connection.get', () => ({ ...row(), timeline: [] }))
      .answer('connection.markShared', () => row({ phase: 'shared' }))
      .answer('connection.delete', () => ({ peerMayWait: false }))
    ids = 0
    model = new InvitationModel(host, () => `once-${++ids}`)
    detach = model.attach()
  })
  afterEach(() => {
    vi.useRealTimers()
    detach()
  })

  async function ready(): Promise<void> {
    host.answer('invitation.create', () => made)
    model.show()
    await settle()
  }

  test('NEW-2: nothing is made before the card is shown, and showing it again makes no second link', async () => {
    await settle()
    expect(host.count('invitation.create')).toBe(0)
    model.show()
    await settle()
    model.show()
    await settle()
    host.last('invitation.create').resolve(made)
    await settle()
    model.show()
    await settle()
    expect(host.count('invitation.create')).toBe(1)
    expect(model.state).toMatchObject({ phase: 'unused', link: LINK, connectionId: 'c1' })
  })

  test('INV-1: copying puts exactly the link on the clipboard, counts it and marks the link as shared', async () => {
    await ready()
    await model.copy()
    expect(host.copied).toEqual([LINK])
    expect(model.state).toMatchObject({ phase: 'shared', copies: 1 })
    await model.copy()
    expect(model.state.copies).toBe(2)
    expect(host.count('connection.markShared')).toBe(1)
  })

  test('INV-4: the name typed under For is saved to the row, also when typed while the link is being made', async () => {
    model.show()
    await settle()
    model.setName('Ludo')
    host.last('invitation.create').resolve(made)
    await settle()
    expect(host.last('connection.setName').params).toEqual({ connectionId: 'c1', name: 'Ludo' })
    model.setName('Ludo V.')
    await model.saveName()
    expect(host.last('connection.setName').params).toEqual({ connectionId: 'c1', name: 'Ludo V.' })
  })

  test('INV-4: a name that is cleared is saved as none, and an unchanged one is not saved again', async () => {
    await ready()
    model.setName('  ')
    await model.saveName()
    expect(host.count('connection.setName')).toBe(0)
    model.setName('A')
    await model.saveName()
    model.setName('')
    await model.saveName()
    expect(host.last('connection.setName').params).toEqual({ connectionId: 'c1', name: null })
  })

  test('INV-10: an error keeps the name, and Retry pressed twice asks once more with the same once', async () => {
    model.setName('Ludo')
    model.show()
    await settle()
    host
      .last('invitation.create')
      .reject(refused('RELAY_UNREACHABLE', { retryable: true, address: 'relay.example' }))
    await settle()
    expect(model.state).toMatchObject({ phase: 'error', name: 'Ludo', relay: 'relay.example' })
    model.retry()
    model.retry()
    expect(host.count('invitation.create')).toBe(2)
    expect(host.last('invitation.create').params).toEqual({ name: 'Ludo', once: 'once-1' })
    host.last('invitation.create').resolve(made)
    await settle()
    expect(model.state.phase).toBe('unused')
  })

  test('INV-10: another relay is tried under the same once', async () => {
    model.show()
    await settle()
    host.last('invitation.create').reject(refused('RELAY_QUOTA'))
    await settle()
    model.retry('smp://two@other.example')
    expect(host.last('invitation.create').params).toEqual({
      relay: 'smp://two@other.example',
      once: 'once-1',
    })
  })

  test('a wait of ten seconds gains a reason, and Cancel ends it with Retry on offer', async () => {
    vi.useFakeTimers()
    model.show()
    await vi.advanceTimersByTimeAsync(0)
    expect(model.state.slow).toBe(false)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(model.state.slow).toBe(true)
    model.cancel()
    await vi.advanceTimersByTimeAsync(0)
    expect(model.state).toMatchObject({ phase: 'error', slow: false, error: { code: 'CANCELLED' } })
  })

  test('INV-2: the card follows its row to the conversation and hides the used link', async () => {
    await ready()
    host.emit({ event: 'connection.updated', data: row({ connectionId: 'other', status: 'connecting' }) })
    expect(model.state.phase).toBe('unused')
    host.emit({
      event: 'connection.updated',
      data: row({ status: 'connecting', phase: 'connecting', link: null }),
    })
    expect(model.state).toMatchObject({ phase: 'connecting', link: null })
    host.emit({
      event: 'connection.updated',
      data: row({ status: 'connected', phase: 'connected', link: null, contactId: 'k1' }),
    })
    host.emit({ event: 'connection.removed', data: { connectionId: 'c1', rowId: 'r1' } })
    expect(model.state).toMatchObject({ phase: 'connected', contactId: 'k1' })
  })

  test('Make another keeps the first link and begins with a new once and an empty name', async () => {
    model.setName('Ludo')
    await ready()
    await model.makeAnother()
    expect(host.count('connection.delete')).toBe(0)
    expect(host.last('invitation.create').params).toEqual({ once: 'once-2' })
    expect(model.state.name).toBe('')
  })

  test('INV-6: Delete removes the row and the card shows no link any more', async () => {
    await ready()
    await model.deleteLink()
    expect(host.last('connection.delete').params).toEqual({ connectionId: 'c1' })
    expect(model.state).toMatchObject({ phase: 'deleted', link: null })
  })

  test('INV-7: deleted while somebody connects by it, the card says that they may go on waiting', async () => {
    await ready()
    host.emit({
      event: 'connection.updated',
      data: row({ status: 'connecting', phase: 'connecting', link: null }),
    })
    host.answer('connection.delete', () => ({ peerMayWait: true }))
    await model.deleteLink()
    expect(model.state).toMatchObject({ phase: 'deleted', peerMayWait: true })
  })

  test('INV-3: Incognito shows the name that is then used, and can be taken back while nobody has opened the link', async () => {
    await ready()
    const profile = { displayName: 'QuietHeron' }
    host.answer('connection.setIncognito', ({ incognito }) =>
      row({ incognitoProfile: incognito ? profile : null }),
    )
    await model.appearAs(INCOGNITO)
    expect(host.last('connection.setIncognito').params).toMatchObject({ incognito: true, incognitoId: 'i1' })
    expect(model.state.appearing).toMatchObject({ chosen: INCOGNITO, incognito: { profile } })
    await model.appearAs('p1')
    expect(host.last('connection.setIncognito').params).toMatchObject({ incognito: false })
  })

  test('a change that the relay refuses is said, and what the link shows stays chosen', async () => {
    await ready()
    host.answer('connection.setIncognito', () => {
      throw refused('LINK_USED')
    })
    await model.appearAs(INCOGNITO)
    expect(model.state).toMatchObject({ appearing: { chosen: 'p1' }, changeError: { code: 'LINK_USED' } })
  })

  test('INV-3, NEW-2: who I appear as can be chosen before the link is made, and while it is: the link follows', async () => {
    await model.prepare()
    await model.appearAs(INCOGNITO)
    expect(host.calls.filter(({ method }) => method.startsWith('connection.'))).toEqual([])
    model.show()
    await settle()
    expect(host.last('invitation.create').params).toMatchObject({ incognito: true, incognitoId: 'i1' })
    const chosen = model.appearAs('p1')
    await settle()
    expect(host.count('connection.setIncognito')).toBe(0)
    host.answer('connection.setIncognito', () => row())
    host.last('invitation.create').resolve(made)
    await chosen
    expect(host.last('connection.setIncognito').params).toMatchObject({
      connectionId: 'c1',
      incognito: false,
    })
    expect(model.state).toMatchObject({ phase: 'unused', appearing: { chosen: 'p1' } })
  })

  test('INV-9: a link whose time is over is made again with the same name, identity and time', async () => {
    host.answer('connection.setExpiry', () => row())
    await ready()
    model.setName('Ludo')
    await model.worksFor('day')
    host.emit({ event: 'connection.updated', data: row({ status: 'failed', phase: 'expired', link: null }) })
    expect(model.state).toMatchObject({ phase: 'expired', link: null })
    await model.makeAgain()
    expect(host.last('invitation.create').params).toMatchObject({ name: 'Ludo', once: 'once-2' })
    expect(host.last('invitation.create').params).toHaveProperty('expiresAt')
    expect(model.state).toMatchObject({ phase: 'unused', worksFor: 'day', name: 'Ludo' })
  })

  test('INV-13: opened and not completed is told, and the link can be replaced', async () => {
    await ready()
    host.emit({
      event: 'connection.updated',
      data: row({ phase: 'opened', openedAt: '2026-01-01T00:00:00.000Z', openedAlarm: true }),
    })
    expect(model.state).toMatchObject({ phase: 'opened', openedAlarm: true, link: null })
    await model.makeAgain()
    expect(host.last('connection.delete').params).toEqual({ connectionId: 'c1' })
    expect(model.state.phase).toBe('unused')
  })
})
