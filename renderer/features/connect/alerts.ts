import type { ContractError, LooksLike, Plan, ProfileEntry } from '#core/contract'

/** Why no connection comes of a link. The letters are the rows of the table of plans (flows 7). */
export type Alert =
  | { plan: 'C' | 'K'; connectionId: string | null; contactId: string | null }
  /** `others`: profiles of this installation that could use the link, which is theirs no more than anybody's. */
  | {
      plan: 'O'
      connectionId: string | null
      contactId: string | null
      addressId?: string
      others: readonly ProfileEntry[]
    }
  /** Asked already through this address; asking again is possible where the link was checked. */
  | {
      plan: 'R'
      connectionId: string | null
      contactId: string | null
      requestedAt: string | null
      link: string
    }
  | { plan: 'P'; reason: 'paused' | 'gone' }
  | { plan: 'U' }
  /** `groups`: not a newer version of links, but a business, which answers with a group. */
  | { plan: 'V'; needs: 'update' | 'groups' }
  | { plan: 'I'; looksLike: LooksLike }
  | {
      plan: 'N'
      reason: 'unreachable' | 'identity' | 'refused'
      error: ContractError
      during: 'check' | 'connect'
    }
  /** Anything else: the sentence of the core, with a next step. */
  | { plan: 'X'; error: ContractError; during: 'check' | 'connect' }

/** What the check says of a link that cannot be used now; `null` where it can. */
export function alertOfPlan(plan: Plan, others: readonly ProfileEntry[]): Alert | null {
  const ids = { connectionId: plan.connectionId ?? null, contactId: plan.contactId ?? null }
  const { addressId, requestedAt, link } = plan
  switch (plan.status) {
    case 'own':
      return { plan: 'O', ...ids, ...(addressId !== undefined && { addressId }), others }
    case 'connecting':
      return { plan: 'C', ...ids }
    case 'known':
      return { plan: 'K', ...ids }
    case 'used':
      return { plan: 'U' }
    case 'requested':
      return { plan: 'R', ...ids, requestedAt, link }
    case 'paused':
    case 'gone':
      return { plan: 'P', reason: plan.status }
    case 'new':
      return plan.warnings.includes('business') ? { plan: 'V', needs: 'groups' } : null
  }
}

/** What an error of the core means for the link. */
export function alertOf(
  error: ContractError,
  { during, link, others }: { during: 'check' | 'connect'; link: string; others: readonly ProfileEntry[] },
): Alert {
  const ids = {
    connectionId: error.details?.connectionId ?? null,
    contactId: error.details?.contactId ?? null,
  }
  switch (error.code) {
    case 'LINK_OWN':
      return { plan: 'O', ...ids, others }
    case 'ALREADY_CONNECTED':
      if (error.details?.requestedAt !== undefined) {
        const { requestedAt } = error.details
        return { plan: 'R', ...ids, requestedAt, link }
      }
      return { plan: ids.contactId === null ? 'C' : 'K', ...ids }
    case 'LINK_USED':
      return { plan: 'U' }
    case 'LINK_GONE':
      return { plan: 'P', reason: 'gone' }
    case 'LINK_PAUSED':
      return { plan: 'P', reason: 'paused' }
    case 'LINK_VERSION':
      return { plan: 'V', needs: error.reason === 'needs-groups' ? 'groups' : 'update' }
    case 'LINK_INVALID':
    case 'TOO_LARGE':
      return { plan: 'I', looksLike: error.details?.looksLike ?? 'text' }
    case 'RELAY_UNREACHABLE':
      // It is this computer that something is wrong with.
      if (['clock', 'no-relay', 'host-kind'].includes(error.reason ?? '')) return { plan: 'X', error, during }
      return { plan: 'N', reason: 'unreachable', error, during }
    case 'RELAY_IDENTITY':
      return { plan: 'N', reason: 'identity', error, during }
    case 'RELAY_AUTH':
    case 'RELAY_QUOTA':
      return { plan: 'N', reason: 'refused', error, during }
    default:
      return { plan: 'X', error, during }
  }
}
