import { AppError, isAppError, toHex } from '#core/base'
import type { Agent, ConnectionLink, ConnId, ParsedContact, ParsedInvitation, ShortLink } from '#core/agent'
import { parseConnectionLink, shortLinkKey } from '#core/agent'
import { type FoundText, MAX_LINK_TEXT, findLinks } from '#core/chat'
import { ContractFailure } from '#core/contract'
import type { ErrorDetails, Found, LooksLike, Plan } from '#core/contract'
import type { RelayAddress } from '#core/protocol'
import {
  type AddressRecord,
  type ConnectionRecord,
  type ReadDb,
  getAddressByConnId,
  getConnectionByConnId,
  listQueuedConnections,
} from '#core/store'
import { failedByOurs } from './failures.ts'
import { linkReaders } from './link-readers.ts'

/** `link.parse`: everything in a text that looks like something. */
export function foundIn(text: string): Found[] {
  requireShort(text)
  return findLinks(text, linkReaders).map(foundView)
}

function foundView(found: FoundText): Found {
  const { kind, text, link, looksLike } = found
  return {
    kind,
    text,
    ...(link && { link: { kind: link.kind, form: link.form, relay: link.relay } }),
    ...(looksLike && { looksLike }),
  }
}

export interface CheckedLink {
  /** As repaired. */
  text: string
  /** As it came. */
  pasted: string
  link: ConnectionLink
  relayName: string
}

/** The one link in a text, repaired and read; throws what rows V and I of "The link check" say. */
export function checkLink(text: string): CheckedLink {
  requireShort(text)
  const found = findLinks(text, linkReaders)
  const usable = found.find((one) => one.kind === 'link' && !one.problem)
  if (usable?.link) {
    const link = parseConnectionLink(usable.text)
    return { text: usable.text, pasted: text, link, relayName: usable.link.relay }
  }
  const broken = found.find((one) => one.problem) ?? found.find((one) => one.kind === 'other') ?? found[0]
  if (broken?.problem?.code === 'link.version') {
    throw linkVersion('This link was made by a newer version. Update Duplex, or ask for another link.', {
      at: broken.problem.at,
    })
  }
  throw notALink(broken)
}

/** Of a text in which to look for links. */
export function requireShort(text: string, path = 'link'): void {
  if (text.length <= MAX_LINK_TEXT) return
  throw new ContractFailure('TOO_LARGE', 'This text is too long to be looked through for a link.', {
    path,
    limit: MAX_LINK_TEXT,
    size: text.length,
  })
}

function linkVersion(message: string, details: Partial<ErrorDetails> = {}): ContractFailure {
  return new ContractFailure('LINK_VERSION', message, details)
}

const NOT_A_LINK: Readonly<Record<LooksLike, string>> = {
  web: 'This is a web address, not a connection link. Ask for a link made in SimpleX Chat or Duplex.',
  group: 'This link leads into a group, which this version of Duplex cannot join.',
  channel: 'This link leads into a channel, which this version of Duplex cannot join.',
  relay: 'This link leads to a relay that passes on a channel, and not to a person. Duplex has no channels.',
  file: 'This link leads to a file, which this version of Duplex cannot fetch.',
  name: 'This is a name that other apps look up, not a connection link. Ask for a link made in SimpleX Chat or Duplex.',
  'other-app': 'This link belongs to another app. Ask for a link made in SimpleX Chat or Duplex.',
  text: 'There is no connection link in this text. Copy the whole link and try again.',
}

function notALink(found: FoundText | undefined): ContractFailure {
  if (found?.problem) {
    return new ContractFailure('LINK_INVALID', 'This link is incomplete or damaged. Copy it again in full.', {
      at: found.problem.at,
    })
  }
  return leadsElsewhere(found?.looksLike ?? 'text')
}

/** Named for what it is, and refused. */
export function leadsElsewhere(looksLike: LooksLike): ContractFailure {
  return new ContractFailure('LINK_INVALID', NOT_A_LINK[looksLike], { looksLike, at: 0 })
}

/** What is stored here about the queue of a link. */
export interface Standing {
  status: Plan['status']
  connection: ConnectionRecord | null
  address: AddressRecord | null
}

const NEW: Standing = { status: 'new', connection: null, address: null }

interface LinkTarget {
  server: RelayAddress
  senderId: Uint8Array
}

export function targetOf(link: ParsedInvitation | ParsedContact): LinkTarget {
  const [queue] = link.queues
  return { server: queue.server, senderId: queue.senderId }
}

/**
 * Rows O, C, K, R and U as far as they show without a network; everything else is new. `profileId`: who would connect.
 * What another profile of the same person has made is somebody else's.
 */
export function standing(
  db: ReadDb,
  agent: Agent,
  { text, link }: Pick<CheckedLink, 'text' | 'link'>,
  profileId: string,
): Standing {
  const isOurs = (connId: string): boolean =>
    (connectionOf(db, connId) ?? getAddressByConnId(db, connId))?.profileId === profileId
  const who = link.form === 'short' ? ofShort(db, agent, link, isOurs) : ofFull(db, agent, link, isOurs)
  const found = link.kind === 'invitation' ? ofInvitation(db, who, profileId) : ofAddress(db, who, profileId)
  if (found.status !== 'new') return found
  const waiting = listQueuedConnections(db).find(
    (one) =>
      one.profileId === profileId && one.queued !== null && isSameLink(linkOf(one.queued), { text, link }),
  )
  return waiting ? { ...NEW, status: 'connecting', connection: waiting } : found
}

