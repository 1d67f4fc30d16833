import { AppError, sleep } from '#core/base'
import {
  beginAcceptance,
  incognitoProfile,
  rejectRequest,
  rejectRequests,
  requireAddress,
  requireProfile,
  shownToAsker,
} from '#core/chat'
import type { Params, Request, Result } from '#core/contract'
import { getConnection, getRequest, listRejectableIds, listRequests } from '#core/store'
import type { Outcome } from '../acceptances.ts'
import { requestView } from '../address-views.ts'
import type { AppContext, MethodTable } from '../app-context.ts'
import { toFailure } from '../failures.ts'
import { chosenName, nameIsUsed, stillShows } from '../incognito-choice.ts'
import { listOwner } from '../profile-views.ts'
import { profileView } from '../views.ts'

export const requestMethods: MethodTable<
  'incognito.suggest' | 'request.list' | 'request.accept' | 'request.reject' | 'request.rejectMany'
> = {
  'incognito.suggest': (app, { profileId }) => {
    app.store.read((db) => requireProfile(db, profileId))
    const { incognitoId, name } = app.suggestions.suggest()
    return { incognitoId, profile: profileView(incognitoProfile(name)) }
  },
  'request.list': (app, params) => list(app, params),
  'request.accept': (app, params) => accept(app, params),
  'request.reject': (app, { requestId, ignoreRepeats }) => {
    app.store.write((tx) => rejectRequest(app.chat, tx, requestId, ignoreRepeats ?? false))
    return {}
  },
  'request.rejectMany': (app, { requestIds, addressId }) =>
    app.store.write((tx) => {
      const all = requestIds ?? listRejectableIds(tx, requireAddress(tx, addressId).addressId)
      return { rejected: rejectRequests(app.chat, tx, all) }
    }),
}

/** Rows of a page, unless the call says otherwise. */
const REQUESTS = 200

function list(app: AppContext, params: Params<'request.list'>): Request[] {
  return app.store.read((db) => {
    const before = params.before === undefined ? null : getRequest(db, params.before)
    if (params.before !== undefined && !before) {
      throw toFailure(new AppError('chat.not-found', 'no such request'))
    }
    const owner = listOwner(db, params)
    if (params.addressId === undefined && owner === null) return []
    return listRequests(db, {
      of: params.addressId === undefined ? { profileId: owner ?? '' } : { addressId: params.addressId },
      ...(params.text !== undefined && { text: params.text }),
      beforeSeq: before?.seq ?? Number.MAX_SAFE_INTEGER,
      limit: params.limit ?? REQUESTS,
    }).map(requestView)
  })
}

/** An answer waits so long for the first attempt; then the request is `accepting`, and that goes on by itself. */
const FIRST_ATTEMPT = 1_500

async function accept(
  app: AppContext,
  { requestId, ...choice }: Params<'request.accept'>,
): Promise<Result<'request.accept'>> {
  const { connectionId } = app.store.write((tx) => {
    const before = shownToAsker(tx, requestId)
    if (before) {
      stillShows(before, choice)
      return beginAcceptance(app.chat, tx, requestId, before.incognitoName)
    }
    const accepting = beginAcceptance(app.chat, tx, requestId, chosenName(app, choice))
    nameIsUsed(app, tx, choice)
    return accepting
  })
  const waiting: Outcome = { is: 'later' }
  const outcome = await Promise.race([
    app.acceptances.attempt(requestId),
    sleep(app.clock, FIRST_ATTEMPT).then(() => waiting),
  ])
  const isKept = app.store.read((db) => getRequest(db, requestId) ?? getConnection(db, connectionId)) !== null
  if (outcome.is === 'overtaken' || (outcome.is === 'done' && !isKept)) {
    throw toFailure(new AppError('chat.request-rejected', 'rejected meanwhile'))
  }
  if (outcome.is === 'gone') throw toFailure(new AppError('chat.request-gone', 'the asker is gone'))
  if (outcome.is === 'failed') throw toFailure(new AppError(outcome.code, 'the acceptance failed'))
  return { connectionId }
}
