import { AppError, isAppError } from '#core/base'
import { ChatError } from '#core/chat'
import { ContractFailure } from '#core/contract'
import type { ErrorCode, ErrorDetails, Failure } from '#core/contract'
import type { ConnectionRecord } from '#core/store'
import { fieldFailure } from './field-failures.ts'

/** A code of the contract and one sentence that a person can act on. flows.md 19 */
interface Answer {
  code: ErrorCode
  message: string
  reason?: string
  retryable?: boolean
}

const GONE_REQUEST: Answer = {
  code: 'REQUEST_GONE',
  message:
    'This request can no longer be answered: its queue is gone from the relay, as when somebody withdraws. You can remove it.',
}

/** Groups come later; until then nothing is sent to whoever answers with one. flows.md NTS-9 */
const NEEDS_GROUPS: Answer = {
  code: 'LINK_VERSION',
  reason: 'needs-groups',
  message:
    'A business answers with a small group, and this version of Duplex has no groups yet. Ask them for a link to one person.',
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  'chat.no-profile': {
    code: 'NO_PROFILE',
    message: 'Create a profile first: it is the name that others will see.',
  },
  'chat.profile-exists': {
    code: 'ALREADY_EXISTS',
    reason: 'name-taken',
    message: 'Another profile here has this name. Choose a different one.',
  },
  'chat.appearance-fixed': {
    code: 'ALREADY_CONNECTED',
    reason: 'appearance-fixed',
    message:
      'The other person is connecting already and has seen who you are; this can no longer be changed.',
  },
  'chat.link-over': {
    code: 'LINK_USED',
    reason: 'own-link-over',
    message: 'This link of yours no longer works. Make a new one.',
  },
  'agent.link-claimed': {
    code: 'LINK_USED',
    reason: 'own-link-opened',
    message: 'Somebody has opened this link already, so it goes on showing the profile that they saw.',
  },
  'chat.suggestion-used': {
    code: 'INVALID_PARAMS',
    message: 'This suggested name has been used. Take another one.',
  },
  'chat.not-found': { code: 'NOT_FOUND', message: 'This is not here any more; it may have been deleted.' },
  'chat.link-in-use': {
    code: 'NOT_READY',
    reason: 'link-in-use',
    message: 'Somebody is using this link already, or nobody can any more, so its date cannot be changed.',
  },
  'chat.not-ready': {
    code: 'NOT_READY',
    reason: 'nobody-yet',
    message: 'Nobody has used this link yet, so there is nobody to write to.',
  },
  'chat.contact-gone': {
    code: 'NOT_READY',
    reason: 'ended',
    message: 'This person has ended the connection; ask for a new link to write again.',
  },
  'chat.failed': {
    code: 'NOT_READY',
    reason: 'failed',
    message: 'This connection could not be made. Ask for a new link.',
  },
  'chat.ended-here': {
    code: 'NOT_READY',
    reason: 'ended-here',
    message: 'You have deleted this contact; make a one-time link to be in touch again.',
  },
  'chat.no-code': {
    code: 'NOT_READY',
    reason: 'no-code',
    message: 'There is no security code here: the keys of this connection are not agreed.',
  },
  'chat.not-accepted': {
    code: 'NOT_READY',
    reason: 'not-accepted',
    message: 'They have not accepted your request yet; you can write to them once they have.',
  },
  'chat.address-exists': {
    code: 'ALREADY_EXISTS',
    reason: 'address-exists',
    message: 'You have an address already. Give another one a label, or replace this one.',
  },
  'chat.label-taken': {
    code: 'ALREADY_EXISTS',
    reason: 'label-taken',
    message: 'Another of your addresses has this label. Choose a different one.',
  },
  'chat.request-gone': GONE_REQUEST,
  'chat.request-rejected': {
    code: 'REQUEST_GONE',
    reason: 'rejected',
    message: 'This request was rejected here meanwhile. If the person asks again, you can accept them.',
  },
  'chat.needs-groups': NEEDS_GROUPS,
  'chat.group-refused': {
    code: 'LINK_VERSION',
    reason: 'needs-groups',
    message:
      'This address belongs to a group or business, and it did not let you in. Nothing is left to try.',
  },
  'chat.unreadable-profile': {
    code: 'CRYPTO',
    reason: 'unreadable',
    message: 'What they answered cannot be read by this version of Duplex. Ask for a new link.',
  },
  'chat.unexpected': {
    code: 'LINK_USED',
    message: 'Somebody else has answered through this link before. Make a new one.',
  },
  'agent.request-gone': GONE_REQUEST,
  'agent.address-gone': {
    code: 'LINK_GONE',
    message:
      'The relay does not know this address: its owner deleted it, or the relay lost it. Ask for a new link.',
  },
  'agent.link-data': {
    code: 'LINK_INVALID',
    message:
      'What the relay keeps for this link does not belong to it, so it was not used. Ask for a new link.',
  },
  'chat.link-paused': {
    code: 'LINK_PAUSED',
    message: 'This address takes no requests now. Try again later, or ask its owner another way.',
  },
  'agent.address-full': {
    code: 'RELAY_QUOTA',
    reason: 'address-full',
    message: 'Too many requests wait at this address. Try again later.',
    retryable: true,
  },
  'chat.not-failed': { code: 'INVALID_PARAMS', message: 'Only a message that failed can be sent again.' },
  'chat.connected': {
    code: 'ALREADY_CONNECTED',
    reason: 'contact-now',
    message: 'This person is a contact now; delete the contact instead.',
  },
  'agent.link-used': {
    code: 'LINK_USED',
    message: 'This link no longer works: used, removed, or opened by someone else. Ask for a new one.',
  },
  'agent.link-gone': {
    code: 'LINK_USED',
    message: 'The relay does not have this link any more. Ask for a new one.',
  },
  'agent.not-available': {
    code: 'LINK_USED',
    message: 'The other side no longer takes this connection. Ask for a new link.',
  },
  'agent.already-joined': { code: 'ALREADY_CONNECTED', message: 'You have used this link already.' },
  'agent.version': {
    code: 'LINK_VERSION',
    message:
      'This link was made by a version that this Duplex cannot speak; update it, or ask for a new link.',
  },
  'agent.not-ready': {
    code: 'NOT_READY',
    reason: 'no-keys',
    message: 'The keys of this connection are not agreed yet. Try again once both of you were online.',
  },
  'agent.not-found': { code: 'NOT_FOUND', message: 'This connection is not here any more.' },
  'agent.queue-gone': {
    code: 'LINK_USED',
    reason: 'own-queue-gone',
    message: 'The relay does not keep this link any more. Make a new one.',
  },
  'agent.expired': {
    code: 'RELAY_UNREACHABLE',
    reason: 'gave-up',
    message: 'The relay could not be reached for too long. Send it again when it is back.',
    retryable: true,
  },
  'agent.refused': {
    code: 'RELAY_AUTH',
    message: 'The relay refused this. Choose another relay and try again.',
  },
  'agent.too-large': { code: 'TOO_LARGE', message: 'This is too long for one message. Send it in parts.' },
  'relay.unreachable': {
    code: 'RELAY_UNREACHABLE',
    message: 'The relay does not answer. Check the connection and try again, or choose another relay.',
    retryable: true,
  },
  'relay.closed': {
    code: 'RELAY_UNREACHABLE',
    reason: 'closing',
    message: 'Duplex is closing. Try again after the start.',
    retryable: true,
  },
  'relay.identity': {
    code: 'RELAY_IDENTITY',
    message:
      'Something else answers in place of this relay, so nothing was sent. Check the address or choose another relay.',
  },
  'relay.host-kind': {
    code: 'RELAY_UNREACHABLE',
    reason: 'host-kind',
    message:
      'This relay can be reached through Tor alone, which this version of Duplex does not use. Nobody was asked for it. Choose another relay, or ask for a link on another one.',
  },
  'relay.clock': {
    code: 'RELAY_UNREACHABLE',
    reason: 'clock',
    message:
      'The certificate of this relay is not valid by the clock of this computer, so nothing was sent. Set date and time right; it goes on by itself.',
    retryable: true,
  },
  'relay.version': {
    code: 'RELAY_UNREACHABLE',
    reason: 'relay-version',
    message: 'The relay speaks no version that this Duplex knows. Choose another relay.',
  },
  'relay.auth': {
    code: 'RELAY_AUTH',
    message:
      'The relay makes no new queues or wants a password. Add its password to the address, or choose another.',
  },
  'relay.quota': {
    code: 'RELAY_QUOTA',
    message: 'The relay is full. Try again later or choose another relay.',
    retryable: true,
  },
  'relay.none': {
    code: 'RELAY_UNREACHABLE',
    reason: 'no-relay',
    message: 'No relay is switched on. Choose one in Settings, Network, and try again.',
  },
  'relay.port': {
    code: 'RELAY_UNREACHABLE',
    reason: 'port-taken',
    message:
      'Another program uses the port of the relay of this computer. Close that program; Duplex tries again by itself.',
    retryable: true,
  },
  'relay.runtime': {
    code: 'INTERNAL',
    message: 'This installation cannot run a relay of its own. Choose another kind of relay.',
  },
  'call.cancelled': { code: 'CANCELLED', message: 'This was stopped on request.' },
  'store.full': {
    code: 'STORE_FULL',
    message: 'The disk is full. Make room, then try again.',
    retryable: true,
  },
  'store.corrupt': {
    code: 'STORE',
    reason: 'damaged',
    message:
      'Part of the data on this computer cannot be read. Nothing was changed. Copy the data folder before you do anything else.',
  },
  'store.read-only': {
    code: 'STORE_READ_ONLY',
    message: 'The data folder cannot be written. Give Duplex the right to write there.',
  },
}

