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
