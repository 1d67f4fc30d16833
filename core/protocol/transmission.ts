/**
 * One command or response on its way, still as bytes. smp.md 4.2
 *
 *   client -> server:  B8 auth, [v16 and auth: Maybe B8 serviceSignature], t
 *   server -> client:  00, t
 *   t                = B8 corrId, B8 entityId, command
 *   forAuth          = B8 sessionId, t      (in version 6 this travels in place of t)
 */
import { EMPTY, equalBytes } from '#core/base'
import { DecodeError, Reader, Writer, bytes8, maybe } from '#core/encoding'
import { AUTH_SIZES, BLOCK_SIZE, V } from './constants.ts'
import { type Response, decodeResponse, writeResponse } from './response.ts'
import type { SmpError } from './smp-error.ts'

/** What identifies a transmission, and the tag with its parameters. */
export interface TransmissionBody {
  readonly corrId: Uint8Array
  readonly entityId: Uint8Array
  readonly command: Uint8Array
}

export type AuthKind = 'none' | 'ed25519' | 'ed448' | 'authenticator'

/** What came in `auth`: its length tells its kind. */
export interface Authorization {
  readonly kind: AuthKind
  readonly bytes: Uint8Array
}

export function encodeBody(body: TransmissionBody): Uint8Array {
  const writer = new Writer()
  bytes8.write(writer, body.corrId)
  bytes8.write(writer, body.entityId)
  writer.bytes(body.command)
  return writer.finish()
}

/** What signatures and authenticators cover: the session id *with* its length byte, then the body. */
export function bytesForAuth(sessionId: Uint8Array, body: Uint8Array): Uint8Array {
  const writer = new Writer()
  bytes8.write(writer, sessionId)
  writer.bytes(body)
  return writer.finish()
}

/** `auth` empty: none, and then no service slot either. `serviceSignature` only in a service session. */
export function encodeClientTransmission(
  version: number,
  sessionId: Uint8Array,
  auth: Uint8Array,
  body: Uint8Array,
  serviceSignature: Uint8Array | null = null,
): Uint8Array {
  const writer = new Writer()
  bytes8.write(writer, auth)
  if (version >= V.service && auth.length > 0) maybe(bytes8).write(writer, serviceSignature)
  if (version < V.sessionIdImplied) bytes8.write(writer, sessionId)
  writer.bytes(body)
  return writer.finish()
}

export interface ClientTransmission extends TransmissionBody {
  readonly auth: Authorization
  readonly serviceSignature: Uint8Array | null
  /** Good until the next transmission is parsed. */
  readonly forAuth: Uint8Array
}

export type ParsedTransmission =
  | { readonly ok: true; readonly transmission: ClientTransmission }
  | {
      readonly ok: false
      readonly error: SmpError
      readonly corrId: Uint8Array
      readonly entityId: Uint8Array
    }

/** Never throws: the refusal holds what the relay answers, and under which ids. smp.md 4.2 */
export function parseClientTransmission(
  bytes: Uint8Array,
  version: number,
  sessionId: Uint8Array,
): ParsedTransmission {
  const parsed = readClientTransmission(bytes, version, sessionId)
  if (!parsed) return { ok: false, error: { type: 'BLOCK' }, corrId: EMPTY, entityId: EMPTY }
  const { auth, sentSessionId, ...rest } = parsed
  const { corrId, entityId } = rest
  if (sentSessionId && !equalBytes(sentSessionId, sessionId))
    return { ok: false, error: { type: 'SESSION' }, corrId, entityId }
  const kind = authKind(auth, version)
  if (!kind) return { ok: false, error: { type: 'BLOCK' }, corrId, entityId: EMPTY }
  return { ok: true, transmission: { ...rest, auth: { kind, bytes: auth } } }
}

/** Room for a session id in front of what a block holds: making an array of that size costs more than filling it. */
const covered = new Uint8Array(1 + 0xff + BLOCK_SIZE)

/** As `bytesForAuth`, but a view on what the next one is written over. */
function coveredBytes(sessionId: Uint8Array, body: Uint8Array): Uint8Array {
  const length = 1 + sessionId.length + body.length
  if (sessionId.length > 0xff || length > covered.length) return bytesForAuth(sessionId, body)
  covered[0] = sessionId.length
  covered.set(sessionId, 1)
  covered.set(body, 1 + sessionId.length)
  return covered.subarray(0, length)
}

function readClientTransmission(bytes: Uint8Array, version: number, sessionId: Uint8Array) {
  const reader = new Reader(bytes)
  try {
    const auth = bytes8.read(reader)
    const serviceSignature = version >= V.service && auth.length > 0 ? maybe(bytes8).read(reader) : null
    const sentSessionId = version < V.sessionIdImplied ? bytes8.read(reader) : null
    const start = reader.offset
    const corrId = bytes8.read(reader)
    const entityId = bytes8.read(reader)
    const command = reader.rest()
    const forAuth = coveredBytes(sessionId, bytes.subarray(start))
    return { auth, serviceSignature, sentSessionId, corrId, entityId, command, forAuth }
  } catch (error) {
    if (error instanceof DecodeError) return null
    throw error
  }
}

/** Before 7 there were signatures only. */
function authKind(auth: Uint8Array, version: number): AuthKind | null {
  switch (auth.length) {
    case 0:
      return 'none'
    case AUTH_SIZES.ed25519:
      return 'ed25519'
    case AUTH_SIZES.ed448:
      return 'ed448'
    case AUTH_SIZES.authenticator:
      return version >= V.sessionIdImplied ? 'authenticator' : null
    default:
      return null
  }
}

/* ---- server to client */

export interface ServerTransmission {
  readonly corrId: Uint8Array
  readonly entityId: Uint8Array
  readonly response: Response
}

/**
 * Empty auth and no service slot, in all versions. smp.md 9, pitfall 12
 * With `room` for it, it stands in the front of that where it fits.
 */
export function encodeServerTransmission(
  transmission: ServerTransmission,
  version: number,
  sessionId: Uint8Array = EMPTY,
  room?: Uint8Array,
): Uint8Array {
  const { corrId, entityId, response } = transmission
  const writer = new Writer()
  bytes8.write(writer, EMPTY)
  if (version < V.sessionIdImplied) bytes8.write(writer, sessionId)
  bytes8.write(writer, corrId)
  bytes8.write(writer, entityId)
  writeResponse(writer, response, version)
  return room ? writer.finishIn(room) : writer.finish()
}

/**
 * A response whose ids parse but whose content does not is `undecodable`: the request that waits for it can be told.
 * Throws `DecodeError` when not even the ids parse.
 */
export type DecodedResponse = Omit<ServerTransmission, 'response'> &
  ({ readonly response: Response } | { readonly response: null; readonly undecodable: DecodeError })

export function decodeServerTransmission(bytes: Uint8Array, version: number): DecodedResponse {
  const reader = new Reader(bytes)
  bytes8.read(reader)
  if (version < V.sessionIdImplied) bytes8.read(reader)
  const corrId = bytes8.read(reader)
  const entityId = bytes8.read(reader)
  try {
    return { corrId, entityId, response: decodeResponse(reader.rest(), version) }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return { corrId, entityId, response: null, undecodable: error }
  }
}
