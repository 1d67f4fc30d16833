import { AppError } from '#core/base'
import { randomName } from '#core/chat'
import { ContractFailure } from '#core/contract'
import type { WriteTx } from '#core/store'
import type { AppContext } from './app-context.ts'

export interface IncognitoChoice {
  incognito?: boolean
  incognitoId?: string
}

/** The name in place of the own profile, or `null` for the profile itself. */
export function chosenName(
  app: Pick<AppContext, 'random' | 'suggestions'>,
  { incognito = false, incognitoId }: IncognitoChoice,
): string | null {
  if (!incognito && incognitoId === undefined) return null
  if (incognitoId === undefined) return randomName(app.random)
  const name = incognito ? app.suggestions.get(incognitoId) : null
  if (name !== null) return name
  throw new ContractFailure('INVALID_PARAMS', 'This suggested name is no longer there. Take another one.', {
    path: 'incognitoId',
  })
}

/** What was shown, or is on its way, stays: to ask for incognito then must not show the profile all the same. */
export function stillShows(before: { incognitoName: string | null }, { incognito }: IncognitoChoice): void {
  if (incognito !== true || before.incognitoName !== null) return
  throw new ContractFailure(
    'INVALID_PARAMS',
    'They may have seen the profile that you chose before, so it stays the one that they see.',
    { path: 'incognito' },
  )
}

/** In the transaction that uses a suggested name: it is the name of nobody else from then on. */
export function nameIsUsed(
  app: Pick<AppContext, 'suggestions'>,
  tx: WriteTx,
  { incognitoId }: IncognitoChoice,
): void {
  if (incognitoId === undefined) return
  // Two calls with the same suggestion: the second one would make two strangers recognise the same name.
  if (app.suggestions.get(incognitoId) === null) throw new AppError('chat.suggestion-used', 'used meanwhile')
  tx.afterCommit(() => app.suggestions.used(incognitoId))
}
