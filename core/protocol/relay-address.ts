import { toHex, utf8 } from '#core/base'
import {
  type Codec,
  DecodeError,
  bytes8,
  fromBase64Url,
  list1,
  mapped,
  struct,
  text8,
  toBase64Url,
} from '#core/encoding'
import { DEFAULT_PORT } from './constants.ts'
import { ProtocolError } from './errors.ts'
import { hostKind, isOverlayName, parseHost, plainHosts, scanHost } from './host.ts'

/** Where a relay is and how it is recognised. smp.md 8 */
export interface RelayAddress {
  /** At least one; several are names of the same server. IPv6 without brackets. */
  readonly hosts: readonly string[]
  /** Decimal; '' means the default port. */
  readonly port: string
  /** SHA-256 of the identity certificate. A text may hold another length; connecting to it is refused. */
  readonly keyHash: Uint8Array
  /** For creating queues. Never part of an address that is given to a contact. */
  readonly password: string | null
}

/** `smp://fingerprint[:password]@host[,host...][:port]`, nothing before or after. Throws `ProtocolError` 'protocol.address'. */
export function parseRelayAddress(text: string): RelayAddress {
  const match = /^smp:\/\/([^@:/]+)(?::([^@:/]*))?@/.exec(text)
  if (!match) return refuse('does not start as an address')
  const [start, fingerprint, password] = match
  if (password !== undefined && !/^[^\s\p{C}]+$/u.test(password)) return refuse('password')
  const { hosts, port } = parseHostsAndPort(text.slice(start.length))
  return { hosts, port, keyHash: parseFingerprint(fingerprint!), password: password ?? null }
}

/** `host[,host...][:port]` to the end of the text; hosts in small letters. */
export function parseHostsAndPort(text: string): { hosts: string[]; port: string } {
  const hosts: string[] = []
  let rest = plainHosts(text)
  for (;;) {
    const host = scanHost(rest)
    if (!host) return refuse('host')
    hosts.push(host.text)
    rest = rest.slice(host.length)
    if (!rest.startsWith(',')) break
    rest = rest.slice(1)
  }
  if (rest === '') return { hosts, port: '' }
  const port = /^:(\d+)$/.exec(rest)
  if (!port) return refuse('after the host')
  const number = Number(port[1])
  if (number > 65_535) return refuse('port')
  return { hosts, port: String(number) }
}

function parseFingerprint(text: string): Uint8Array {
  try {
    const bytes = fromBase64Url(text)
    return bytes.length > 0 ? bytes : refuse('fingerprint')
  } catch (cause) {
    return refuse('fingerprint', cause)
  }
}

function refuse(reason: string, cause?: unknown): never {
  throw new ProtocolError('protocol.address', 'not the address of a relay', { reason }, { cause })
}

/** Brackets around IPv6 although upstream prints it bare: a bare one followed by a port would not parse back. */
export function formatRelayAddress(address: RelayAddress, options: { password: boolean }): string {
  const password = options.password && address.password !== null ? `:${address.password}` : ''
  return `smp://${toBase64Url(address.keyHash)}${password}@${formatHostsAndPort(address)}`
}

export function formatHostsAndPort(address: Pick<RelayAddress, 'hosts' | 'port'>): string {
  const hosts = address.hosts.map((host) => (hostKind(host) === 'ipv6' ? `[${host}]` : host))
  return hosts.join(',') + (address.port === '' ? '' : `:${address.port}`)
}

/** A key for maps: the same for every way to write the same server; the password is not part of it. */
export function relayKey(address: RelayAddress): string {
  return `${address.hosts.join(',').toLowerCase()} ${effectivePort(address)} ${toHex(address.keyHash)}`
}

export function effectivePort(address: Pick<RelayAddress, 'port'>): string {
  return address.port === '' ? DEFAULT_PORT : address.port
}

/** The first public name; an onion name only where there is no other (it needs a proxy). smp.md 8 */
export function preferredHost(address: RelayAddress): string {
  return address.hosts.find((host) => !isOverlayName(host)) ?? address.hosts[0]!
}

/** The password as it goes into NEW and PRXY. */
export function passwordBytes(address: RelayAddress): Uint8Array | null {
  return address.password === null ? null : utf8(address.password)
}

/* ---- binary forms; neither carries a password */

const hostCodec: Codec<string> = mapped(
  text8,
  (text) => parseHost(text)?.text ?? fail('not a host'),
  (host) => host,
)
const portCodec: Codec<string> = mapped(
  text8,
  (text) => (/^\d{0,5}$/.test(text) ? text : fail('not a port')),
  (port) => port,
)
function fail(message: string): never {
  throw new DecodeError(message, 0)
}

const withoutPassword = {
  to: (value: { hosts: readonly string[]; port: string; keyHash: Uint8Array }): RelayAddress => ({
    ...value,
    password: null,
  }),
  from: (address: RelayAddress) => address,
}

/** `List1 Str hosts, Str port, KeyHash`: PRXY and queue addresses. smp.md 5.6 */
export const relayAddressCodec: Codec<RelayAddress> = mapped(
  struct({ hosts: list1(hostCodec), port: portCodec, keyHash: bytes8 }),
  withoutPassword.to,
  withoutPassword.from,
)

/** `Str host, Str port, KeyHash`: the form of client version 1, which knows one host. vectors: strings, legacyBinary */
export const legacyRelayAddressCodec: Codec<RelayAddress> = mapped(
  struct({ host: hostCodec, port: portCodec, keyHash: bytes8 }),
  ({ host, port, keyHash }) => ({ hosts: [host], port, keyHash, password: null }),
  ({ hosts, port, keyHash }) => ({ host: hosts[0]!, port, keyHash }),
)