/** What a door answers for anything that a use case throws. Faults of ours say nothing about themselves. */
export function toFailure(error: unknown, more: Partial<ErrorDetails> = {}): ContractFailure {
  if (error instanceof ContractFailure) return error
  if (isAppError(error, 'relay.refused')) return refusedByRelay(error, more)
  if (error instanceof ChatError) {
    const field = fieldFailure(error)
    if (field) return field
  }
  const known = isAppError(error) ? ANSWERS[error.code] : undefined
  if (known) return answer(known, error, more)
  if (isAppError(error) && /^(ratchet|crypto|certificate)\./.test(error.code)) {
    return answer(
      { code: 'CRYPTO', message: 'The keys of this connection do not fit. Make a new link.' },
      error,
      more,
    )
  }
  if (isAppError(error) && error.code.startsWith('store.')) {
    return answer(
      {
        code: 'STORE',
        reason: 'io',
        message: 'The data folder could not be used. Check its disk, then try again.',
        retryable: true,
      },
      error,
      more,
    )
  }
  return answer(
    {
      code: 'INTERNAL',
      message: 'Something went wrong inside Duplex. Please try once more.',
      retryable: true,
    },
    error,
    more,
  )
}

function answer(known: Answer, cause: unknown, more: Partial<ErrorDetails>): ContractFailure {
  return new ContractFailure(
    known.code,
    known.message,
    { retryable: known.retryable ?? false, ...more },
    { cause, ...(known.reason !== undefined && { reason: known.reason }) },
  )
}

