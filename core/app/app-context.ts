import type { Clock, KeyedLock, Log, Random } from '#core/base'
import type { Agent } from '#core/agent'
import type { ChatContext } from '#core/chat'
import type { RelayPool } from '#core/client'
import type { App, ContractEvent, MethodName, Params, Result } from '#core/contract'
import type { Store } from '#core/store'
import type { Acceptances } from './acceptances.ts'
import type { AddressTimes } from './address-times.ts'
import type { EmbeddedRelay } from './embedded-relay.ts'
import type { HeldLink } from './held-link.ts'
import type { InvitationTimes } from './invitation-times.ts'
import type { NetworkWatch } from './network-watch.ts'
import type { OnceCalls } from './once.ts'
import type { OpenedLinks } from './opened-links.ts'
import type { QueuedLinks } from './queued-links.ts'
import type { Openings } from './openings.ts'
import type { RelayPages } from './relay-pages.ts'
import type { Suggestions } from './suggestions.ts'

/** What every method works with. */
export interface AppContext {
  readonly version: string
  readonly dataDir: string
  readonly state: () => App['state']
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly store: Store
  readonly pool: RelayPool
  readonly agent: Agent
  readonly chat: ChatContext
  readonly embedded: EmbeddedRelay
  readonly watch: NetworkWatch
  readonly relayPages: RelayPages
  readonly once: OnceCalls
  /** One attempt at a link at a time. */
  readonly links: KeyedLock
  /** Short links that were read for a plan. */
  readonly opened: OpenedLinks
  readonly queued: QueuedLinks
  /** Making, changing and ending addresses, in the order of calling. */
  readonly addresses: KeyedLock
  readonly addressTimes: AddressTimes
  readonly invitationTimes: InvitationTimes
  /** Asks relays whether links made here were opened. */
  readonly openings: Openings
  readonly acceptances: Acceptances
  readonly suggestions: Suggestions
  readonly heldLink: HeldLink
  emit(event: ContractEvent): void
}

export type Method<M extends MethodName> = (
  app: AppContext,
  params: Params<M>,
  signal: AbortSignal,
) => Result<M> | Promise<Result<M>>

/** A table of some of the methods; the whole one is put together in `methods/index.ts`. */
export type MethodTable<Names extends MethodName> = { readonly [M in Names]: Method<M> }
