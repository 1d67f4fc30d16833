import { beforeEach, describe, expect, test } from 'vitest'
import type { App, Network, RelayEntry } from '#core/contract'
import { OnboardingModel } from '../../../renderer/features/onboarding/onboarding-model.ts'
import type { Known } from '../../../renderer/features/onboarding/onboarding-model.ts'
import { ScriptedHost, refused, settle } from './scripted-host.ts'

const app: App = {
  version: '0',
  state: 'ready',
  dataDir: '',
  onboarding: 'profile',
  protection: 'none',
  heldLink: false,
  abilities: [],
}
const network: Network = {
  state: 'online',
  since: '2026-01-01T00:00:00.000Z',
  waitingToSend: 0,
  choice: 'embedded',
  embedded: { on: true, address: null, reachableFrom: null, inUse: false, trouble: null },
  chosen: true,
  silent: [],
}
const own: RelayEntry = {
  address: 'smp://key@own.example',
  state: 'online',
  embedded: false,
  enabled: true,
  error: null,
  since: '2026-01-01T00:00:00.000Z',
  operator: null,
  queues: 0,
  hasAddress: false,
  reach: 'internet',
  page: null,
}

describe('the first run', () => {
  let host: ScriptedHost
  let outcome: string[]

  beforeEach(() => {
    outcome = []
    host = new ScriptedHost()
      .answer('app.setOnboarding', ({ step }) => ({ ...app, onboarding: step }))
      .answer('relay.add', () => ({}))
      .answer('network.update', () => network)
  })

  function model(known: Partial<Known> = {}): OnboardingModel {
    return new OnboardingModel(
      host,
      { profile: null, network, relays: [], ...known },
      {
        setApp: (next) => outcome.push(`app ${next.onboarding}`),
        setProfile: (profile) => outcome.push(`profile ${profile.displayName}`),
        reloadRelays: () => Promise.resolve(),
      },
      () => 'once',
    )
  }

  test('ONB-2: Create waits for a name that is more than spaces, and a double click makes one profile', async () => {
    host.answer('profile.create', ({ displayName }) => ({ displayName }))
    const one = model()
    one.begin()
    one.setName('   ')
    await one.createProfile()
    expect(host.count('profile.create')).toBe(0)
    one.setName(' Ines ')
    await Promise.all([one.createProfile(), one.createProfile()])
    expect(host.count('profile.create')).toBe(1)
    expect(host.last('profile.create').params).toEqual({ displayName: 'Ines' })
    expect(one.state.screen).toBe('relays')
    expect(outcome).toEqual(['app relays', 'profile Ines'])
  })

  test('a name that needs correction is offered in its corrected form, and what was typed stays', async () => {
    host.answer('profile.create', () => {
      throw refused('INVALID_PARAMS', { path: 'displayName', suggestion: 'Ines' })
    })
    const one = model()
    one.setName('#Ines')
    await one.createProfile()
    expect(one.state).toMatchObject({ name: '#Ines', suggestion: 'Ines' })
    one.useSuggestion()
    expect(one.state).toMatchObject({ name: 'Ines', suggestion: null, nameError: null })
  })

  test('ONB-7: a restart after the profile was made resumes at the relays', () => {
    const one = model({ profile: { displayName: 'Ines' } })
    expect(one.state.screen).toBe('relays')
    expect(one.canGoBack).toBe(false)
  })

  test('ONB-7: a lost answer to profile.create finds the profile instead of making a second one', async () => {
    host
      .answer('profile.create', () => {
        throw refused('ALREADY_EXISTS')
      })
      .answer('profile.get', () => ({ displayName: 'Ines' }))
    const one = model()
    one.setName('Ines')
    await one.createProfile()
    expect(one.state.screen).toBe('relays')
  })

  test('ONB-3: an unreadable line keeps the step, names the line and adds nothing', async () => {
    host.answer('relay.parse', () => [
      { line: 1, address: 'smp://key@one.example', error: null },
      { line: 2, address: null, error: 'not an address' },
    ])
    const one = model({ profile: { displayName: 'Ines' } })
    one.choose('own')
    one.setServers('smp://key@one.example\nsmp//two')
    await one.finish()
    expect(one.state.lines[1]).toMatchObject({ line: 2, error: 'not an address' })
    expect(host.count('relay.add')).toBe(0)
    expect(host.count('app.setOnboarding')).toBe(0)
  })

  test('ONB-3: own servers without any address keep the step and say so', async () => {
    const one = model({ profile: { displayName: 'Ines' } })
    one.choose('own')
    await one.finish()
    expect(one.state.noServer).toBe(true)
    expect(host.count('network.update')).toBe(0)
  })

  test('ONB-4: each choice is saved before onboarding ends', async () => {
    for (const choice of ['embedded', 'preset'] as const) {
      const one = model({ profile: { displayName: 'Ines' } })
      one.choose(choice)
      await one.finish()
      expect(host.last('network.update').params).toEqual({ choice })
    }
    expect(outcome).toEqual(['app done', 'app done'])
  })

  test('what others can reach is preselected on a fresh folder, and what is chosen or in use on any other', () => {
    const fresh = model({ network: { ...network, chosen: false } })
    expect(fresh.state.choice).toBe('preset')
    expect(model({ network: null }).state.choice).toBe('preset')
    expect(model().state.choice).toBe('embedded')
    expect(model({ network: { ...network, choice: 'own' }, relays: [own] }).state.choice).toBe('own')
    expect(host.calls).toEqual([])
  })

  test('*Reachable from the local network* goes with the choice of this computer, and with no other', async () => {
    const one = model({ profile: { displayName: 'Ines' } })
    one.choose('embedded')
    one.setLan(true)
    await one.finish()
    expect(host.last('network.update').params).toEqual({
      choice: 'embedded',
      embedded: { reachableFrom: 'local-network' },
    })
    one.choose('preset')
    await one.finish()
    expect(host.last('network.update').params).toEqual({ choice: 'preset' })
  })

  test('a relay that is switched off is not put into the field, from where it would be switched on', () => {
    expect(
      model({ relays: [own, { ...own, address: 'smp://key@off.example', enabled: false }] }).state.servers,
    ).toBe(own.address)
  })

  test('ONB-4: own servers are added, those already known are kept, and the choice is saved', async () => {
    host
      .answer('relay.parse', ({ text }) =>
        text.split('\n').map((line, at) => ({ line: at + 1, address: line, error: null })),
      )
      .answer('relay.add', ({ address }) => {
        if (address === own.address) throw refused('ALREADY_EXISTS')
        return {}
      })
    const one = model({
      profile: { displayName: 'Ines' },
      relays: [own],
      network: { ...network, choice: 'own' },
    })
    expect(one.state).toMatchObject({ choice: 'own', servers: own.address })
    one.setServers(`${own.address}\nsmp://key@two.example`)
    await one.finish()
    expect(host.count('relay.add')).toBe(2)
    expect(host.last('network.update').params).toEqual({ choice: 'own' })
  })

  test('Test tries every readable line and keeps the result of each', async () => {
    host
      .answer('relay.parse', () => [{ line: 1, address: own.address, error: null }])
      .answer('relay.test', () => ({ ok: false, steps: [{ step: 'reach', ok: false, ms: 5 }], page: null }))
    const one = model({ profile: { displayName: 'Ines' } })
    one.setServers(own.address)
    await one.testServers()
    await settle()
    expect(one.state.tests.get(own.address)).toMatchObject({ tag: 'answered', test: { ok: false } })
    one.setServers('')
    expect(one.state.tests.size).toBe(0)
  })
})
