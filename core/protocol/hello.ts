/** The first block of each side, before padding. smp.md 3.2 and 3.4; what follows the known fields is ignored. */
import { concatBytes } from '#core/base'
import {
  type Codec,
  type Reader,
  type VersionRange,
  type Writer,
  bool,
  bytes8,
  bytes16,
  char,
  decode,
  decodePrefix,
  encode,
  list1,
  maybe,
  struct,
  u16,
  versionRange,
} from '#core/encoding'
import { V } from './constants.ts'
import { dhKey } from './keys.ts'
import { type TransportErrorWord, transportError } from './smp-error.ts'

export interface ServerHello {
  readonly versions: VersionRange
  readonly sessionId: Uint8Array
  /** Absent where the relay knows no version above 6. */
  readonly identity: RelayIdentityProof | null
  /** Over WebSocket, where TLS says nothing about the relay: its leaf's signature of challenge and session id. smp.md 11 */
  readonly proof?: Uint8Array
}

export interface RelayIdentityProof {
  /** DER, leaf first. */
  readonly chain: readonly Uint8Array[]
  /** The session key under the signature of the leaf. smp.md 3.3 */
  readonly signedKey: Uint8Array
}

const identityProof: Codec<RelayIdentityProof> = struct({ chain: list1(bytes16), signedKey: bytes16 })

const serverHello: Codec<ServerHello> = {
  write(writer, hello) {
    versionRange.write(writer, hello.versions)
    bytes8.write(writer, hello.sessionId)
    if (hello.identity) identityProof.write(writer, hello.identity)
    if (hello.proof) bytes8.write(writer, hello.proof)
  },
  read(reader) {
    const versions = versionRange.read(reader)
    const sessionId = bytes8.read(reader)
    const identity = versions.max >= V.sessionIdImplied ? identityProof.read(reader) : null
    return { versions, sessionId, identity }
  },
}

export function encodeServerHello(hello: ServerHello): Uint8Array {
  return encode(serverHello, hello)
}
export function decodeServerHello(bytes: Uint8Array): ServerHello {
  return decodePrefix(serverHello, bytes)
}

const webServerHello: Codec<ServerHello> = {
  write: (writer, hello) => serverHello.write(writer, hello),
  read(reader) {
    const hello = serverHello.read(reader)
    return hello.versions.max >= V.webProof ? { ...hello, proof: bytes8.read(reader) } : hello
  },
}

/** As a client over WebSocket reads it: over TLS the same versions mean something else, and no proof follows. */
export function decodeWebServerHello(bytes: Uint8Array): ServerHello {
  return decodePrefix(webServerHello, bytes)
}

/** What the proof signs. */
export function bytesForProof(challenge: Uint8Array, sessionId: Uint8Array): Uint8Array {
  return concatBytes(challenge, sessionId)
}

/* ---- client */

export interface ClientService {
  /** Messaging, notifier, proxy. */
  readonly role: 'M' | 'N' | 'P'
  readonly chain: readonly Uint8Array[]
  readonly signedKey: Uint8Array
}

export interface ClientHello {
  readonly version: number
  /** The identity that the client expects. */
  readonly keyHash: Uint8Array
  /** Raw X25519; without it blocks stay unencrypted. */
  readonly key: Uint8Array | null
  readonly proxyServer: boolean
  readonly service: ClientService | null
}

const service: Codec<ClientService> = struct({
  role: char('MNP') as Codec<'M' | 'N' | 'P'>,
  chain: list1(bytes16),
  signedKey: bytes16,
})

const clientHello: Codec<ClientHello> = {
  write(writer, hello) {
    u16.write(writer, hello.version)
    bytes8.write(writer, hello.keyHash)
    if (hello.version >= V.sessionIdImplied && hello.key) dhKey.write(writer, hello.key)
    if (hello.version >= V.proxyFlag) bool.write(writer, hello.proxyServer)
    if (hello.version >= V.service) maybe(service).write(writer, hello.service)
  },
  read(reader) {
    const version = u16.read(reader)
    const keyHash = bytes8.read(reader)
    const key = version >= V.sessionIdImplied ? readOptionalKey(reader) : null
    const proxyServer = version >= V.proxyFlag && bool.read(reader)
    const client = version >= V.service ? maybe(service).read(reader) : null
    return { version, keyHash, key, proxyServer, service: client }
  },
}

/** Not a `Maybe`: an absent key is no byte at all, and a present one starts with the length of its SPKI. */
const KEY_LENGTH = 0x2c
function readOptionalKey(reader: Reader): Uint8Array | null {
  return reader.peek() === KEY_LENGTH ? dhKey.read(reader) : null
}

export function encodeClientHello(hello: ClientHello): Uint8Array {
  return encode(clientHello, hello)
}
export function decodeClientHello(bytes: Uint8Array): ClientHello {
  return decodePrefix(clientHello, bytes)
}

/* ---- the answer to a service */

export type ServiceResponse =
  | { readonly ok: true; readonly serviceId: Uint8Array }
  | { readonly ok: false; readonly error: TransportErrorWord }

const serviceResponse: Codec<ServiceResponse> = {
  write(writer: Writer, value) {
    writer.byte(value.ok ? 0x52 : 0x45) // 'R', 'E'
    if (value.ok) bytes8.write(writer, value.serviceId)
    else transportError.write(writer, value.error)
  },
  read(reader) {
    if (char('RE').read(reader) === 'R') return { ok: true, serviceId: bytes8.read(reader) }
    return { ok: false, error: transportError.read(reader) }
  },
}

export function encodeServiceResponse(value: ServiceResponse): Uint8Array {
  return encode(serviceResponse, value)
}
export function decodeServiceResponse(bytes: Uint8Array): ServiceResponse {
  return decode(serviceResponse, bytes)
}
