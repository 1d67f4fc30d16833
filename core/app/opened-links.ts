/** Short links on their way to being used: what lies behind them, asked for once. agent.md 5.8 */
import { AppError, type Clock, type Millis, toHex } from '#core/base'
import {
  type ParsedContact,
  type ParsedInvitation,
  relayOfLink,
  type ResolvedLink,
  type ShortLink,
} from '#core/agent'
import { type LinkPreview, readLinkData } from '#core/chat'
import type { RelayAddress } from '#core/protocol'
import type { AppContext } from './app-context.ts'
import { type CheckedLink, leadsElsewhere } from './link-check.ts'
import { atRelay } from './new-queue-relay.ts'
import { waitingCall } from './waiting-call.ts'

/** A link that can be used, with what it shows; a full one shows nothing. */
export interface OpenedLink {
  readonly link: ParsedInvitation | ParsedContact
  readonly shown: LinkPreview | null
}

/** How long an address that was read for the plan is not read again for connecting. */
const KEPT: Millis = 10 * 60_000
/** More than anybody looks at in that time. */
const MOST = 100

/** What was read lately, so that checking a link and then using it asks the relay once. In memory only. */
export class OpenedLinks {
  readonly #clock: Clock
  readonly #opened = new Map<string, { at: Millis; opened: OpenedLink }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get(link: ShortLink): OpenedLink | null {
    const known = this.#opened.get(keyOf(link))
    return known && this.#clock.now() - known.at < KEPT ? known.opened : null
  }

  keep(link: ShortLink, opened: OpenedLink): void {
    const key = keyOf(link)
    this.#opened.delete(key)
    this.#opened.set(key, { at: this.#clock.now(), opened })
    for (const oldest of this.#opened.keys()) {
      if (this.#opened.size <= MOST) break
      this.#opened.delete(oldest)
    }
  }

  forget(link: ShortLink): void {
    this.#opened.delete(keyOf(link))
  }
}

const keyOf = (link: ShortLink): string =>
  toHex(link.linkKey) + (link.kind === 'invitation' ? toHex(link.linkId) : '')

/**
 * Asks the relay of the link, which for a one-time link claims it: the agent keeps the key. `fresh`: what was read before
 * does not count. Refuses what leads to no person.
 */
export async function openShort(
  app: AppContext,
  link: ShortLink,
  signal: AbortSignal,
  { fresh }: { fresh: boolean },
): Promise<OpenedLink> {
  const known = fresh ? null : app.opened.get(link)
  // Whether an address takes requests again is asked each time.
  if (known && !known.shown?.paused) return known
  const relay = relayOf(link)
  app.opened.forget(link)
  const asking = waitingCall(app.clock, signal, (call) =>
    app.agent.resolveLink(link, { signal: call.signal }),
  )
  const opened = toPerson(await atRelay(relay, asking))
  app.opened.keep(link, opened)
  return opened
}

/** Where to ask. Throws for a relay that nobody could recognise. */
export function relayOf(link: ShortLink): RelayAddress {
  const relay = relayOfLink(link)
  if (relay) return relay
  throw new AppError('agent.link-data', 'nothing says how to recognise the relay')
}

function toPerson({ link, userData, direct }: ResolvedLink): OpenedLink {
  const shown = readLinkData(userData)
  if (shown.of === 'group') throw leadsElsewhere(direct ? 'group' : 'channel')
  if (shown.of === 'relay' || !direct) throw leadsElsewhere('channel')
  return { link, shown }
}

/** A full link as it is, a short one opened; one that takes nobody now is refused. */
export async function openLink(
  app: AppContext,
  { link }: CheckedLink,
  signal: AbortSignal,
): Promise<OpenedLink> {
  if (link.form === 'full') return { link, shown: null }
  const opened = await openShort(app, link, signal, { fresh: false })
  if (!opened.shown?.paused) return opened
  throw new AppError('chat.link-paused', 'takes no requests now')
}
