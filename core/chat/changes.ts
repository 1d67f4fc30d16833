import type { WriteTx } from '#core/store'

/** What a use case changed, told after its commit and in the order of commits. Ids only: readers fetch the rest. */
export type Change =
  | { type: 'connection.updated'; connectionId: string }
  /** Somebody has opened this link and not completed it in time. */
  | { type: 'connection.alarmed'; connectionId: string }
  | { type: 'connection.removed'; connectionId: string; rowId: string }
  | { type: 'contact.updated'; contactId: string }
  /** The code that was compared with this contact is no longer its code: the mark is gone. */
  | { type: 'contact.codeChanged'; contactId: string; at: number }
  /** Both sides can send; once per contact. */
  | { type: 'contact.connected'; contactId: string }
  | { type: 'contact.removed'; contactId: string; rowId: string }
  | { type: 'message.received'; messageId: string }
  | { type: 'message.updated'; messageId: string }
  /** Somebody new asks. Repetitions are updates. */
  | { type: 'request.received'; requestId: string }
  | { type: 'request.updated'; requestId: string }
  | { type: 'request.removed'; requestId: string; rowId: string; why: 'accepted' | 'rejected' | 'gone' }
  | { type: 'address.updated'; addressId: string }
  | { type: 'address.removed'; addressId: string }
  /** Made, or its texts changed. What counts with it (unread, contacts, requests) is told by their own changes. */
  | { type: 'profile.updated'; profileId: string }
  /** This one is in use now. */
  | { type: 'profile.switched'; profileId: string }
  | { type: 'profile.removed'; profileId: string }
  /** Somebody read this chat here. */
  | { type: 'chat.read'; contactId: string }

/** Collects the changes of one transaction and hands them on after its commit; a rollback drops them. */
export class Changes {
  readonly #open = new WeakMap<WriteTx, Change[]>()
  readonly #publish: (changes: readonly Change[]) => void

  constructor(publish: (changes: readonly Change[]) => void) {
    this.#publish = publish
  }

  record(tx: WriteTx, change: Change): void {
    let list = this.#open.get(tx)
    if (!list) {
      const fresh: Change[] = []
      list = fresh
      this.#open.set(tx, fresh)
      tx.afterCommit(() => this.#publish(fresh))
    }
    const same = list.findIndex((earlier) => replaces(change, earlier))
    if (same >= 0) list.splice(same, 1)
    list.push(change)
  }
}

/** A row that changes twice in one transaction is read once, at the end. */
function replaces(change: Change, earlier: Change): boolean {
  if (change.type === 'contact.updated') {
    return earlier.type === 'contact.updated' && earlier.contactId === change.contactId
  }
  if (change.type === 'address.updated') {
    return earlier.type === 'address.updated' && earlier.addressId === change.addressId
  }
  if (change.type === 'request.updated') {
    return earlier.type === 'request.updated' && earlier.requestId === change.requestId
  }
  if (change.type === 'connection.updated') {
    return earlier.type === 'connection.updated' && earlier.connectionId === change.connectionId
  }
  return false
}
