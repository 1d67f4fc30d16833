import { describe, expect, it } from 'vitest'
import { ContractFailure, isMethod, parseParams } from '#core/contract'

function refusal(method: string, params: unknown): ContractFailure {
  if (!isMethod(method)) throw new Error('no such method')
  try {
    parseParams(method, params)
  } catch (error) {
    if (error instanceof ContractFailure) return error
    throw error
  }
  throw new Error(`${method} took ${JSON.stringify(params)}`)
}

describe('the border of the contract', () => {
  it('knows no method of a later stage, and none of Object', () => {
    for (const name of ['profile.hide', 'message.edit', 'toString', '__proto__', '']) {
      expect(isMethod(name)).toBe(false)
    }
  })

  it.each([
    ['invitation.create', { incognito: 'yes' }, 'incognito'],
    ['invitation.create', { profileId: null }, 'profileId'],
    ['invitation.create', { expiresAt: 'soon' }, 'expiresAt'],
    ['invitation.create', { incognitoId: '' }, 'incognitoId'],
    ['connection.plan', { link: 'x', askUnknownRelay: 'yes' }, 'askUnknownRelay'],
    ['connection.plan', {}, 'link'],
    ['connection.connect', { link: 'x', incognito: 1 }, 'incognito'],
    ['connection.connect', { link: 'x', whenOnline: 1 }, 'whenOnline'],
    ['address.update', { question: 'x' }, 'question'],
    ['address.update', { autoAccept: {} }, 'autoAccept.incognito'],
    ['address.update', { stopAfter: 0 }, 'stopAfter'],
    ['address.update', { stopAt: 'soon' }, 'stopAt'],
    ['address.create', { label: '' }, 'label'],
    ['profile.delete', { profileId: 'p' }, 'contacts'],
    ['profile.delete', { profileId: 'p', contacts: -1 }, 'contacts'],
    ['profile.switch', {}, 'profileId'],
    ['request.rejectMany', {}, 'requestIds'],
    ['request.rejectMany', { requestIds: ['r'], all: true }, 'requestIds'],
    ['request.rejectMany', { addressId: 'a' }, 'requestIds'],
    ['request.list', { limit: 501 }, 'limit'],
    ['network.update', { proxy: null }, 'proxy'],
    ['network.update', { embedded: { on: 'yes' } }, 'embedded.on'],
    ['message.send', { contactId: 'c', text: 'x', attachments: [] }, 'attachments'],
    ['message.send', { contactId: 'c', text: 'x', quotedId: 'm' }, 'quotedId'],
    ['message.send', { contactId: 'c', text: '' }, 'text'],
    ['message.send', { text: 'x' }, 'contactId'],
    ['message.send', { text: 'x', contactId: 'c', connectionId: 'd' }, 'contactId'],
    ['contact.delete', { contactId: 'c', keepChat: 'yes' }, 'keepChat'],
    ['chat.list', { filter: 'read' }, 'filter'],
    ['contact.update', { contactId: 'c', note: 'x' }, 'note'],
    ['link.image', { link: 'x', style: 'page', format: 'svg' }, 'format'],
    ['link.image', { link: 'x', style: 'code', format: 'svg', connectionIds: ['c'] }, 'connectionIds'],
    ['chat.messages', { contactId: 'c', limit: 501 }, 'limit'],
    ['chat.messages', { contactId: 'c', limit: 0 }, 'limit'],
    ['connection.setName', { connectionId: 'c' }, 'name'],
    ['contact.get', { contactId: '' }, 'contactId'],
    ['contact.get', { contactId: 7 }, 'contactId'],
    ['app.setOnboarding', { step: 'later' }, 'step'],
    ['app.get', { anything: 1 }, 'anything'],
    ['app.get', [], ''],
    ['app.get', 'text', ''],
  ])('%s refuses %j at its path', (method, params, path) => {
    const failure = refusal(method, params)
    expect(failure.code).toBe('INVALID_PARAMS')
    expect(failure.details).toEqual({ retryable: false, path })
    expect(failure.message).toMatch(/\.$/)
  })

  it('lets in what stage 1 has, and once where something is made', () => {
    expect(parseParams('invitation.create', { incognito: false, name: 'Bob', once: 'a' })).toMatchObject({
      name: 'Bob',
    })
    expect(parseParams('app.get', undefined)).toEqual({})
    expect(parseParams('profile.update', { image: null })).toEqual({ image: '' })
    expect(parseParams('chat.messages', { connectionId: 'c' })).toEqual({ connectionId: 'c' })
  })

  it('does not repeat what was sent in its message', () => {
    const failure = refusal('contact.get', { contactId: { secret: 'hunter2' } })
    expect(failure.message).not.toContain('hunter2')
  })
})
