import { equalBytes, toHex } from '#core/base'
import { E2E_VERSIONS, generateEd25519 } from '#core/crypto'
import type { RelayAddress, Response } from '#core/protocol'
import {
  findAgentLinks,
  findLinkClaims,
  getAgentConnection,
  getLinkClaim,
  putLinkClaim,
  removeLinkClaim,
  type LinkClaim,
  type ReadDb,
} from '#core/store'
import { serverAddress, serverBytes } from './addresses.ts'
import { PERSON_WAITS } from './constants.ts'
import type { Context } from './context.ts'
import { AgentError } from './errors.ts'
import { classify } from './failures.ts'
import { waitingSignal } from './invitation.ts'
import { agree } from './joining.ts'
import { findRequested } from './queries.ts'
import type { ConnId, FoundLink, ResolvedLink } from './types.ts'
import {
  AGENT_VERSIONS,
  contactLinkKeys,
  LinkDataError,
  relayOfLink,
  requestAt,
  resolveLinkData,
  restoreLink,
  SMPC_VERSIONS,
  type LinkData,
  type ShortLink,
} from './wire/index.ts'

/** What lies behind a short link of somebody else's. agent.md 5.8 */

type Lnk = Extract<Response, { type: 'LNK' }>

/** The relay may know a one-time link by its first reader's key only; an address is everybody's to read. */
export async function resolveLink(
  ctx: Context,
  link: ShortLink,
  options: { signal?: AbortSignal },
): Promise<ResolvedLink> {
  const signal = waitingSignal(ctx, options.signal)
  const relay = relayOfLink(link)
  if (!relay)
    throw new AgentError('agent.link-data', 'nothing says how to recognise the relay', { reason: 'relay' })
  const name = { linkId: linkIdOf(link), server: serverBytes(relay) }
  const answer =
    link.kind === 'invitation'
      ? await claim(ctx, relay, name, signal)
      : await ask(ctx, relay, { entityId: name.linkId, command: { type: 'LGET' }, key: null }, signal)
  const { fixed, user } = believed(link, answer)
  const { request } = fixed
  const [queue] = request.queues
  agree(request.agentVersions, AGENT_VERSIONS, 'agent')
  agree(queue.versions, SMPC_VERSIONS, 'smp')
  if (request.kind === 'invitation') agree(request.e2e.versions, E2E_VERSIONS, 'e2e')
  signal.throwIfAborted()
  ctx.store.write((tx) => {
    const before = getLinkClaim(tx, name)
    const createdAt = ctx.clock.now()
    putLinkClaim(tx, { ...name, sndId: answer.sndId.slice(), key: before?.key ?? null, createdAt })
  })
  return {
    link: requestAt(request, relay),
    userData: user.userBytes,
    direct: user.kind === 'invitation' || user.direct,
  }
}

/** An own link, or one by which there is a connection; of own links and of requests only those that are wanted. Asks nobody. */
export function findShort(
  db: ReadDb,
  link: ShortLink,
  isWanted: (connId: ConnId) => boolean = () => true,
): FoundLink | null {
  const relay = relayOfLink(link)
  if (!relay) return null
  const linkId = linkIdOf(link)
  const isThere = ({ server }: { server: Uint8Array }): boolean =>
    equalBytes(serverAddress(server).keyHash, relay.keyHash)
  const own = findAgentLinks(db, linkId).find((one) => isThere(one) && isWanted(one.connId))
  if (own) {
    const isAddress = getAgentConnection(db, own.connId)?.kind === 'address'
    return { connId: own.connId, what: isAddress ? 'own-address' : 'own' }
  }
  for (const { server, sndId, connId } of findLinkClaims(db, linkId).filter(isThere)) {
    if (!sndId) continue
    if (link.kind === 'contact') {
      const asked = findRequested(db, serverAddress(server), sndId, isWanted)
      if (asked) return { connId: asked, what: 'requested' }
    } else if (connId !== null && getAgentConnection(db, connId)?.deletedAt === null) {
      return { connId, what: 'joined' }
    }
  }
  return null
}

/** One name for a link at any time, however it is written. */
export function shortLinkKey(link: ShortLink): string {
  return toHex(linkIdOf(link))
}

function linkIdOf(link: ShortLink): Uint8Array {
  return link.kind === 'invitation' ? link.linkId : contactLinkKeys(link.linkKey).linkId
}

/** The key is on disk before the relay sees it, and every later try has the same: fetching the data claims the link. */
async function claim(
  ctx: Context,
  relay: RelayAddress,
  name: Pick<LinkClaim, 'linkId' | 'server'>,
  signal: AbortSignal,
): Promise<Lnk> {
  const { key, isKnown } = ctx.store.write((tx) => {
    const known = getLinkClaim(tx, name)
    if (known?.connId) {
      throw new AgentError('agent.already-joined', 'this link was joined before', { connId: known.connId })
    }
    if (known?.key) return { key: known.key, isKnown: known.sndId !== null }
    const fresh = generateEd25519(ctx.random)
    putLinkClaim(tx, { ...name, sndId: null, key: fresh, createdAt: ctx.clock.now() })
    return { key: fresh, isKnown: false }
  })
  try {
    return await ask(
      ctx,
      relay,
      {
        entityId: name.linkId,
        command: { type: 'LKEY', sndKey: { algorithm: 'ed25519', raw: key.publicKey } },
        key: { algorithm: 'ed25519', privateKey: key.privateKey },
      },
      signal,
    )
  } catch (error) {
    // Somebody else's: a key that never opened it is of no use. One that did is kept, whatever the relay says today.
    const isUsed = error instanceof AgentError && error.code === 'agent.link-used'
    if (isUsed && !isKnown) ctx.store.write((tx) => removeLinkClaim(tx, name))
    throw error
  }
}

async function ask(
  ctx: Context,
  relay: RelayAddress,
  command: Parameters<Context['relays']['request']>[1],
  signal: AbortSignal,
): Promise<Lnk> {
  try {
    const answer = await ctx.relays.request(relay, command, { signal, timeoutMs: PERSON_WAITS })
    if (answer.type === 'LNK') return answer
    throw new AgentError('agent.refused', 'a link was answered by something else', { type: answer.type })
  } catch (error) {
    const failure = classify(error)
    if (failure.kind !== 'permanent' || !failure.isAuth) throw error
    const code = command.command.type === 'LKEY' ? 'agent.link-used' : 'agent.address-gone'
    throw new AgentError(code, 'the relay does not give the data of this link', {}, { cause: error })
  }
}

function believed(link: ShortLink, { sndId, fixed, user }: Lnk): LinkData {
  try {
    return resolveLinkData(restoreLink(link), { senderId: sndId, sealed: { fixed, user } })
  } catch (cause) {
    if (!(cause instanceof LinkDataError)) throw cause
    throw new AgentError('agent.link-data', 'the data is not of this link', { reason: cause.code }, { cause })
  }
}
