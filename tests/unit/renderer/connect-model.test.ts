import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ErrorCode, Plan, PlanStatus } from '#core/contract'
import { ConnectModel } from '../../../renderer/features/connect/connect-model.ts'
import { INCOGNITO } from '../../../renderer/features/identity/index.ts'
import { anEntry } from './builders.ts'
import { ScriptedHost, refused, settle } from './scripted-host.ts'

const QUIET_HERON = { incognitoId: 'i1', profile: { displayName: 'QuietHeron' } }
const LINK = 'simplex:/invitation#/?v=2-7&smp=one&e2e=two'

function plan(change: Partial<Plan> = {}): Plan {
  return {
    kind: 'invitation',
    status: 'new',
    preview: null,
    link: LINK,
    form: 'full',
    relay: 'relay.example',
    knownRelay: true,
    requestedAt: null,
    warnings: [],
    ...change,
  }
}

describe('checking and confirming a link', () => {
  let host: ScriptedHost

  beforeEach(() => {
    host = new ScriptedHost()
      .answer('profile.list', () => [anEntry()])
      .answer('incognito.suggest', () => QUIET_HERON)
  })
  afterEach(() => vi.useRealTimers())

  async function checked(answer: () => Plan, text = LINK): Promise<ConnectModel> {
    host.answer('connection.plan', answer)
    const model = new ConnectModel(host, text, { newId: () => 'once-1' })
    model.start()
    await settle()
    return model
  }

  test('CON-2: a usable link leads to the confirmation, and nothing is sent before Connect', async () => {
    const model = await checked(() => plan())
    expect(model.state).toMatchObject({ tag: 'confirm', appearing: { chosen: 'p1' }, busy: false })
    expect(host.count('connection.connect')).toBe(0)
  })

  test('PLN-7: the repaired link is what is shown and what is connected', async () => {
    const model = await checked(() => plan(), `<${LINK}.>`)
    model.connect()
    expect(host.last('connection.plan').params).toEqual({ link: `<${LINK}.>`, askUnknownRelay: true })
    expect(host.last('connection.connect').params).toMatchObject({ link: LINK })
  })

  test('CON-5: the private name goes with the connection, and a double click connects once', async () => {
    const model = await checked(() => plan())
    model.setName(' Ludo ')
    model.connect()
    model.connect()
    expect(host.count('connection.connect')).toBe(1)
    expect(host.last('connection.connect').params).toEqual({ link: LINK, name: 'Ludo', once: 'once-1' })
    host.last('connection.connect').resolve({ connectionId: 'c1', contactId: null })
    await settle()
    expect(model.state).toEqual({
      tag: 'closed',
      result: { type: 'connected', connectionId: 'c1', contactId: null, profileId: null },
    })
  })

  test('CON-1: the random name that is shown is the one that is sent, and another can be asked for', async () => {
    const model = await checked(() => plan())
    model.appearAs(INCOGNITO)
    host.answer('incognito.suggest', () => ({ incognitoId: 'i2', profile: { displayName: 'CalmOtter' } }))
    await model.anotherName()
    expect(model.state).toMatchObject({ appearing: { incognito: { profile: { displayName: 'CalmOtter' } } } })
    model.connect()
    expect(host.last('connection.connect').params).toMatchObject({ incognito: true, incognitoId: 'i2' })
    expect(host.last('connection.connect').params).not.toHaveProperty('profileId')
  })

  test('CON-8: another profile is named to the core, and the result says whose chat it is', async () => {
    const work = anEntry({ profileId: 'p2', profile: { displayName: 'Ines at work' }, active: false })
    host.answer('profile.list', () => [anEntry(), work])
    const model = await checked(() => plan())
    model.appearAs('p2')
    model.connect()
    expect(host.last('connection.connect').params).toMatchObject({ profileId: 'p2' })
    host.last('connection.connect').resolve({ connectionId: 'c1', contactId: null })
    await settle()
    expect(model.state).toMatchObject({ tag: 'closed', result: { type: 'connected', profileId: 'p2' } })
  })

  const stored: [PlanStatus, string][] = [
    ['own', 'O'],
    ['connecting', 'C'],
    ['known', 'K'],
  ]
  test.each(stored)(
    'PLN-2: a link that is %s shows plan %s, opens what exists and sends nothing',
    async (status, letter) => {
      const model = await checked(() => plan({ status, connectionId: 'c1', contactId: 'k1' }))
      expect(model.state).toMatchObject({ tag: 'alert', alert: { plan: letter, connectionId: 'c1' } })
      model.connect()
      model.open()
      expect(model.state).toMatchObject({
        tag: 'closed',
        result: { type: 'open', plan: letter, contactId: 'k1' },
      })
      expect(host.count('connection.connect')).toBe(0)
    },
  )

  const errors: [ErrorCode, object][] = [
    ['LINK_OWN', { plan: 'O' }],
    ['LINK_USED', { plan: 'U' }],
    ['LINK_VERSION', { plan: 'V', needs: 'update' }],
    ['LINK_INVALID', { plan: 'I', looksLike: 'text' }],
    ['TOO_LARGE', { plan: 'I' }],
    ['RELAY_UNREACHABLE', { plan: 'N', reason: 'unreachable' }],
    ['RELAY_IDENTITY', { plan: 'N', reason: 'identity' }],
    ['RELAY_QUOTA', { plan: 'N', reason: 'refused' }],
    ['STORE', { plan: 'X' }],
  ]
  test.each(errors)('PLN-1: %s shows its alert', async (code, alert) => {
    const model = await checked(() => {
      throw refused(code)
    })
    expect(model.state).toMatchObject({ tag: 'alert', alert })
  })

  test('plan U from the relay at Connect is an alert; a link that is already used here leads to its row', async () => {
    const model = await checked(() => plan())
    model.connect()
    host.last('connection.connect').reject(refused('LINK_USED'))
    await settle()
    expect(model.state).toMatchObject({ tag: 'alert', alert: { plan: 'U' } })
    const other = await checked(() => plan())
    other.connect()
    host.last('connection.connect').reject(refused('ALREADY_CONNECTED', { connectionId: 'c1' }))
    await settle()
    expect(other.state).toMatchObject({ tag: 'alert', alert: { plan: 'C', connectionId: 'c1' } })
  })

  test('plan N at Connect keeps the name, and Retry connects again under the same once', async () => {
    const model = await checked(() => plan())
    model.setName('Ludo')
    model.connect()
    host.last('connection.connect').reject(refused('RELAY_UNREACHABLE', { retryable: true }))
    await settle()
    model.retry()
    expect(model.state).toMatchObject({ tag: 'confirm', busy: true })
    expect(host.count('connection.plan')).toBe(1)
    expect(host.last('connection.connect').params).toEqual({ link: LINK, name: 'Ludo', once: 'once-1' })
  })

  test('PLN-3: an answer that comes after Cancel shows nothing', async () => {
    const model = new ConnectModel(host, LINK, { newId: () => 'once-1' })
    model.start()
    const call = host.last('connection.plan')
    model.cancel()
    expect(call.signal?.aborted).toBe(true)
    call.resolve(plan())
    await settle()
    expect(model.state).toEqual({ tag: 'closed', result: { type: 'cancelled' } })
  })

  test('PLN-4: starting twice checks once', async () => {
    const model = new ConnectModel(host, LINK, { newId: () => 'once-1' })
    model.start()
    model.start()
    expect(host.count('connection.plan')).toBe(1)
  })

  test('a wait of ten seconds is called slow, while checking and while connecting', async () => {
    vi.useFakeTimers()
    const model = new ConnectModel(host, LINK, { newId: () => 'once-1' })
    model.start()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(model.state).toEqual({ tag: 'checking', slow: true })
    host.last('connection.plan').resolve(plan())
    await vi.advanceTimersByTimeAsync(0)
    expect(model.state).toMatchObject({ tag: 'confirm', slow: false })
    model.connect()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(model.state).toMatchObject({ tag: 'confirm', busy: true, slow: true })
  })

  test('CON-6: the message goes with a request at an address, and never with a one-time link', async () => {
    const atAddress = await checked(() => plan({ kind: 'address' }))
    atAddress.setMessage(' It is me, Ludo ')
    atAddress.connect()
    expect(host.last('connection.connect').params).toMatchObject({ message: 'It is me, Ludo' })
    const once = await checked(() => plan())
    once.setMessage('lost')
    once.connect()
    expect(host.last('connection.connect').params).not.toHaveProperty('message')
  })

  test('CON-9: from outside, a decision is held back for five seconds and can be taken back', async () => {
    vi.useFakeTimers()
    host.answer('connection.plan', () => plan()).answer('profile.list', () => [anEntry()])
    const model = new ConnectModel(host, LINK, { outside: true, newId: () => 'once-1' })
    model.start()
    await vi.advanceTimersByTimeAsync(0)
    // Nobody is preselected: without a choice, Connect does nothing.
    model.connect()
    expect(model.state).toMatchObject({ tag: 'confirm', appearing: { chosen: null } })
    model.appearAs('p1')
    model.connect()
    expect(model.state).toMatchObject({ tag: 'held', seconds: 5 })
    await vi.advanceTimersByTimeAsync(4_900)
    expect(model.state).toMatchObject({ tag: 'held', seconds: 1 })
    model.undo()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(host.count('connection.connect')).toBe(0)
    expect(model.state).toMatchObject({ tag: 'confirm', busy: false })
    model.connect()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(host.count('connection.connect')).toBe(1)
  })

  test('PLN-1 N: Try when online keeps the link; where nothing was confirmed, that comes first', async () => {
    const model = await checked(() => plan())
    model.connect()
    host.last('connection.connect').reject(refused('RELAY_UNREACHABLE', { retryable: true }))
    await settle()
    model.tryWhenOnline()
    expect(host.last('connection.connect').params).toEqual({ link: LINK, whenOnline: true, once: 'once-1' })

    host.answer('link.parse', () => [
      { kind: 'link', text: LINK, link: { kind: 'invitation', form: 'short', relay: 'relay.example' } },
    ])
    const early = await checked(() => {
      throw refused('RELAY_UNREACHABLE', { retryable: true })
    })
    const before = host.count('connection.connect')
    early.tryWhenOnline()
    await settle()
    expect(early.state).toMatchObject({ tag: 'confirm', plan: { link: LINK, relay: 'relay.example' } })
    expect(host.count('connection.connect')).toBe(before)
    early.connect()
    expect(host.last('connection.connect').params).toMatchObject({ whenOnline: true })
  })

  test('LND-7: from outside, with several profiles, it asks whose the link is and fetches nothing before', async () => {
    const work = anEntry({ profileId: 'p2', profile: { displayName: 'Ines at work' }, active: false })
    host.answer('profile.list', () => [anEntry(), work]).answer('connection.plan', () => plan())
    const model = new ConnectModel(host, LINK, { outside: true, newId: () => 'once-1' })
    model.start()
    await settle()
    expect(model.state).toMatchObject({ tag: 'whose', profiles: [{ profileId: 'p1' }, { profileId: 'p2' }] })
    expect(host.count('connection.plan')).toBe(0)
    model.choose('p2')
    await settle()
    expect(host.last('connection.plan').params).toEqual({
      ...{ link: LINK, profileId: 'p2', askUnknownRelay: true },
    })
    expect(model.state).toMatchObject({ tag: 'confirm', appearing: { chosen: 'p2' } })
    // By this person's own hand nothing is asked: the profile in use is meant.
    const own = new ConnectModel(host, LINK)
    own.start()
    await settle()
    expect(own.state).toMatchObject({ tag: 'confirm', appearing: { chosen: 'p1' } })
  })

  test('CON-1: who is named is meant, also where the link was looked at for another profile', async () => {
    vi.useFakeTimers()
    const work = anEntry({ profileId: 'p2', profile: { displayName: 'Ines at work' }, active: false })
    host.answer('profile.list', () => [anEntry(), work]).answer('connection.plan', () => plan())
    for (const [choice, params] of [
      ['p1', {}],
      ['p2', { profileId: 'p2' }],
      [INCOGNITO, { incognito: true, incognitoId: 'i1', profileId: 'p2' }],
    ] as const) {
      const model = new ConnectModel(host, LINK, { outside: true, newId: () => 'once-1' })
      model.start()
      await vi.advanceTimersByTimeAsync(0)
      model.choose('p2')
      await vi.advanceTimersByTimeAsync(0)
      model.appearAs(choice)
      model.connect()
      await vi.advanceTimersByTimeAsync(5_000)
      expect(host.last('connection.connect').params).toEqual({ link: LINK, once: 'once-1', ...params })
      host.last('connection.connect').resolve({ connectionId: 'c1', contactId: null })
      await vi.advanceTimersByTimeAsync(0)
      const profileId = choice === 'p1' ? null : 'p2'
      expect(model.state).toMatchObject({ tag: 'closed', result: { profileId } })
    }
  })

  test('PLN-1 O: an own link can be used by another profile, by one that is chosen where there are several', async () => {
    const work = anEntry({ profileId: 'p2', profile: { displayName: 'Ines at work' }, active: false })
    const club = anEntry({ profileId: 'p3', profile: { displayName: 'Ines at the club' }, active: false })
    host.answer('connection.plan', ({ profileId }) =>
      plan({ status: profileId === undefined ? 'own' : 'new' }),
    )
    const alone = new ConnectModel(host, LINK)
    alone.start()
    await settle()
    expect(alone.state).toMatchObject({ tag: 'alert', alert: { plan: 'O', others: [] } })

    host.answer('profile.list', () => [anEntry(), work])
    const two = new ConnectModel(host, LINK, { newId: () => 'once-1' })
    two.start()
    await settle()
    two.asAnother()
    await settle()
    expect(host.last('connection.plan').params).toMatchObject({ profileId: 'p2' })
    // The owner is not among those who could connect: they would be refused.
    expect(two.state).toMatchObject({ tag: 'confirm', appearing: { chosen: 'p2', profiles: [work] } })
    two.connect()
    expect(host.last('connection.connect').params).toMatchObject({ profileId: 'p2' })

    host.answer('profile.list', () => [anEntry(), work, club])
    const three = new ConnectModel(host, LINK)
    three.start()
    await settle()
    three.asAnother()
    expect(three.state).toMatchObject({ tag: 'whose', why: 'own', profiles: [work, club] })
    three.choose('p3')
    await settle()
    expect(three.state).toMatchObject({ tag: 'confirm', appearing: { chosen: 'p3', profiles: [work, club] } })
  })

  test('flows 8, guard: to what may be a random name nobody is preselected, and it can be taken back', async () => {
    vi.useFakeTimers()
    const preview = { profile: { displayName: 'QuietHeron' }, message: null, looksRandom: true }
    host.answer('connection.plan', () => plan({ preview }))
    const model = new ConnectModel(host, LINK)
    model.start()
    await vi.advanceTimersByTimeAsync(0)
    model.connect()
    expect(model.state).toMatchObject({ tag: 'confirm', appearing: { chosen: null } })
    model.appearAs(INCOGNITO)
    model.connect()
    expect(model.state).toMatchObject({ tag: 'held', seconds: 5 })
    expect(host.count('connection.connect')).toBe(0)
    model.undo()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(host.count('connection.connect')).toBe(0)
  })

  test('flows 7: a relay that nobody here knows is asked when the person says so, and not before', async () => {
    const address = 'smp://key@relay.example,onion.onion:7001'
    host.answer('connection.plan', ({ askUnknownRelay }) => {
      if (askUnknownRelay === true) throw refused('RELAY_UNKNOWN', { address, warnings: ['port'] })
      return plan({ knownRelay: false })
    })
    const model = new ConnectModel(host, LINK)
    model.start()
    await settle()
    expect(model.state).toEqual({ tag: 'relay', address, warnings: ['port'] })
    model.askRelay()
    await settle()
    expect(host.count('connection.plan')).toBe(2)
    expect(model.state).toMatchObject({ tag: 'confirm', plan: { knownRelay: false } })
    const other = new ConnectModel(host, LINK)
    other.start()
    await settle()
    other.cancel()
    expect(host.count('connection.plan')).toBe(3)
    expect(other.state).toEqual({ tag: 'closed', result: { type: 'cancelled' } })
  })

  test('PLN-1 R: asked before, it says when, and only Ask again asks again', async () => {
    const requestedAt = '2026-11-24T09:00:00.000Z'
    const model = await checked(() =>
      plan({ kind: 'address', status: 'requested', connectionId: 'k1', requestedAt }),
    )
    expect(model.state).toMatchObject({ tag: 'alert', alert: { plan: 'R', requestedAt } })
    expect(host.count('connection.connect')).toBe(0)
    model.askAgain()
    expect(host.last('connection.connect').params).toEqual({ link: LINK, again: true })
    host.last('connection.connect').resolve({ connectionId: 'k1', contactId: null })
    await settle()
    expect(model.state).toMatchObject({ tag: 'closed', result: { type: 'connected', connectionId: 'k1' } })
  })

  test.each(['paused', 'gone'] as const)('PLN-2 P: an address that is %s gets no request', async (status) => {
    const model = await checked(() => plan({ kind: 'address', status }))
    expect(model.state).toMatchObject({ tag: 'alert', alert: { plan: 'P', reason: status } })
    model.connect()
    expect(host.count('connection.connect')).toBe(0)
  })

  test('ADR-7: an address that was deleted meanwhile says so after the attempt', async () => {
    const model = await checked(() => plan({ kind: 'address' }))
    model.connect()
    host.last('connection.connect').reject(refused('LINK_GONE'))
    await settle()
    expect(model.state).toMatchObject({ tag: 'alert', alert: { plan: 'P', reason: 'gone' } })
  })

  test('PLN-1 O: an own address leads to its screen', async () => {
    const model = await checked(() => plan({ kind: 'address', status: 'own', addressId: 'a1' }))
    model.open()
    expect(model.state).toMatchObject({ tag: 'closed', result: { type: 'address', addressId: 'a1' } })
  })
})
