/**
 * Host names in relay addresses. smp.md 8: the kinds are tried in a fixed order at the start of what is left, and
 * the first kind that matches a prefix is final, so `abc.onion.org` and `192.168.0.0.1` are refused while
 * `192.168.1` is a name.
 */
export type HostKind = 'ipv4' | 'ipv6' | 'onion' | 'name'

export interface ScannedHost {
  readonly kind: HostKind
  /** As it is written everywhere: IPv6 compressed and without brackets, IPv4 without leading zeros. */
  readonly text: string
  /** How many characters of the input it took. */
  readonly length: number
}

export function scanHost(input: string): ScannedHost | null {
  return scanIpv4(input) ?? scanIpv6(input) ?? scanOnion(input) ?? scanName(input)
}

/** The whole input is one host; null otherwise. */
export function parseHost(input: string): ScannedHost | null {
  const host = scanHost(input)
  return host?.length === input.length ? host : null
}

/** As people write it: in any case, and with the dot of the root behind it. The wire has what it has (RFC 4343, RFC 1034 3.1). */
export function readHost(text: string): string | null {
  return parseHost(plainHosts(text))?.text ?? null
}

/** The same for several with a port behind them. */
export function plainHosts(text: string): string {
  return text.toLowerCase().replace(/(?<=[^.,:])\.(?=[,:]|$)/g, '')
}

/** Names of other networks: no resolver may hear of them (RFC 7686), and without a way into theirs nobody is there. */
export function isOverlayName(host: string): boolean {
  return /(?:^|\.)(?:onion|i2p|exit|loki)\.?$/i.test(host)
}

export function hostKind(host: string): HostKind {
  return parseHost(host)?.kind ?? 'name'
}

function scanIpv4(input: string): ScannedHost | null {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)/.exec(input)
  if (!match) return null
  const parts = match.slice(1).map(Number)
  if (parts.some((part) => part > 255)) return null
  return { kind: 'ipv4', text: parts.join('.'), length: match[0].length }
}

function scanIpv6(input: string): ScannedHost | null {
  if (input.startsWith('[')) {
    const end = input.indexOf(']')
    const words = end < 0 ? null : ipv6Words(input.slice(1, end))
    return words && { kind: 'ipv6', text: formatIpv6(words), length: end + 1 }
  }
  // No IPv6 text is longer than 45 characters; without the limit a long run would cost its square.
  const run = /^[0-9a-fA-F:.]{1,46}/.exec(input)?.[0] ?? ''
  if (!run.includes(':')) return null
  for (let length = run.length; length >= 2; length--) {
    const words = ipv6Words(run.slice(0, length))
    if (words) return { kind: 'ipv6', text: formatIpv6(words), length }
  }
  return null
}

function scanOnion(input: string): ScannedHost | null {
  const match = /^[a-z0-9]*\.onion/.exec(input)
  return match && { kind: 'onion', text: match[0], length: match[0].length }
}

function scanName(input: string): ScannedHost | null {
  const match = /^[^:#,;/\s]+/.exec(input)
  if (!match || match[0].endsWith('.onion')) return null
  return { kind: 'name', text: match[0], length: match[0].length }
}

/** Eight 16-bit words, or null. */
export function ipv6Words(text: string): number[] | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const head = words(halves[0]!, halves.length === 1)
  if (halves.length === 1) return head?.length === 8 ? head : null
  const rest = words(halves[1]!, true)
  if (!head || !rest || head.length + rest.length > 7) return null
  return [...head, ...Array<number>(8 - head.length - rest.length).fill(0), ...rest]
}

function words(text: string, last: boolean): number[] | null {
  if (text === '') return []
  const parts = text.split(':')
  const out: number[] = []
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      out.push(Number.parseInt(part, 16))
      continue
    }
    const quad = last && index === parts.length - 1 ? scanIpv4(part) : null
    if (quad?.length !== part.length) return null
    const [a, b, c, d] = quad.text.split('.').map(Number) as [number, number, number, number]
    out.push(a * 256 + b, c * 256 + d)
  }
  return out
}

/** RFC 5952: the longest run of two or more zero words becomes `::`. */
function formatIpv6(all: readonly number[]): string {
  let start = -1
  let longest = 1
  for (let at = 0; at < 8; at++) {
    let end = at
    while (end < 8 && all[end] === 0) end++
    if (end - at > longest) {
      longest = end - at
      start = at
    }
  }
  const hex = (part: readonly number[]): string => part.map((word) => word.toString(16)).join(':')
  return start < 0 ? hex(all) : `${hex(all.slice(0, start))}::${hex(all.slice(start + longest))}`
}