/** ERR of a relay: AUTH and QUOTA have their own answers, the rest is a refusal. */
function refusedByRelay(error: AppError, more: Partial<ErrorDetails>): ContractFailure {
  const word = String(error.facts['error'] ?? '')
  const key = word.startsWith('QUOTA') ? 'relay.quota' : 'relay.auth'
  return answer(ANSWERS[key]!, error, more)
}

/** A relay says only that it has no such queue, not who ended it, or whether it lost it. agent.md 4.8 */
const GONE: Failure = {
  code: 'RELAY_AUTH',
  reason: 'queue-gone',
  message:
    'The relay no longer has the queue of this person: they ended the connection, or the relay lost it. Ask for a new link.',
}

/** Why a message failed. */
export function messageFailure(code: string): Failure {
  return code === 'relay.auth' || code === 'agent.not-available' ? GONE : storedFailure(code)
}

/** By a relay of ours alone, which an earlier version took for the end: everything is there to go on. */
export function failedByOurs({
  phase,
  role,
  error,
  connId,
}: Pick<ConnectionRecord, 'phase' | 'role' | 'error' | 'connId'>): boolean {
  // A link that had waited for its relay and failed has no keys yet.
  if (connId.startsWith('queued ')) return false
  return phase === 'failed' && role === 'joiner' && (error?.startsWith('relay.') ?? false)
}

/** A stored error code, as a row shows it. */
export function storedFailure(stored: string): Failure {
  const [code = '', address] = stored.split(' ', 2)
  const failure = toFailure(new AppError(code, ''))
  const own = address === undefined ? {} : { retryable: true, address }
  const reason = failure.reason === undefined ? {} : { reason: failure.reason }
  return { code: failure.code, message: failure.message, ...reason, ...own }
}