/** Connections of the agent that have to do with a link. */
interface Involved {
  own: ConnId | null
  /** Joined by a one-time link, or asked at an address. */
  used: ConnId | null
}

function ofShort(db: ReadDb, agent: Agent, link: ShortLink, isOurs: (connId: ConnId) => boolean): Involved {
  const found = agent.findShort(db, link, isOurs)
  const isOwn = found?.what === 'own' || found?.what === 'own-address'
  return { own: found && isOwn ? found.connId : null, used: found && !isOwn ? found.connId : null }
}

function ofFull(db: ReadDb, agent: Agent, link: FullLink, isOurs: (connId: ConnId) => boolean): Involved {
  const { server, senderId } = targetOf(link)
  return link.kind === 'invitation'
    ? { own: agent.findOwnQueue(db, server, senderId), used: agent.findJoined(db, server, senderId) }
    : {
        own: agent.findOwnAddress(db, server, senderId),
        used: agent.findRequested(db, server, senderId, isOurs),
      }
}

function linkOf(queued: string): string {
  return (JSON.parse(queued) as { link: string }).link
}

/** However it is written: a full link by its queue, a short one by its key. */
function isSameLink(queued: string, { text, link }: Pick<CheckedLink, 'text' | 'link'>): boolean {
  if (queued === text) return true
  try {
    return nameOf(parseConnectionLink(queued)) === nameOf(link)
  } catch (error) {
    if (isAppError(error)) return false
    throw error
  }
}

function nameOf(link: ConnectionLink): string {
  if (link.form === 'short') return shortLinkKey(link)
  const { server, senderId } = targetOf(link)
  return `${toHex(server.keyHash)} ${toHex(senderId)}`
}

/** Before it is one, a contact may be there that the link has shown. */
const ON_THE_WAY: readonly ConnectionRecord['phase'][] = ['connecting', 'awaiting-peer', 'requested']

/** A link that another profile has used is known all the same: nobody can use it any more, and there is somebody to write to. */
function ofInvitation(db: ReadDb, involved: Involved, profileId: string): Standing {
  const own = connectionOf(db, involved.own)
  const connection = own?.profileId === profileId ? own : connectionOf(db, involved.used)
  if (!connection) return own && !isUnused(own) ? { ...NEW, status: 'used' } : NEW
  if (connection.contactId !== null) {
    return { ...NEW, status: ON_THE_WAY.includes(connection.phase) ? 'connecting' : 'known', connection }
  }
  if (connection === own) return { ...NEW, status: 'own', connection }
  const over = connection.phase === 'refused' || (connection.phase === 'failed' && !failedByOurs(connection))
  return { ...NEW, status: over ? 'used' : 'connecting', connection }
}

function connectionOf(db: ReadDb, connId: string | null): ConnectionRecord | null {
  return connId === null ? null : getConnectionByConnId(db, connId)
}

function isUnused({ phase }: ConnectionRecord): boolean {
  return phase === 'unused' || phase === 'shared'
}

/** One that failed may be asked again, like a new one. */
function ofAddress(db: ReadDb, involved: Involved, profileId: string): Standing {
  const address = involved.own === null ? null : getAddressByConnId(db, involved.own)
  if (address?.profileId === profileId) return { ...NEW, status: 'own', address }
  const connection = connectionOf(db, involved.used)
  if (!connection || connection.phase === 'refused' || connection.phase === 'failed') return NEW
  if (connection.phase === 'requested') return { ...NEW, status: 'requested', connection }
  return { ...NEW, status: connection.phase === 'connected' ? 'known' : 'connecting', connection }
}

export function requestedAt(connection: ConnectionRecord | null): string | null {
  const at = connection?.requestedAt ?? null
  return at === null ? null : new Date(at).toISOString()
}

export type FullLink = ParsedInvitation | ParsedContact

export function isAddressLink(link: FullLink): link is ParsedContact {
  return link.kind !== 'invitation'
}

/** For rows O, C, K, R and U in `connection.connect`; returns where the link can be used. */
export function refuseKnown(found: Standing): void {
  const ids: Partial<ErrorDetails> = {
    ...(found.connection && { connectionId: found.connection.connectionId }),
    ...(found.connection?.contactId && { contactId: found.connection.contactId }),
  }
  switch (found.status) {
    case 'new':
      return
    case 'own':
      throw new ContractFailure(
        'LINK_OWN',
        'This is your own link; give it to the person you want to reach.',
        ids,
      )
    case 'requested': {
      const at = requestedAt(found.connection)
      throw new ContractFailure(
        'ALREADY_CONNECTED',
        'You have asked at this address already; they have not answered yet.',
        { ...ids, ...(at !== null && { requestedAt: at }) },
      )
    }
    case 'connecting':
      throw new ContractFailure(
        'ALREADY_CONNECTED',
        'You have used this link already and are connecting.',
        ids,
      )
    case 'known':
      throw new ContractFailure('ALREADY_CONNECTED', 'You are connected through this link already.', ids)
    case 'used':
      throw new ContractFailure(
        'LINK_USED',
        'This link no longer works: used, removed, or opened by someone else. Ask for a new one.',
        ids,
      )
    default:
      throw new AppError('internal.unreachable', 'a status that cannot be')
  }
}
