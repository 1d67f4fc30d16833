import { AppError, deadline, sleep } from '#core/base'
import {
  type AddressChange,
  addressLinkData,
  newAddressLinkData,
  addressLabel,
  addressState,
  beginAcceptance,
  checkNewAddress,
  deleteAddress,
  findAddress,
  type MadeAddress,
  recordAddress,
  replaceAddress,
  requireAddress,
  requireProfile,
  updateAddress,
} from '#core/chat'
import type { MadeLink } from '#core/agent'
import { sha256 } from '#core/crypto'
import type { Address, Params } from '#core/contract'
import { ContractFailure } from '#core/contract'
import type { RelayAddress } from '#core/protocol'
import { getRequest, listAddresses, rcvQueueOf } from '#core/store'
import { isStillReplacing } from '../address-times.ts'
import { addressView, type Present } from '../address-views.ts'
import type { AppContext, MethodTable } from '../app-context.ts'
import { toFailure } from '../failures.ts'
import { relayName } from '../link-readers.ts'
import { listOwner } from '../profile-views.ts'
import { atRelay, committed, type Made, relayForNew } from '../new-queue-relay.ts'
import type { Remember } from '../once.ts'
import { waitingCall } from '../waiting-call.ts'

export const addressMethods: MethodTable<
  'address.get' | 'address.list' | 'address.create' | 'address.update' | 'address.replace' | 'address.delete'
> = {
  'address.get': (app, { addressId, profileId }) =>
    app.store.read((db) => {
      const address = findAddress(db, addressId, profileId)
      if (!address && addressId !== undefined) throw notFound()
      return address && addressView(db, address, present(app))
    }),
  'address.list': (app, params) =>
    app.store.read((db) => {
      const owner = listOwner(db, params)
      const addresses = owner === null ? [] : listAddresses(db, owner)
      return addresses.map((address) => addressView(db, address, present(app)))
    }),
  'address.create': async (app, params, signal) => {
    const addressId = await app.once.run('address.create', params.once, (remember) =>
      inTurn(app, () => createAddress(app, params, signal, remember)),
    )
    return viewOf(app, addressId)
  },
  'address.update': (app, params) => inTurn(app, () => update(app, params)),
  'address.replace': async (app, params, signal) => {
    const addressId = await app.once.run('address.replace', params.once, (remember) =>
      inTurn(app, () => replace(app, params.addressId, signal, remember)),
    )
    return viewOf(app, addressId)
  },
  'address.delete': (app, params) => inTurn(app, () => remove(app, params)),
}

function inTurn<T>(app: AppContext, work: () => Promise<T> | T): Promise<T> {
  return app.addresses.run('address', work)
}

function present(app: AppContext): Present {
  return { embedded: app.embedded.address, now: app.clock.now() }
}

function notFound(): Error {
  return toFailure(new AppError('chat.not-found', 'no such address'))
}

function viewOf(app: AppContext, addressId: string): Address {
  return app.store.read((db) => addressView(db, requireAddress(db, addressId), present(app)))
}

async function createAddress(
  app: AppContext,
  params: Params<'address.create'>,
  signal: AbortSignal,
  remember: Remember,
): Promise<string> {
  const label = params.label === undefined ? null : addressLabel(params.label)
  const { profileId } = app.store.read((db) => {
    const profile = requireProfile(db, params.profileId)
    checkNewAddress(db, profile.profileId, label)
    return profile
  })
  const relay = relayForNew(app, undefined)
  const userData = app.store.read((db) => newAddressLinkData(db, profileId))
  const made: Made<string> = {}
  const making = waitingCall(app.clock, signal, (call) =>
    app.agent.createAddress({ relay, userData, signal: call.signal }, (tx, linked) => {
      call.commit()
      const options = { profileId, label, shared: params.sharedInProfile ?? false }
      const address = recordAddress(app.chat, tx, madeAddress(linked, relay, userData), options)
      made.result = address.addressId
      remember(tx, address.addressId, address.addressId)
    }),
  )
  await atRelay(relay, making)
  return committed(made)
}

function madeAddress(
  { connId, link: fullLink, shortLink }: MadeLink,
  relay: RelayAddress,
  userData: Uint8Array,
): MadeAddress {
  return { connId, link: shortLink ?? fullLink, fullLink, relay: relayName(relay), shown: sha256(userData) }
}

