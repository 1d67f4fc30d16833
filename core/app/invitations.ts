/** `invitation.create` and `invitation.createMany`. */
import type { MadeLink } from '#core/agent'
import {
  dropBatchLinks,
  holdBatchLink,
  linkDataOf,
  recordInvitation,
  requireProfile,
  shownProfile,
  takeBatchLink,
} from '#core/chat'
import type { Params, Result } from '#core/contract'
import { ContractFailure } from '#core/contract'
import type { RelayAddress } from '#core/protocol'
import { getConnection, type WriteTx } from '#core/store'
import type { AppContext } from './app-context.ts'
import { chosenName, nameIsUsed } from './incognito-choice.ts'
import { relayName } from './link-readers.ts'
import { atRelay, committed, type Made, relayForNew } from './new-queue-relay.ts'
import type { Remember } from './once.ts'
import { incognitoView } from './views.ts'
import { waitingCall } from './waiting-call.ts'

/** What is decided before the relay is asked. */
interface NewInvitation {
  profileId: string
  incognitoName: string | null
  name: string | null
  relay: RelayAddress
  expiresAt: number | null
}

export async function createInvitation(
  app: AppContext,
  params: Params<'invitation.create'>,
  signal: AbortSignal,
  remember: Remember,
): Promise<Result<'invitation.create'>> {
  const wanted = plan(app, params, params.name ?? null)
  const made: Made<Result<'invitation.create'>> = {}
  const making = waitingCall(app.clock, signal, (call) =>
    app.agent.createInvitation(
      { relay: wanted.relay, userData: dataOf(app, wanted), signal: call.signal },
      (tx, linked) => {
        call.commit()
        nameIsUsed(app, tx, params)
        made.result = record(app, tx, wanted, linked)
        remember(tx, made.result, made.result.connectionId)
        tx.afterCommit(() => app.invitationTimes.check())
      },
    ),
  )
  await atRelay(wanted.relay, making)
  return committed(made)
}

/** All of them become visible together, or none: what was made before one failed is taken back. INV-11 */
export async function createInvitations(
  app: AppContext,
  { count, ...params }: Params<'invitation.createMany'>,
  signal: AbortSignal,
  remember: Remember,
): Promise<Result<'invitation.createMany'>> {
  const relay = relayForNew(app, params.relay)
  const label = params.name?.trim() || 'Invitation'
  const batch = Array.from({ length: count }, (_, index) => ({
    ...plan(app, params, `${label} ${index + 1}`),
    relay,
  }))
  const made: Made<Result<'invitation.createMany'>> = {}
  const making = waitingCall(app.clock, signal, async (call) => {
    const links = await queuesFor(app, batch, call.signal)
    try {
      app.store.write((tx) => {
        call.commit()
        nameIsUsed(app, tx, params)
        // the last one first: lists show the newest on top, and so `name 1` is
        const rows = links.toReversed().map((linked, index) => {
          const wanted = batch[links.length - 1 - index]!
          takeBatchLink(tx, linked.connId)
          const { connectionId, link, fullLink, incognitoProfile } = record(app, tx, wanted, linked)
          return { connectionId, link, fullLink, incognitoProfile, name: wanted.name ?? '' }
        })
        made.result = rows.toReversed()
        remember(tx, made.result, null)
        tx.afterCommit(() => app.invitationTimes.check())
      })
    } catch (error) {
      takeBack(app, links)
      throw error
    }
  })
  await atRelay(relay, making)
  return committed(made)
}

/**
 * A call that is repeated is answered with what it made. The row may lead to another link since then, or show somebody
 * else by it; a link that is used or over is the one that was made.
 */
export function asItIsNow<M extends Result<'invitation.create'>>(app: AppContext, made: M): M {
  const row = app.store.read((db) => getConnection(db, made.connectionId))
  if (row === null || row.link === null) return made
  const { link, fullLink } = row
  return { ...made, link, fullLink: fullLink ?? link, incognitoProfile: incognitoView(row) }
}

async function queuesFor(
  app: AppContext,
  batch: readonly NewInvitation[],
  signal: AbortSignal,
): Promise<MadeLink[]> {
  const tries = await Promise.allSettled(
    batch.map((wanted) =>
      app.agent.createInvitation(
        { relay: wanted.relay, userData: dataOf(app, wanted), signal },
        (tx, { connId }) => holdBatchLink(tx, connId),
      ),
    ),
  )
  const links = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  const failed = tries.find((each) => each.status === 'rejected')
  if (!failed) return links
  takeBack(app, links)
  throw failed.reason as Error
}

function takeBack(app: AppContext, links: readonly MadeLink[]): void {
  app.store.write((tx) =>
    dropBatchLinks(
      app.chat,
      tx,
      links.map(({ connId }) => connId),
    ),
  )
}

function plan(app: AppContext, params: Params<'invitation.create'>, name: string | null): NewInvitation {
  const { profileId } = app.store.read((db) => requireProfile(db, params.profileId))
  const incognitoName = chosenName(app, params)
  const expiresAt = params.expiresAt === undefined ? null : readTime(params.expiresAt)
  if (expiresAt !== null && expiresAt <= app.clock.now()) {
    throw new ContractFailure('INVALID_PARAMS', 'A link cannot end before it is made.', { path: 'expiresAt' })
  }
  return { profileId, incognitoName, name, relay: relayForNew(app, params.relay), expiresAt }
}

/** `null`: no date. */
export function readTime(text: string | null): number | null {
  return text === null ? null : Date.parse(text)
}

/** What somebody sees who opens the short link. */
function dataOf(app: AppContext, wanted: NewInvitation): Uint8Array {
  return app.store.read((db) => linkDataOf(shownProfile(db, wanted), null))
}

function record(
  app: AppContext,
  tx: WriteTx,
  { profileId, incognitoName, name, relay, expiresAt }: NewInvitation,
  { connId, link: fullLink, shortLink }: MadeLink,
): Result<'invitation.create'> {
  const link = shortLink ?? fullLink
  const who = { profileId, incognitoName, name }
  const invitation = { ...who, connId, link, fullLink, relay: relayName(relay), expiresAt }
  const { connectionId } = recordInvitation(app.chat, tx, invitation)
  return { connectionId, link, fullLink, incognitoProfile: incognitoView({ incognitoName }) }
}
