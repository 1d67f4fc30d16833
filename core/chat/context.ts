import type { Clock, Log, Random } from '#core/base'
import { toBase64Url } from '#core/encoding'
import type { Agent } from '#core/agent'
import type { Store } from '#core/store'
import type { Changes } from './changes.ts'
import type { LinkReaders } from './link-text.ts'

/** What every use case of this room works with. */
export interface ChatContext {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly changes: Changes
  readonly links: LinkReaders
  /** Set once at start: agent and chat know each other. */
  readonly agent: Agent
  /** A request is to be accepted: whoever does it may start. */
  readonly acceptSoon?: (requestId: string) => void
}

const ID_BYTES = 12 // as for ids of the agent: never guessed, never on the wire

export function newId(random: Random): string {
  return toBase64Url(random.bytes(ID_BYTES), 'unpadded')
}