function update(app: AppContext, params: Params<'address.update'>): Address {
  const { autoAccept, welcomeMessage, sharedInProfile, stopAt, addressId } = params
  const { label, paused, stopAfter } = params
  const change: AddressChange = {
    ...(autoAccept !== undefined && { autoAccept: autoAccept && modeOf(autoAccept.incognito) }),
    ...(welcomeMessage !== undefined && { welcome: welcomeMessage }),
    ...(sharedInProfile !== undefined && { shared: sharedInProfile }),
    ...(stopAt !== undefined && { stopAt: stopAt === null ? null : Date.parse(stopAt) }),
    ...(label !== undefined && { label }),
    ...(paused !== undefined && { paused }),
    ...(stopAfter !== undefined && { stopAfter }),
  }
  if (Number.isNaN(change.stopAt)) {
    throw new ContractFailure('INVALID_PARAMS', '"stopAt" is not a time.', { path: 'stopAt' })
  }
  const address = app.store.write((tx) => updateAddress(app.chat, tx, addressId, change))
  app.addressTimes.check()
  return viewOf(app, address.addressId)
}

function modeOf(incognito: boolean): 'profile' | 'incognito' {
  return incognito ? 'incognito' : 'profile'
}

/* ---- replacing */

/**
 * The new link is made first; the transaction that stores it ends the old one. If the old relay is silent, the address is
 * `replacing` until it has deleted the old queue, which goes on by itself; called again, this hurries that on.
 */
async function replace(
  app: AppContext,
  wanted: string | undefined,
  signal: AbortSignal,
  remember: Remember,
): Promise<string> {
  const began = app.clock.now()
  const { addressId, state, oldServer } = app.store.read((db) => {
    const address = requireAddress(db, wanted)
    const oldServer = app.agent.connectionInfo(db, address.connId)?.ownRelay ?? undefined
    return { ...address, oldServer, state: addressState(db, address, app.clock.now()) }
  })
  if (state === 'replacing') app.agent.retryNow()
  else await makeReplacement(app, addressId, oldServer, signal, remember)
  await replaced(app, addressId, began, signal)
  return addressId
}

async function makeReplacement(
  app: AppContext,
  addressId: string,
  oldServer: RelayAddress | undefined,
  signal: AbortSignal,
  remember: Remember,
): Promise<void> {
  const relay = relayForNew(app, undefined, oldServer)
  const userData = app.store.read((db) => addressLinkData(db, requireAddress(db, addressId), app.clock.now()))
  const making = waitingCall(app.clock, signal, (call) =>
    app.agent.createAddress({ relay, userData, signal: call.signal }, (tx, linked) => {
      call.commit()
      const { connId: oldConnId } = requireAddress(tx, addressId)
      const oldQueue = rcvQueueOf(tx, oldConnId)?.rcvId ?? null
      const address = replaceAddress(app.chat, tx, addressId, madeAddress(linked, relay, userData), oldQueue)
      remember(tx, address.addressId, addressId)
      tx.afterCommit(() => app.addressTimes.check())
    }),
  )
  await atRelay(relay, making)
}

/** How long an answer waits for the old relay, in all and since the call, and how often it is looked, ms. */
const REPLACE_PATIENCE = 3_000
const CALL_PATIENCE = 9_500 // api.md, "Envelope": 10 s
const REPLACE_LOOK = 25

/** A stop or the end of patience only ends the waiting: the new link is there. */
async function replaced(
  app: AppContext,
  addressId: string,
  began: number,
  signal: AbortSignal,
): Promise<void> {
  const patience = Math.min(REPLACE_PATIENCE, Math.max(0, began + CALL_PATIENCE - app.clock.now()))
  using limit = deadline(app.clock, patience, signal, () => new AppError('relay.unreachable', ''))
  while (!limit.signal.aborted && app.store.read((db) => isStillReplacing(db, addressId))) {
    await sleep(app.clock, REPLACE_LOOK, limit.signal).catch(() => {})
  }
}

/* ---- deleting */

/** Who is to be let in first is let in first; an acceptance that has to wait for its relay goes on afterwards. */
async function remove(
  app: AppContext,
  { addressId, acceptFirst, rejectWaiting }: Params<'address.delete'>,
): Promise<Record<string, never>> {
  const address = app.store.read((db) => {
    for (const requestId of acceptFirst ?? []) {
      if (!getRequest(db, requestId)) throw toFailure(new AppError('chat.not-found', 'no such request'))
    }
    return requireAddress(db, addressId)
  })
  const accepting = (acceptFirst ?? []).filter(
    (requestId) => app.store.read((db) => getRequest(db, requestId))?.state !== 'gone',
  )
  app.store.write((tx) => {
    for (const requestId of accepting) beginAcceptance(app.chat, tx, requestId, null)
  })
  await Promise.all(accepting.map((requestId) => app.acceptances.attempt(requestId)))
  app.store.write((tx) =>
    deleteAddress(app.chat, tx, address.addressId, { rejectWaiting: rejectWaiting ?? false }),
  )
  return {}
}
