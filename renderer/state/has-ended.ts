import type { Contact } from '#core/contract'

/** One side has ended it: the chat is there to be read, and nothing goes or comes any more. */
export function hasEnded({ status }: Pick<Contact, 'status'>): boolean {
  return status === 'deleted' || status === 'deleted-by-peer'
}
