import {
  bytes16,
  char,
  formatVersionRange,
  list1,
  maybe,
  type Codec,
  type VersionRange,
  versionRange,
} from '#core/encoding'
import { utf8 } from '#core/base'
import { e2eUriCodec, formatE2eUri, readE2eUri, type E2eUri } from './e2e-uri.ts'
import { percentEncode, Query, readVersions, type Piece } from './piece.ts'
import { formatQueueUri, queueUriCodec, readQueueUri, type QueueUri } from './queue-uri.ts'

interface FullLink {
  readonly form: 'full'
  readonly agentVersions: VersionRange
  /** At least one; only the first is used today. agent.md 5.1 */
  readonly queues: readonly [QueueUri, ...QueueUri[]]
  /** Text of the application. */
  readonly clientData: string | null
}

/** A one-time link. agent.md 5.1 */
export interface InvitationLink extends FullLink {
  readonly kind: 'invitation'
  readonly e2e: E2eUri
}

/** The address of a person or a group. agent.md 5.1 */
export interface ContactLink extends FullLink {
  readonly kind: 'contact'
}

/** What a written link starts with. The host is only for people: nobody asks it anything. agent.md 5.1 */
export type LinkScheme = 'simplex:' | 'https://simplex.chat'

export function formatFullLink(link: InvitationLink | ContactLink, scheme: LinkScheme = 'simplex:'): string {
  const params = [
    `v=${formatVersionRange(link.agentVersions)}`,
    `smp=${percentEncode(link.queues.map(formatQueueUri).join(';'))}`,
    ...(link.kind === 'invitation' ? [`e2e=${percentEncode(formatE2eUri(link.e2e))}`] : []),
    ...(link.clientData === null ? [] : [`data=${percentEncode(link.clientData)}`]),
  ]
  return `${scheme}/${link.kind}#/?${params.join('&')}`
}

/** A link to give to one person. */
export function formatInvitationLink(
  link: Omit<InvitationLink, 'form' | 'kind'>,
  scheme: LinkScheme = 'simplex:',
): string {
  return formatFullLink({ ...link, form: 'full', kind: 'invitation' }, scheme)
}

const CONTACT_MIN = 2 // contact links of version 1 are read as version 2; agent.md 5.1

/** The query of a full link; any versions. */
export function readFullLink(kind: 'invitation' | 'contact', query: Piece): InvitationLink | ContactLink {
  const params = new Query(query)
  const versions = readVersions(params.need('v', 'agent-version'), 'agent-version')
  const [first, ...others] = params.need('smp', 'queues').split(/;/g).map(readQueueUri)
  const common = {
    form: 'full',
    queues: [first!, ...others],
    clientData: params.get('data')?.text ?? null,
  } as const
  if (kind === 'invitation') {
    return { ...common, kind, agentVersions: versions, e2e: readE2eUri(params.need('e2e', 'e2e')) }
  }
  return { ...common, kind, agentVersions: atLeast(versions, CONTACT_MIN) }
}

function atLeast({ min, max }: VersionRange, least: number): VersionRange {
  return { min: Math.max(min, least), max: Math.max(max, least) }
}

/* ---- binary, inside the data of short links */

const queues = list1(queueUriCodec)
const kindLetter = char('IC')
const clientDataCodec = maybe(bytes16)

/** `'I' data e2e` or `'C' data`; a queue without mode reads as one for contacts. agent.md 5.6, ConnReq */
export const fullLinkCodec: Codec<InvitationLink | ContactLink> = {
  write(writer, link) {
    kindLetter.write(writer, link.kind === 'invitation' ? 'I' : 'C')
    versionRange.write(writer, link.agentVersions)
    queues.write(writer, link.queues)
    clientDataCodec.write(writer, link.clientData === null ? null : utf8(link.clientData))
    if (link.kind === 'invitation') e2eUriCodec.write(writer, link.e2e)
  },
  read(reader) {
    const isInvitation = kindLetter.read(reader) === 'I'
    const agentVersions = versionRange.read(reader)
    const [first, ...others] = queues.read(reader).map((queue) => ({ ...queue, mode: queue.mode ?? 'C' }))
    const data = clientDataCodec.read(reader)
    const clientData = data && new TextDecoder('utf-8', { ignoreBOM: true }).decode(data)
    const common = { form: 'full', queues: [first!, ...others], clientData } as const
    return isInvitation
      ? { ...common, kind: 'invitation', agentVersions, e2e: e2eUriCodec.read(reader) }
      : { ...common, kind: 'contact', agentVersions: atLeast(agentVersions, CONTACT_MIN) }
  },
}
