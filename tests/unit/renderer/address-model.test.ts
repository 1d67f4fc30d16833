import { beforeEach, describe, expect, test } from 'vitest'
import type { Address } from '#core/contract'
import { AddressModel, changeOf, draftOf } from '../../../renderer/features/address/address-model.ts'
import { anAddress } from './builders.ts'
import { ScriptedHost, refused, settle } from './scripted-host.ts'

describe('the form of an address', () => {
  let host: ScriptedHost
  let put: Address[]
  const model = (address = anAddress()): AddressModel => {
    let ids = 0
    return new AddressModel(
      host,
      address,
      (next) => void put.push(next),
      () => `once-${String(++ids)}`,
    )
  }

  beforeEach(() => {
    host = new ScriptedHost()
    put = []
  })

  test('ADR-9: what is edited is unsaved until Save; Discard restores the saved values', () => {
    const form = model(anAddress({ welcomeMessage: 'Hello' }))
    expect(form.dirty).toBe(false)
    form.edit({ welcome: 'Good day', autoAccept: true })
    expect(form.dirty).toBe(true)
    form.discard()
    expect(form.state.draft).toMatchObject({ welcome: 'Hello', autoAccept: false })
    expect(form.dirty).toBe(false)
    expect(host.calls).toHaveLength(0)
  })

  test('a value that was typed back to what it was is no change', () => {
    const form = model(anAddress({ welcomeMessage: 'Hello' }))
    form.edit({ welcome: 'Hell' })
    form.edit({ welcome: 'Hello' })
    expect(form.dirty).toBe(false)
  })

  test('Save is one call with only what changed, and the form is clean after it', async () => {
    const form = model()
    form.edit({ autoAccept: true, incognito: true, welcome: 'Hello' })
    const saving = form.save()
    expect(host.last('address.update').params).toEqual({
      addressId: 'a1',
      autoAccept: { incognito: true },
      welcomeMessage: 'Hello',
    })
    const saved = anAddress({ autoAccept: { incognito: true }, welcomeMessage: 'Hello' })
    host.last('address.update').resolve(saved)
    expect(await saving).toBe(true)
    expect(form.dirty).toBe(false)
    expect(put).toEqual([saved])
  })

  test('ADR-5: turning auto-accept off leaves the welcome text alone', () => {
    const saved = draftOf(anAddress({ autoAccept: { incognito: true }, welcomeMessage: 'Hello' }))
    expect(changeOf({ ...saved, autoAccept: false }, saved)).toEqual({ autoAccept: null })
  })

  test('incognito without auto-accept is no change at all', () => {
    const saved = draftOf(anAddress())
    expect(changeOf({ ...saved, incognito: true }, saved)).toEqual({})
  })

  test('a refused Save says so and keeps what was typed', async () => {
    const form = model()
    host.answer('address.update', () => {
      throw refused('TOO_LARGE')
    })
    form.edit({ welcome: 'x'.repeat(900) })
    expect(await form.save()).toBe(false)
    expect(form.state.error?.code).toBe('TOO_LARGE')
    expect(form.dirty).toBe(true)
  })

  test('a change from elsewhere reaches the fields that were not touched', () => {
    const form = model()
    form.edit({ welcome: 'mine' })
    form.follow(anAddress({ autoAccept: { incognito: false }, welcomeMessage: 'theirs' }))
    expect(form.state.draft).toMatchObject({ welcome: 'mine', autoAccept: true })
  })

  test('a limit that is no number cannot be saved', async () => {
    const form = model()
    form.edit({ stopAfter: '-3' })
    expect(form.wrong).toBe('stopAfter')
    expect(await form.save()).toBe(false)
    expect(host.calls).toHaveLength(0)
    form.edit({ stopAfter: '30' })
    expect(form.wrong).toBeNull()
  })

  test('a day is sent as its end, and read back as the same day', () => {
    const none = draftOf(anAddress())
    const { stopAt } = changeOf({ ...none, stopAt: '2027-03-04' }, none)
    expect(draftOf(anAddress({ stopAt: stopAt ?? null })).stopAt).toBe('2027-03-04')
  })

  test('ADR-8: a replacement that stopped half-way is resumed under the same id', async () => {
    const form = model()
    const first = form.replace()
    host.last('address.replace').reject(refused('RELAY_UNREACHABLE', { retryable: true }))
    expect(await first).toBeNull()
    expect(form.state.error?.code).toBe('RELAY_UNREACHABLE')
    void form.replace()
    await settle()
    const calls = host.calls.filter((call) => call.method === 'address.replace')
    expect(calls.map((call) => call.params)).toEqual([
      { addressId: 'a1', once: 'once-1' },
      { addressId: 'a1', once: 'once-1' },
    ])
  })

  test('REQ-6: deleting takes along what was decided about those who wait', async () => {
    host.answer('address.delete', () => ({}))
    const form = model()
    await form.remove('keep')
    await form.remove('reject')
    await form.remove({ acceptFirst: ['q1', 'q2'] })
    expect(host.calls.map((call) => call.params)).toEqual([
      { addressId: 'a1' },
      { addressId: 'a1', rejectWaiting: true },
      { addressId: 'a1', acceptFirst: ['q1', 'q2'] },
    ])
  })

  test('a double click is one call', () => {
    const form = model()
    void form.pause(true)
    void form.pause(true)
    expect(host.count('address.update')).toBe(1)
  })
})
