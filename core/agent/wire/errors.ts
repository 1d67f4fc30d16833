import { AppError } from '#core/base'

/** Why a link cannot be used. `facts.at`: offset in the text where reading stopped; `facts.reason`: which part. */
export class LinkError extends AppError {
  constructor(code: 'link.invalid' | 'link.version', at: number, reason: LinkReason, options?: ErrorOptions) {
    super(code, `link refused: ${reason}`, { at, reason }, options)
    this.name = 'LinkError'
  }
}

export type LinkReason =
  | 'scheme'
  | 'host'
  | 'type'
  | 'fragment'
  | 'agent-version'
  | 'queues'
  | 'queue-scheme'
  | 'queue-address'
  | 'queue-password'
  | 'queue-fingerprint'
  | 'queue-id'
  | 'queue-fragment'
  | 'queue-version'
  | 'queue-key'
  | 'e2e'
  | 'e2e-version'
  | 'e2e-keys'
  | 'e2e-kem'
  | 'link-id'
  | 'link-key'
  | 'link-hosts'
  | 'link-port'
  | 'link-fingerprint'

export type LinkDataPart = 'fixed' | 'user'

/** The data behind a short link is not what the link stands for. Upstream: A_LINK. agent.md 5.8 */
export class LinkDataError extends AppError {
  constructor(
    code: LinkDataCode,
    facts: { part?: LinkDataPart; length?: number; owner?: number } = {},
    options?: ErrorOptions,
  ) {
    super(code, 'link data refused', facts, options)
    this.name = 'LinkDataError'
  }
}

export type LinkDataCode =
  /** Does not fit into the size that all link data has. */
  | 'link-data.too-large'
  | 'link-data.decrypt'
  | 'link-data.malformed'
  /** The fixed data is not what the link is the hash of. */
  | 'link-data.hash'
  | 'link-data.fixed-signature'
  | 'link-data.user-signature'
  /** More than anybody needs; none of them is looked at. */
  | 'link-data.owner-count'
  | 'link-data.owner-root-key'
  | 'link-data.owner-duplicate'
  | 'link-data.owner-signature'
  /** One-time data behind a link to an address, or the other way round. */
  | 'link-data.kind'
  /** Data of another queue than the relay names. */
  | 'link-data.queue'
  /** Data of a queue at another relay than the link's. */
  | 'link-data.host'
