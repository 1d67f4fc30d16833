/**
 * Own addresses. Each is one row that stays through a replacement of its link; the agent has the queue behind it.
 *
 *     active ◀─▶ paused            takes no new requests, keeps the link
 *       │  ╲──▶ stopped            its date or number is reached; changing that goes on
 *       ├─────▶ replacing          the new link works, the old one is being deleted at its relay
 *       └─────▶ failed             the relay has removed it: replace or delete
 */
import {
  type AddressRecord,
  type ReadDb,
  type WriteTx,
  countRequests,
  forgetOnceAbout,
  getAddress,
  getAddressByConnId,
  getActiveProfile,
  getAddressByLabel,
  getDefaultAddress,
  insertAddress,
  isReplacing,
  listRejectableIds,
  relabelRequests,
  removeAddress,
  saveAddress,
} from '#core/store'
import { isAppError } from '#core/base'
import { isStopped } from './arrivals.ts'
import { MAX_LABEL } from './constants.ts'
import { type ChatContext, newId } from './context.ts'
import { ChatError } from './errors.ts'
import { publishAddress } from './link-publishing.ts'
import { checkText } from './messaging.ts'
import { displayLine } from './names.ts'
import { changeProfile, requireProfile } from './own-profile.ts'
import { rejectRequests } from './requests.ts'

/** The one with this id, or else the default one of a profile: of the one in use, unless another is named. */
export function findAddress(
  db: ReadDb,
  addressId: string | undefined,
  profileId?: string,
): AddressRecord | null {
  if (addressId !== undefined) return getAddress(db, addressId)
  const owner = profileId === undefined ? getActiveProfile(db) : requireProfile(db, profileId)
  return owner && getDefaultAddress(db, owner.profileId)
}

export function requireAddress(db: ReadDb, addressId: string | undefined): AddressRecord {
  const address = findAddress(db, addressId)
  if (!address) throw new ChatError('chat.not-found', 'no such address')
  return address
}

export type AddressState = 'active' | 'paused' | 'stopped' | 'replacing' | 'failed'

export function addressState(db: ReadDb, address: AddressRecord, now: number): AddressState {
  if (address.error !== null) return 'failed'
  if (isReplacing(db, address)) return 'replacing'
  if (address.paused) return 'paused'
  return isStopped(address, now) ? 'stopped' : 'active'
}

export function isShared(db: ReadDb, address: AddressRecord): boolean {
  const { contactLink } = requireProfile(db, address.profileId)
  // One that was shared before it had a short link stays as the contacts have it.
  return contactLink !== null && (contactLink === address.link || contactLink === address.fullLink)
}

export interface MadeAddress {
  connId: string
  /** The short one, where the relay keeps it. */
  link: string
  /** Where it is another one. */
  fullLink?: string
  /** Hash of what is shown behind the link. */
  shown?: Uint8Array
  /** Host of its relay, for reading. */
  relay: string
}

/** Throws where there is one already: the default one, or one with this label. Also before a relay is asked. */
export function checkNewAddress(db: ReadDb, profileId: string, label: string | null): void {
  requireProfile(db, profileId)
  if (label !== null) {
    checkLabel(db, profileId, label, null)
  } else if (getDefaultAddress(db, profileId)) {
    throw new ChatError('chat.address-exists', 'there is an address already')
  }
}

/** A label as it is kept: one line. */
export function addressLabel(text: string): string {
  const label = displayLine(text, MAX_LABEL)
  if (label === '') throw new ChatError('chat.label', 'a label needs a letter', { field: 'label' })
  return label
}

function checkLabel(db: ReadDb, profileId: string, label: string, own: string | null): void {
  const other = getAddressByLabel(db, profileId, label)
  if (other && other.addressId !== own)
    throw new ChatError('chat.label-taken', 'another address has this label')
}

/** Runs in the transaction in which the agent stores the new queue. */
export function recordAddress(
  ctx: ChatContext,
  tx: WriteTx,
  made: MadeAddress,
  options: { profileId: string; label: string | null; shared: boolean },
): AddressRecord {
  const { profileId } = options
  checkNewAddress(tx, profileId, options.label)
  const address: AddressRecord = {
    ...{ connId: made.connId, link: made.link, relay: made.relay },
    fullLink: made.fullLink ?? made.link,
    shown: made.shown ?? null,
    profileId,
    addressId: newId(ctx.random),
    label: options.label,
    isDefault: options.label === null,
    ...{ autoAccept: null, welcome: null, paused: false, stopAt: null, stopAfter: null },
    ...{ total: 0, accepted: 0, rejected: 0, dropped: 0, windowStart: 0, windowCount: 0 },
    ...{ replacedRcvId: null, error: null, createdAt: ctx.clock.now() },
  }
  insertAddress(tx, address)
  publishAddress(ctx, tx, address.addressId)
  if (options.shared) changeProfile(ctx, tx, profileId, { contactLink: address.link })
  ctx.changes.record(tx, { type: 'address.updated', addressId: address.addressId })
  return address
}

