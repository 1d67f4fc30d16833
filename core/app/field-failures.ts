import type { ChatError } from '#core/chat'
import { ContractFailure } from '#core/contract'

/** Refusals that name a field, with what a person needs to put it right. */
export function fieldFailure(error: ChatError): ContractFailure | null {
  const path = typeof error.facts['field'] === 'string' ? error.facts['field'] : ''
  switch (error.code) {
    case 'chat.name':
      return new ContractFailure(
        'INVALID_PARAMS',
        error.suggestion === null
          ? 'A name needs at least one letter, digit or symbol.'
          : 'This name is too long, or has characters that a name cannot have; the suggestion is close to it.',
        { path: 'displayName', ...(error.suggestion !== null && { suggestion: error.suggestion }) },
      )
    case 'chat.profile-field':
      return new ContractFailure(
        'INVALID_PARAMS',
        path === 'image' ? 'A picture is a PNG or JPG data URI.' : 'This is not the link of an address.',
        { path },
      )
    case 'chat.profile-contacts':
      return new ContractFailure(
        'INVALID_PARAMS',
        'The number of contacts has changed. Look at the profile again before deleting it.',
        { path: 'contacts' },
      )
    case 'chat.label':
      return new ContractFailure(
        'INVALID_PARAMS',
        'A label is a short line of text; only the first address can be without one.',
        { path: 'label' },
      )
    case 'chat.too-large':
      return new ContractFailure('TOO_LARGE', tooLargeSentence(path), {
        path,
        limit: Number(error.facts['limit']),
        size: Number(error.facts['size']),
      })
    default:
      return null
  }
}

function tooLargeSentence(path: string): string {
  if (path === 'image') return 'This picture is too large; choose a smaller one.'
  if (path === 'text' || path === 'message' || path === 'welcomeMessage')
    return 'This is too long for one message. Send it in parts.'
  return 'This is too long for a profile. Shorten it.'
}
