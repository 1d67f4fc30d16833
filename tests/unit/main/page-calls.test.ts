import { expect, test } from 'vitest'
import { createPageCalls } from '../../../main/electron/page-calls.ts'

test('an answer comes back under the id that the page gave', () => {
  const calls = createPageCalls()
  const asked = calls.outward({ id: 'first', method: 'app.get', params: {} })
  expect(calls.inward({ id: asked['id'], result: 1 })).toEqual({ id: 'first', result: 1 })
  expect(calls.inward({ id: asked['id'], result: 1 })).toBeNull()
})

test('events pass through', () => {
  expect(createPageCalls().inward({ event: 'app.state', data: {} })).toEqual({ event: 'app.state', data: {} })
})

test('after a reload, an answer to the old page reaches nobody, and the same id may be used again', () => {
  const calls = createPageCalls()
  const old = calls.outward({ id: 1, method: 'app.get', params: {} })
  calls.forget()
  const fresh = calls.outward({ id: 1, method: 'app.get', params: {} })
  expect(fresh['id']).not.toBe(old['id'])
  expect(calls.inward({ id: old['id'], result: 'old' })).toBeNull()
  expect(calls.inward({ id: fresh['id'], result: 'new' })).toEqual({ id: 1, result: 'new' })
})

test('call.cancel names the call by the number that the core knows', () => {
  const calls = createPageCalls()
  const waiting = calls.outward({ id: 7, method: 'invitation.create', params: {} })
  const cancel = calls.outward({ id: 8, method: 'call.cancel', params: { id: 7 } })
  expect(cancel['params']).toEqual({ id: waiting['id'] })
})

test('a call of the shell itself has a number of its own, and its answer reaches no page', () => {
  const calls = createPageCalls()
  const own = calls.own('app.openLink', { text: 'duplex:/x' })
  const asked = calls.outward({ id: 1, method: 'app.get', params: {} })
  expect(own['id']).not.toBe(asked['id'])
  expect(calls.inward({ id: own['id'], result: {} })).toBeNull()
})
