import { hostKind, ipv6Words, parseHost } from './host.ts'
import type { RelayAddress } from './relay-address.ts'

/** Who can reach a host, as far as its name alone says: programs of this computer, those of the same network, anybody. */
export type HostReach = 'this-computer' | 'local-network' | 'internet'

const FURTHER: readonly HostReach[] = ['this-computer', 'local-network', 'internet']

/** The name of the relay that reaches furthest counts: whoever connects takes one that works. */
export function reachOf({ hosts }: Pick<RelayAddress, 'hosts'>): HostReach {
  const reaches = hosts.map(hostReach)
  return FURTHER.findLast((reach) => reaches.includes(reach)) ?? 'internet'
}

/** Asks nobody: a name that leads to a private address is not found out. */
export function hostReach(host: string): HostReach {
  const plain = host
    .trim()
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/%.*$/, '')
  const parsed = parseHost(plain)
  if (parsed?.kind === 'ipv4') return ofIpv4(bytesOf(parsed.text))
  if (parsed?.kind === 'ipv6') return ofIpv6(ipv6Words(parsed.text)!)
  if (hostKind(plain) === 'onion') return 'internet'
  const short = shortIpv4(plain)
  return short ? ofIpv4(short) : ofName(plain)
}

type Bytes4 = readonly [number, number, number, number]

const bytesOf = (text: string): Bytes4 => text.split('.').map(Number) as unknown as Bytes4

/** RFC 6890. Blocks for documentation and for later use lead nowhere in the internet, whatever a local network does with them. */
const LOCAL_IPV4: readonly (readonly [block: Bytes4, bits: number])[] = [
  [[10, 0, 0, 0], 8],
  [[100, 64, 0, 0], 10],
  [[169, 254, 0, 0], 16],
  [[172, 16, 0, 0], 12],
  [[192, 0, 0, 0], 24],
  [[192, 0, 2, 0], 24],
  [[192, 168, 0, 0], 16],
  [[198, 18, 0, 0], 15],
  [[198, 51, 100, 0], 24],
  [[203, 0, 113, 0], 24],
  [[224, 0, 0, 0], 3],
]

const numberOf = (bytes: Bytes4): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0)

function ofIpv4(bytes: Bytes4): HostReach {
  if (bytes[0] === 127 || bytes[0] === 0) return 'this-computer'
  const number = numberOf(bytes)
  const isLocal = LOCAL_IPV4.some(([block, bits]) => {
    const size = 2 ** (32 - bits)
    return Math.floor(number / size) * size === numberOf(block)
  })
  return isLocal ? 'local-network' : 'internet'
}

/** RFC 4291, 4193, 3879, 3849; addresses that hold an IPv4 one (mapped, compatible, NAT64, 6to4) reach as far as that. */
function ofIpv6(words: readonly number[]): HostReach {
  const [first, second] = words as [number, number]
  const startsWith = (...start: number[]): boolean => start.every((word, at) => words[at] === word)
  const inner = (at: number): HostReach => ofIpv4(wordsToBytes(words[at]!, words[at + 1]!))
  if (startsWith(0, 0, 0, 0, 0, 0)) {
    return words[6] === 0 && words[7]! <= 1 ? 'this-computer' : inner(6)
  }
  if (startsWith(0, 0, 0, 0, 0, 0xffff) || startsWith(0x64, 0xff9b, 0, 0, 0, 0)) return inner(6)
  if (first === 0x2002) return inner(1)
  // the block of examples in documents
  if (first === 0x2001 && second === 0xdb8) return 'local-network'
  const isLocal = (first & 0xffc0) === 0xfe80 || (first & 0xffc0) === 0xfec0 || (first & 0xfe00) === 0xfc00
  return isLocal || (first === 0x64 && second === 0xff9b) ? 'local-network' : 'internet'
}

const wordsToBytes = (high: number, low: number): Bytes4 => [high >> 8, high & 255, low >> 8, low & 255]

/** What resolvers take for IPv4 although no grammar of links does: `127.1`, `2130706433`, `0x7f.0.0.1`. */
function shortIpv4(name: string): Bytes4 | null {
  const parts = name.split('.')
  if (parts.length > 4 || !parts.every((part) => /^(?:0x[0-9a-f]*|\d+)$/.test(part))) return null
  const numbers = parts.map((part) => (/^0\d/.test(part) ? Number.parseInt(part, 8) : Number(part)))
  const last = numbers.pop()!
  if (numbers.some((number) => !(number <= 255)) || !(last < 256 ** (4 - numbers.length))) return null
  const value = numbers.reduce((sum, number, at) => sum + number * 256 ** (3 - at), last)
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256) as unknown as Bytes4
}

/** Endings that no public name has: RFC 6761, 6762, 8375, and what routers give. A name without a dot is of this network. */
const LOCAL = /(?:^|\.)(?:local|lan|home|internal|intranet|localdomain|home\.arpa)$/

function ofName(name: string): HostReach {
  if (/(?:^|\.)localhost(?:\.localdomain)?$|^(?:ip6-)?(?:localhost|loopback)6?$/.test(name))
    return 'this-computer'
  return LOCAL.test(name) || !name.includes('.') ? 'local-network' : 'internet'
}
