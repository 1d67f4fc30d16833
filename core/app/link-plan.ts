/** `connection.plan`: what a link is and whom it leads to, before anything is sent. flows.md 7 */
import { isAppError } from '#core/base'
import { looksRandom, profileForDisplay, requireProfile } from '#core/chat'
import { ContractFailure } from '#core/contract'
import type { Params, Plan, PlanWarning } from '#core/contract'
import { formatRelayAddress } from '#core/protocol'
import type { AppContext } from './app-context.ts'
import { toFailure } from './failures.ts'
import { type CheckedLink, checkLink, type Standing, requestedAt, standing } from './link-check.ts'
import { type OpenedLink, openShort, relayOf } from './opened-links.ts'
import { linkWarnings } from './link-warnings.ts'
import { isKnownRelay, knownRelays } from './relay-directory.ts'
import { profileView } from './views.ts'

/** What is known here first; the relay is asked once, where nothing is, and only about a short link. */
export async function planLink(
  app: AppContext,
  { link: text, askUnknownRelay, profileId: wanted }: Params<'connection.plan'>,
  signal: AbortSignal,
): Promise<Plan> {
  const checked = checkLink(text)
  const { link } = checked
  const { profileId } = app.store.read((db) => requireProfile(db, wanted))
  const local = app.store.read((db) => standing(db, app.agent, checked, profileId))
  if (local.status !== 'new' || link.form === 'full') return planOf(app, checked, local, null)
  const relay = relayOf(link)
  if (askUnknownRelay && !isKnown(app, checked)) {
    const address = formatRelayAddress(relay, { password: false })
    throw new ContractFailure('RELAY_UNKNOWN', 'This link leads to a relay that is in none of your lists.', {
      address,
      warnings: warningsAbout(app, checked),
    })
  }
  try {
    const opened = await openShort(app, link, signal, { fresh: true })
    // The same person may be known by the full link.
    const found = app.store.read((db) =>
      standing(db, app.agent, { ...checked, link: opened.link }, profileId),
    )
    return planOf(app, checked, found, opened)
  } catch (error) {
    return planOf(app, checked, outcome(app, checked, error, profileId), null)
  }
}

/** Rows U, P and a claim that became a connection meanwhile; anything else is the error that it is. */
function outcome(app: AppContext, checked: CheckedLink, error: unknown, profileId: string): Standing {
  const cause = error instanceof ContractFailure ? error.cause : error
  const nobody = { connection: null, address: null }
  if (isAppError(cause, 'agent.link-used')) return { ...nobody, status: 'used' }
  if (isAppError(cause, 'agent.address-gone')) return { ...nobody, status: 'gone' }
  if (isAppError(cause, 'agent.already-joined')) {
    return app.store.read((db) => standing(db, app.agent, checked, profileId))
  }
  throw toFailure(error)
}

function planOf(app: AppContext, checked: CheckedLink, found: Standing, opened: OpenedLink | null): Plan {
  const { connection, address } = found
  const shown = opened?.shown ?? null
  const status = found.status === 'new' && shown?.paused ? 'paused' : found.status
  const knownRelay = isKnown(app, checked)
  const warnings: PlanWarning[] = [
    ...(knownRelay ? [] : (['unknown-relay'] as const)),
    ...warningsAbout(app, checked),
    ...(shown?.business ? (['business'] as const) : []),
  ]
  return {
    kind: checked.link.kind === 'invitation' ? 'invitation' : 'address',
    status,
    ...(address && { addressId: address.addressId }),
    ...(connection && { connectionId: connection.connectionId }),
    ...(connection?.contactId && { contactId: connection.contactId }),
    preview: shown?.profile
      ? {
          profile: profileView(profileForDisplay(shown.profile)),
          message: shown.message,
          looksRandom: looksRandom(shown.profile),
        }
      : null,
    link: checked.text,
    form: checked.link.form,
    relay: checked.relayName,
    knownRelay,
    requestedAt: status === 'requested' ? requestedAt(connection) : null,
    warnings,
  }
}

function warningsAbout(app: AppContext, { pasted, link }: CheckedLink): PlanWarning[] {
  const relay = link.form === 'full' ? link.queues[0].server : link.server
  const known = app.store.read((db) => knownRelays(db, app.embedded.address))
  return linkWarnings(pasted, relay, known)
}

function isKnown(app: AppContext, { link }: CheckedLink): boolean {
  const server = link.form === 'full' ? link.queues[0].server : link.server
  return app.store.read((db) => isKnownRelay(db, app.embedded.address, server, app.agent.relaysOfConnections))
}
