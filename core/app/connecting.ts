/** `connection.connect`: uses a link, now or when its relay can be reached. */
import { AppError, isAppError, toHex } from '#core/base'
import {
  checkText,
  encodeInfo,
  meetShown,
  recordJoin,
  requireProfile,
  sendText,
  shownProfile,
} from '#core/chat'
import type { ParsedInvitation } from '#core/agent'
import { ContractFailure } from '#core/contract'
import type { Params, Result } from '#core/contract'
import { relayKey } from '#core/protocol'
import type { AppContext } from './app-context.ts'
import { requestAt } from './asking.ts'
import { chosenName, type IncognitoChoice, nameIsUsed } from './incognito-choice.ts'
import {
  type CheckedLink,
  checkLink,
  isAddressLink,
  refuseKnown,
  type Standing,
  standing,
  targetOf,
} from './link-check.ts'
import { failedByOurs, toFailure } from './failures.ts'
import { relayName } from './link-readers.ts'
import { atRelay, committed, type Made, relayForNew } from './new-queue-relay.ts'
import type { Remember } from './once.ts'
import { openLink, type OpenedLink } from './opened-links.ts'
import { waitingCall } from './waiting-call.ts'

/** What a person wants of a link. */
export interface Wish extends IncognitoChoice {
  /** Who connects, and the name shown instead, if any. */
  profileId: string
  incognitoName: string | null
  message: string | null
  name?: string
  again?: boolean
  /** The row that has waited for this. */
  connectionId?: string
}

export async function connectBy(
  app: AppContext,
  { link, once: _, whenOnline, ...wanted }: Params<'connection.connect'>,
  signal: AbortSignal,
  remember: Remember,
): Promise<Result<'connection.connect'>> {
  const { profileId } = app.store.read((db) => requireProfile(db, wanted.profileId))
  const checked = checkLink(link)
  const message = wanted.message?.trim() ? wanted.message : null
  if (message !== null) checkText(message, NO_ID)
  const wish: Wish = { ...wanted, profileId, incognitoName: chosenName(app, wanted), message }
  try {
    return await connectNow(app, checked, wish, signal, remember)
  } catch (error) {
    if (!whenOnline || !mayComeLater(error)) throw error
    return app.queued.add(checked, wish, remember)
  }
}

/** A relay is silent, or something is missing on this computer; nothing of the link is used up. */
function mayComeLater(error: unknown): boolean {
  if (isAppError(error, 'relay.none')) return true
  if (!(error instanceof ContractFailure)) return false
  return error.details.own === true || (error.code === 'RELAY_UNREACHABLE' && error.details.retryable)
}

const NO_ID = new Uint8Array(16)

/** Opens the link where that was not done for the plan, and claims it, or asks. */
export async function connectNow(
  app: AppContext,
  checked: CheckedLink,
  wish: Wish,
  signal: AbortSignal,
  remember: Remember,
): Promise<Result<'connection.connect'>> {
  const began = app.clock.now()
  const local = app.store.read((db) => standing(db, app.agent, checked, wish.profileId))
  const stopped = local.connection
  if (stopped && failedByOurs(stopped) && app.store.write((tx) => app.agent.retry(tx, stopped.connId))) {
    // The link is ours: it goes on with the keys that it has.
    return { connectionId: stopped.connectionId, contactId: stopped.contactId }
  }
  if (!mayAskAgain(local, wish)) refuseUnlessMine(local, wish)
  const opened = await openLink(app, checked, signal)
  const { link } = opened
  if (opened.shown?.business)
    throw toFailure(new AppError('chat.needs-groups', 'a business answers with a group'))
  const { server, senderId } = targetOf(link)
  return app.links.run(`${relayKey(server)} ${toHex(senderId)}`, async () => {
    const found = app.store.read((db) => standing(db, app.agent, { ...checked, link }, wish.profileId))
    const again = mayAskAgain(found, wish) ? found.connection : null
    if (!again) refuseUnlessMine(found, wish)
    const spent = app.clock.now() - began
    return isAddressLink(link)
      ? requestAt(app, { ...opened, link }, { wish, again, spent }, signal, remember)
      : join(app, { ...opened, link }, { wish, spent }, signal, remember)
  })
}

const mayAskAgain = (found: Standing, wish: Wish): boolean =>
  wish.again === true && found.status === 'requested'

function refuseUnlessMine(found: Standing, wish: Wish): void {
  const isMine = found.connection !== null && found.connection.connectionId === wish.connectionId
  if (!isMine) refuseKnown(found)
}

async function join(
  app: AppContext,
  { link, shown }: OpenedLink & { link: ParsedInvitation },
  { wish, spent }: { wish: Wish; spent: number },
  signal: AbortSignal,
  remember: Remember,
): Promise<Result<'connection.connect'>> {
  const { message, name, profileId, incognitoName, connectionId: waiting } = wish
  const connInfo = app.store.read((db) => encodeInfo(shownProfile(db, wish)))
  const { server } = targetOf(link)
  const replyRelay = relayForNew(app, undefined, server)
  const made: Made<Result<'connection.connect'>> = {}
  const joining = waitingCall(
    app.clock,
    signal,
    (call) =>
      app.agent.join(link, { connInfo, replyRelay, signal: call.signal }, (tx, { connId }) => {
        call.commit()
        nameIsUsed(app, tx, wish)
        const joined = recordJoin(app.chat, tx, {
          ...{ profileId, incognitoName, connId, name: name ?? null, relay: relayName(server) },
          ...(waiting !== undefined && { connectionId: waiting }),
        })
        const { connectionId, contactId } = meetShown(app.chat, tx, joined, shown)
        if (message !== null) {
          sendText(app.chat, tx, contactId === null ? { connectionId } : { contactId }, message)
        }
        made.result = { connectionId, contactId }
        remember(tx, made.result, connectionId)
      }),
    spent,
  )
  await atRelay(server, joining)
  return committed(made)
}
