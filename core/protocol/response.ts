/** What a relay answers or pushes. smp.md 5.3 */
import { utf8 } from '#core/base'
import {
  type Codec,
  DecodeError,
  type VersionRange,
  Writer,
  bytes8,
  bytes16,
  decode,
  fixedBytes,
  i64,
  list1,
  maybe,
  struct,
  tail,
  versionRange,
} from '#core/encoding'
import { V } from './constants.ts'
import { type NotifierIds, type QueueIds, notifierIds, queueIds } from './queue-request.ts'
import { type QueueInfo, queueInfo } from './queue-info.ts'
import { type SmpError, errorForVersion, smpError } from './smp-error.ts'
import { splitTag } from './tag.ts'

interface ResponseParameters {
  IDS: QueueIds
  NID: NotifierIds
  /** `body` is for the recipient's queue secret: `openMessageBody`. */
  MSG: { readonly msgId: Uint8Array; readonly body: Uint8Array }
  LNK: { readonly sndId: Uint8Array; readonly fixed: Uint8Array; readonly user: Uint8Array }
  NMSG: { readonly nonce: Uint8Array; readonly meta: Uint8Array }
  SOK: { readonly serviceId: Uint8Array | null }
  SOKS: { readonly count: bigint }
  ENDS: { readonly count: bigint }
  INFO: { readonly info: QueueInfo }
  PKEY: {
    readonly sessionId: Uint8Array
    readonly versions: VersionRange
    readonly chain: readonly Uint8Array[]
    readonly signedKey: Uint8Array
  }
  PRES: { readonly encrypted: Uint8Array }
  RRES: { readonly encrypted: Uint8Array }
  ERR: { readonly error: SmpError }
}
type BareResponse = 'OK' | 'END' | 'DELD' | 'PONG'

export type ResponseType = keyof ResponseParameters | BareResponse
export type Response =
  | {
      [T in keyof ResponseParameters]: { readonly type: T } & ResponseParameters[T]
    }[keyof ResponseParameters]
  | { readonly type: BareResponse }

const count = struct({ count: i64 })
const encrypted = struct({ encrypted: tail })

const parameterCodecs: {
  [T in keyof ResponseParameters]: (version: number) => Codec<ResponseParameters[T]>
} = {
  IDS: queueIds,
  NID: always(notifierIds),
  MSG: always(struct({ msgId: bytes8, body: tail })),
  LNK: always(struct({ sndId: bytes8, fixed: bytes16, user: bytes16 })),
  NMSG: always(struct({ nonce: fixedBytes(24), meta: bytes8 })),
  SOK: always(struct({ serviceId: maybe(bytes8) })),
  SOKS: always(count),
  ENDS: always(count),
  INFO: always(struct({ info: queueInfo })),
  PKEY: always(
    struct({ sessionId: bytes8, versions: versionRange, chain: list1(bytes16), signedKey: bytes16 }),
  ),
  PRES: always(encrypted),
  RRES: always(encrypted),
  ERR: always(struct({ error: smpError })),
}
const bareResponses: readonly BareResponse[] = ['OK', 'END', 'DELD', 'PONG']

function always<T>(codec: Codec<T>): (version: number) => Codec<T> {
  return () => codec
}

/** Rewrites what an older version does not know: SOK, DELD, BLOCKED. smp.md 3.5 */
export function responseForVersion(response: Response, version: number): Response {
  switch (response.type) {
    case 'SOK':
      return version < V.service ? { type: 'OK' } : response
    case 'DELD':
      return version < V.deleted ? { type: 'END' } : response
    case 'ERR':
      return { type: 'ERR', error: errorForVersion(response.error, version) }
    default:
      return response
  }
}

export function encodeResponse(response: Response, version: number): Uint8Array {
  const writer = new Writer()
  writeResponse(writer, response, version)
  return writer.finish()
}

export function writeResponse(writer: Writer, response: Response, version: number): void {
  const value = responseForVersion(response, version)
  switch (value.type) {
    case 'OK':
    case 'END':
    case 'DELD':
    case 'PONG':
      return writer.bytes(utf8(value.type))
    default:
      return writeTagged(writer, value.type, value, version)
  }
}

function writeTagged<T extends keyof ResponseParameters>(
  writer: Writer,
  type: T,
  value: { readonly type: T } & ResponseParameters[keyof ResponseParameters],
  version: number,
): void {
  // `value` is the member of the union that has this tag.
  const parameters = value as unknown as ResponseParameters[T]
  writer.bytes(utf8(`${type} `))
  parameterCodecs[type](version).write(writer, parameters)
}

/** Throws `DecodeError` for what this version does not have, unknown tags included. */
export function decodeResponse(bytes: Uint8Array, version: number): Response {
  const { tag, parameters } = splitTag(bytes)
  const bare = bareResponses.find((candidate) => candidate === tag)
  if (bare && !parameters) return { type: bare }
  if (!Object.hasOwn(parameterCodecs, tag) || !parameters)
    throw new DecodeError('not a response of this protocol', 0)
  return decodeTagged(tag as keyof ResponseParameters, parameters, version)
}

function decodeTagged<T extends keyof ResponseParameters>(
  type: T,
  parameters: Uint8Array,
  version: number,
): Response {
  const codec: Codec<ResponseParameters[T]> = parameterCodecs[type](version)
  // The table above pairs each tag with the codec of its own parameters.
  return { type, ...decode(codec, parameters) } as unknown as Response
}