export interface AddressChange {
  autoAccept?: 'profile' | 'incognito' | null
  welcome?: string | null
  shared?: boolean
  label?: string | null
  paused?: boolean
  stopAt?: number | null
  stopAfter?: number | null
}

/** All or nothing. */
export function updateAddress(
  ctx: ChatContext,
  tx: WriteTx,
  addressId: string | undefined,
  { shared, ...change }: AddressChange,
): AddressRecord {
  const before = requireAddress(tx, addressId)
  const welcome = change.welcome === undefined ? before.welcome : checkWelcome(change.welcome)
  const label = change.label === undefined ? before.label : newLabel(tx, before, change.label)
  const after: AddressRecord = { ...before, ...change, welcome, label }
  saveAddress(tx, after)
  publishAddress(ctx, tx, before.addressId)
  if (label !== before.label) relabelRequests(tx, before.addressId, label)
  if (shared !== undefined && shared !== isShared(tx, before)) {
    changeProfile(ctx, tx, before.profileId, { contactLink: shared ? before.link : null })
  }
  addressChanged(ctx, tx, before.addressId)
  return after
}

function newLabel(tx: WriteTx, address: AddressRecord, text: string | null): string | null {
  if (text === null) {
    if (address.isDefault) return null
    throw new ChatError('chat.label', 'only the default address has no label', { field: 'label' })
  }
  const label = addressLabel(text)
  checkLabel(tx, address.profileId, label, address.addressId)
  return label
}

/** It must fit one message. A blank text is none. */
function checkWelcome(text: string | null): string | null {
  if (text === null || text.trim() === '') return null
  try {
    checkText(text, new Uint8Array(16))
  } catch (error) {
    if (!isAppError(error, 'chat.too-large')) throw error
    throw new ChatError('chat.too-large', 'does not fit one message', {
      ...error.facts,
      field: 'welcomeMessage',
    })
  }
  return text
}

/**
 * Runs in the transaction in which the agent stores the new queue: from here on the new link works and the old one does
 * not, whatever becomes of the deletion at the old relay.
 */
export function replaceAddress(
  ctx: ChatContext,
  tx: WriteTx,
  addressId: string,
  made: MadeAddress,
  oldQueue: Uint8Array | null,
): AddressRecord {
  const before = requireAddress(tx, addressId)
  const wasShared = isShared(tx, before)
  ctx.agent.deleteAddress(tx, before.connId)
  const { connId, link, relay, fullLink = link, shown = null } = made
  const after: AddressRecord = {
    ...before,
    ...{ connId, link, relay, fullLink, shown },
    replacedRcvId: oldQueue,
    error: null,
  }
  saveAddress(tx, after)
  publishAddress(ctx, tx, addressId)
  if (wasShared) changeProfile(ctx, tx, before.profileId, { contactLink: after.link })
  addressChanged(ctx, tx, addressId)
  return after
}

/** Contacts stay, and waiting requests stay acceptable unless they are rejected with it. */
export function deleteAddress(
  ctx: ChatContext,
  tx: WriteTx,
  addressId: string,
  options: { rejectWaiting: boolean },
): void {
  const address = requireAddress(tx, addressId)
  if (options.rejectWaiting) rejectRequests(ctx, tx, listRejectableIds(tx, addressId))
  if (isShared(tx, address)) changeProfile(ctx, tx, address.profileId, { contactLink: null })
  ctx.agent.deleteAddress(tx, address.connId)
  removeAddress(tx, addressId)
  forgetOnceAbout(tx, addressId)
  ctx.changes.record(tx, { type: 'address.removed', addressId })
}

/** The relay does not know its queue any more. */
export function addressLost(ctx: ChatContext, tx: WriteTx, connId: string, code: string): void {
  const address = getAddressByConnId(tx, connId)
  if (!address) return
  saveAddress(tx, { ...address, error: code })
  addressChanged(ctx, tx, address.addressId)
}

export function addressChanged(ctx: ChatContext, tx: WriteTx, addressId: string): void {
  ctx.changes.record(tx, { type: 'address.updated', addressId })
}

export function waitingRequests(db: ReadDb, address: AddressRecord): number {
  return countRequests(db, address.addressId)
}
