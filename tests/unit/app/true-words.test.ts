import { expect, test } from 'vitest'
import { AppError } from '#core/base'
import { translate } from '../../../renderer/i18n/index.ts'
import { storedFailure, toFailure } from '../../../core/app/failures.ts'

test('every cause that the core tells apart has its own sentence in the window', () => {
  const causes = {
    'chat.link-over': 'LINK_USED own-link-over',
    'agent.link-claimed': 'LINK_USED own-link-opened',
    'agent.queue-gone': 'LINK_USED own-queue-gone',
    'chat.not-ready': 'NOT_READY nobody-yet',
    'chat.not-accepted': 'NOT_READY not-accepted',
    'chat.failed': 'NOT_READY failed',
    'chat.contact-gone': 'NOT_READY ended',
    'chat.ended-here': 'NOT_READY ended-here',
    'relay.none': 'RELAY_UNREACHABLE no-relay',
    'relay.version': 'RELAY_UNREACHABLE relay-version',
    'agent.expired': 'RELAY_UNREACHABLE gave-up',
    'agent.address-full': 'RELAY_QUOTA address-full',
    'chat.appearance-fixed': 'ALREADY_CONNECTED appearance-fixed',
    'chat.connected': 'ALREADY_CONNECTED contact-now',
    'chat.label-taken': 'ALREADY_EXISTS label-taken',
  }
  for (const [code, cause] of Object.entries(causes)) {
    const failure = toFailure(new AppError(code, ''))
    expect(`${failure.code} ${failure.reason}`, code).toBe(cause)
    expect(translate(`error.reason.${failure.reason}`), code).toBeDefined()
    expect(storedFailure(code), code).toMatchObject({ code: failure.code, reason: failure.reason })
  }
})

test('a relay that no longer has an address is not said to have been told so by its owner', () => {
  const { message } = toFailure(new AppError('agent.address-gone', ''))
  expect(message).toContain('or the relay lost it')
})
