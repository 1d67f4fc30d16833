import { generateEd25519 } from '#core/crypto'
import { insertAgentLink, type AgentLink, type ReadDb, type WriteTx } from '#core/store'
import { serverAddress } from './addresses.ts'
import type { Context } from './context.ts'
import { AgentError } from './errors.ts'
import type { ConnId } from './types.ts'
import {
  AGENT_VERSIONS,
  formatShortLink,
  LinkDataError,
  makeLinkData,
  shortenLink,
  type ContactLink,
  type InvitationLink,
  type SealedLinkData,
  type ShortLink,
  type UserLinkData,
} from './wire/index.ts'

/** What a short link of ours leads to, and what its author says beside it. */
export interface LinkContent {
  readonly request: InvitationLink | ContactLink
  /** The application's. */
  readonly userData: Uint8Array
}

/** Made and, once the relay has it, kept: agent.md 5.7, step 3. */
export interface NewLink {
  readonly linkId: Uint8Array
  readonly linkKey: Uint8Array
  readonly rootKey: Uint8Array
  readonly sealed: SealedLinkData
}

/** With a root key of its own; the id of a one-time link is for the relay to draw. */
export function sealNewLink(
  ctx: Context,
  { request, userData }: LinkContent,
): Omit<NewLink, 'linkId'> & { linkId: Uint8Array | null } {
  const root = generateEd25519(ctx.random)
  const user = userLinkData(request.kind, userData)
  const made = fitting(() => makeLinkData(root.privateKey, { request, user }, ctx.random))
  return { ...made, rootKey: root.privateKey }
}

/** Anybody may connect by the link itself, and nobody but its root key changes it. */
export function userLinkData(kind: 'invitation' | 'contact', userBytes: Uint8Array): UserLinkData {
  if (kind === 'invitation') return { kind, agentVersions: AGENT_VERSIONS, userBytes }
  return { kind, agentVersions: AGENT_VERSIONS, direct: true, owners: [], relays: [], userBytes }
}

/** Throws `agent.too-large` for what does not fit behind a link. */
export function fitting<T>(make: () => T): T {
  try {
    return make()
  } catch (cause) {
    if (!(cause instanceof LinkDataError)) throw cause
    throw new AgentError('agent.too-large', 'does not fit behind a link', { reason: cause.code }, { cause })
  }
}

/** Keeps it; the text to give away. */
export function keepNewLink(
  ctx: Context,
  tx: WriteTx,
  connId: ConnId,
  queue: { server: Uint8Array },
  kind: 'invitation' | 'contact',
  link: NewLink,
): string {
  const kept: AgentLink = {
    connId,
    server: queue.server,
    linkId: link.linkId,
    linkKey: link.linkKey,
    author: { rootKey: link.rootKey, fixed: link.sealed.fixed },
    pending: null,
    published: true,
  }
  insertAgentLink(tx, kept)
  return shortLinkText(ctx, tx, kept, kind)
}

/** As a web address at a relay that shows a page there: those that everybody knows do. Elsewhere as a link that only apps open. */
export function shortLinkText(
  ctx: Context,
  db: ReadDb,
  { server, linkId, linkKey }: Pick<AgentLink, 'server' | 'linkId' | 'linkKey'>,
  kind: 'invitation' | 'contact',
): string {
  const relay = serverAddress(server)
  const { hosts, port, keyHash } = relay
  const common = { form: 'short', scheme: 'simplex', server: { hosts, port, keyHash }, linkKey } as const
  const link: ShortLink =
    kind === 'invitation' ? { ...common, kind, linkId } : { ...common, kind, contactType: 'contact' }
  const short = shortenLink(link)
  const isWeb = short.server.keyHash === null || (ctx.hasPage?.(db, relay) ?? false)
  return formatShortLink({ ...short, scheme: isWeb ? 'https' : 'simplex' })
}
