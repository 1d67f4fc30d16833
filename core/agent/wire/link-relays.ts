import { equalBytes } from '#core/base'
import type { RelayAddress } from '#core/protocol'
import { FINGERPRINT } from './constants.ts'
import { LINK_RELAYS } from './preset-relays.ts'
import type { ShortLink, ShortLinkServer } from './short-link.ts'

type Relays = readonly RelayAddress[]

/** Ports on which a relay without a port of its own listens. agent.md 5.4 */
const USUAL_PORTS = ['443', '5223']

/**
 * What everybody knows about a relay left out of its link: only the first host stays. A link that says more or other
 * things than the list stays as it is. agent.md 5.4, "Shortening"
 */
export function shortenLink<L extends ShortLink>(link: L, relays: Relays = LINK_RELAYS): L {
  return { ...link, server: shortenServer(link.server, relays) }
}

/** What the author left out put back. agent.md 5.4, "Restoring" */
export function restoreLink<L extends ShortLink>(link: L, relays: Relays = LINK_RELAYS): L {
  return { ...link, server: restoreServer(link.server, relays) }
}

export function shortenServer(server: ShortLinkServer, relays: Relays): ShortLinkServer {
  const short = { hosts: server.hosts.slice(0, 1), port: '', keyHash: null }
  return isSame(restoreServer(short, relays), server) ? short : server
}

/** Whoever restores it takes the first relay of that host: another one of the same host has to be named. */
function isSame(relay: ShortLinkServer, { hosts, port, keyHash }: ShortLinkServer): boolean {
  return (
    relay.keyHash !== null &&
    keyHash !== null &&
    equalBytes(relay.keyHash, keyHash) &&
    hosts.every((host) => relay.hosts.includes(host)) &&
    (relay.port === port || (relay.port === '' && USUAL_PORTS.includes(port)))
  )
}

export function restoreServer(server: ShortLinkServer, relays: Relays): ShortLinkServer {
  const { hosts, port, keyHash } = server
  if (hosts.length !== 1 || port !== '' || keyHash !== null) return server
  const relay = relays.find((each) => each.hosts[0] === hosts[0])
  return relay ? { hosts: relay.hosts, port: relay.port, keyHash: relay.keyHash } : server
}

/** Where to ask for the data of a link. Null: nothing says how to recognise that relay, so it must not be asked. */
export function relayOfLink(link: ShortLink, relays: Relays = LINK_RELAYS): RelayAddress | null {
  const { hosts, port, keyHash } = restoreServer(link.server, relays)
  return keyHash?.length === FINGERPRINT ? { hosts, port, keyHash, password: null } : null
}
