/** Where a link of ours leads: who can reach its relay, and whether the relay of this computer is still there. */
import { parseConnectionLink } from '#core/agent'
import { equalBytes, isAppError } from '#core/base'
import type { Reach, Stale } from '#core/contract'
import { effectivePort, reachOf, type RelayAddress } from '#core/protocol'
import type { ReadDb } from '#core/store'
import { lastPlace } from './embedded-relay.ts'

export interface LinkPlace {
  reach: Reach
  stale: Stale | null
}

/** `embedded`: the relay of this computer while it runs. */
export function placeOfLink(db: ReadDb, fullLink: string, embedded: RelayAddress | null): LinkPlace | null {
  const relay = serverOf(fullLink)
  return (
    relay && { reach: reachOf(relay), stale: staleness(relay, embedded ?? lastPlace(db), embedded !== null) }
  )
}

/** The server that a full link names. */
export function serverOf(fullLink: string): RelayAddress | null {
  try {
    const link = parseConnectionLink(fullLink)
    return link.form === 'full' ? link.queues[0].server : null
  } catch (error) {
    if (isAppError(error)) return null
    throw error
  }
}

function staleness(relay: RelayAddress, own: RelayAddress | null, isOn: boolean): Stale | null {
  if (!own || !equalBytes(relay.keyHash, own.keyHash)) return null
  if (!isOn) return 'off'
  const isThere = relay.hosts.some((host) => own.hosts.includes(host))
  return isThere && effectivePort(relay) === effectivePort(own) ? null : 'moved'
}
