import type { PlanWarning } from '#core/contract'

/** What a relay of a link, or one that is known here, is compared by. */
interface Where {
  readonly hosts: readonly string[]
  /** Empty for the usual one. */
  readonly port: string
}

/** smp.md 2: what a relay without a named port listens on. */
const USUAL_PORTS: readonly string[] = ['', '443', '5223']
/** A web address with something in front of its host, or with a port behind it, and the path of a connection link. */
const WITH_USER = /https:\/\/[^/?#\s]{0,300}@[^/?#\s]{0,300}\/(?:invitation|contact|[iagcr])\/?#/i
const WITH_PORT = /https:\/\/[^/?#\s]{1,300}:\d{1,5}\/[iagcr]\/?#/i

/**
 * What a person should look at twice (flows.md 7): a name in front of the host that reads like the host, a port that is
 * not the relay's, letters that look like others. `pasted` is the text as it came, since reading it repairs some of this.
 */
export function linkWarnings(pasted: string, relay: Where, known: readonly Where[]): PlanWarning[] {
  const same = known.filter((one) => one.hosts.some((host) => relay.hosts.includes(host)))
  const oddPort =
    same.length > 0
      ? !same.some((one) => isSamePort(one.port, relay.port))
      : !USUAL_PORTS.includes(relay.port)
  return [
    ...(WITH_USER.test(pasted) ? (['user-name'] as const) : []),
    ...(oddPort || WITH_PORT.test(pasted) ? (['port'] as const) : []),
    ...(relay.hosts.some((host) => looksLikeAnother(host, known)) ? (['look-alike'] as const) : []),
  ]
}

function isSamePort(one: string, other: string): boolean {
  return one === other || (USUAL_PORTS.includes(one) && USUAL_PORTS.includes(other))
}

/** A name in letters of other scripts (RFC 3492), or one that only looks like a relay that is known here. */
function looksLikeAnother(host: string, known: readonly Where[]): boolean {
  if (/[^\x21-\x7e]|(?:^|\.)xn--/i.test(host)) return true
  const names = known.flatMap((one) => one.hosts)
  return !names.includes(host) && names.some((name) => toTheEye(name) === toTheEye(host))
}

/** Signs that people take for one another in most typefaces. */
function toTheEye(host: string): string {
  return host
    .toLowerCase()
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll('0', 'o')
    .replace(/[1i]/g, 'l')
}
