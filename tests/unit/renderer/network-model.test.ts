import { beforeEach, describe, expect, test } from 'vitest'
import { NetworkModel } from '../../../renderer/features/settings/network-model.ts'
import { ScriptedHost, refused } from './scripted-host.ts'

describe('Settings > Network', () => {
  let host: ScriptedHost
  let reloads: number
  let model: NetworkModel

  beforeEach(() => {
    reloads = 0
    host = new ScriptedHost()
      .answer('relay.add', () => ({}))
      .answer('relay.setEnabled', () => ({}))
      .answer('network.update', () => {
        throw refused('STORE')
      })
    model = new NetworkModel(
      host,
      () => {
        reloads += 1
        return Promise.resolve()
      },
      () => 'once',
    )
  })

  test('own servers are chosen only once there is one: the choice opens the form and follows the first server', async () => {
    host.answer('network.update', ({ choice }) => ({
      state: 'online',
      since: '',
      waitingToSend: 0,
      choice: choice ?? 'embedded',
      embedded: { on: true, address: null, reachableFrom: null, inUse: false, trouble: null },
      chosen: true,
      silent: [],
    }))
    await model.choose('own', [])
    expect(host.count('network.update')).toBe(0)
    expect(model.state.adding).not.toBeNull()
    host.answer('relay.parse', () => [{ line: 1, address: 'smp://key@one.example', error: null }])
    model.setText('smp://key@one.example')
    await model.add()
    expect(host.last('network.update').params).toEqual({ choice: 'own' })
    expect(model.state.adding).toBeNull()
    expect(reloads).toBe(1)
  })

  test('a line that cannot be read keeps the form open with what was typed and adds nothing', async () => {
    host.answer('relay.parse', () => [{ line: 1, address: null, error: 'no key' }])
    model.openForm()
    model.setText('smp//attic')
    await model.add()
    expect(model.state.adding).toMatchObject({ text: 'smp//attic', wrong: [{ line: 1 }] })
    expect(host.count('relay.add')).toBe(0)
  })

  test('a refused change is shown, and the lists are read again', async () => {
    await model.setEmbedded(false)
    expect(model.state).toMatchObject({ busy: false, error: { code: 'STORE' } })
    expect(reloads).toBe(1)
    await model.setEnabled('smp://key@one.example', false)
    expect(model.state.error).toBeNull()
  })

  test('SET-9: a test that failed keeps its steps, and pressing Test twice tests once', async () => {
    const first = model.test('a')
    const second = model.test('a')
    host.last('relay.test').resolve({ ok: false, steps: [{ step: 'certificate', ok: false, ms: 9 }] })
    await Promise.all([first, second])
    expect(host.count('relay.test')).toBe(1)
    expect(model.state.tests.get('a')).toMatchObject({
      tag: 'answered',
      test: { steps: [{ step: 'certificate' }] },
    })
  })
})
