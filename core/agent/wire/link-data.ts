import { rawKey } from '#core/crypto'
import {
  bool,
  bytes8,
  bytes16,
  char,
  DecodeError,
  decodePrefix,
  encode,
  list,
  mapped,
  struct,
  versionRange,
  type Codec,
  type Reader,
  type VersionRange,
} from '#core/encoding'
import { fullLinkCodec, type ContactLink, type InvitationLink } from './full-link.ts'
import { shortLinkCodec, type ShortLink } from './short-link.ts'

/** What a short link stands for, for ever: its hash is the link. agent.md 5.6 */
export interface FixedLinkData {
  readonly agentVersions: VersionRange
  /** Raw Ed25519. Signs both parts. */
  readonly rootKey: Uint8Array
  readonly request: InvitationLink | ContactLink
  /** Of what the link leads to, where that has an id of its own. */
  readonly entityId: Uint8Array | null
}

/** Somebody besides the root key who may sign the changing part of an address. agent.md 5.7 */
export interface LinkOwner {
  readonly id: Uint8Array
  /** Raw Ed25519. */
  readonly key: Uint8Array
  /** Over id and key, by the root key or an owner before this one. */
  readonly signature: Uint8Array
}

/** The part that its author may change. What the application shows before connecting is opaque here. agent.md 5.6 */
export type UserLinkData =
  | {
      readonly kind: 'invitation'
      readonly agentVersions: VersionRange
      readonly userBytes: Uint8Array
    }
  | {
      readonly kind: 'contact'
      readonly agentVersions: VersionRange
      /** One may connect to the queue of the link itself, not only through `relays`. */
      readonly direct: boolean
      readonly owners: readonly LinkOwner[]
      readonly relays: readonly ShortLink[]
      readonly userBytes: Uint8Array
    }

/** Both parts, as their author made them. */
export interface LinkData {
  readonly fixed: FixedLinkData
  readonly user: UserLinkData
}

const ed25519Key = rawKey('ed25519')
const SIGNATURE = 64 // bytes, Ed25519; agent.md 5.6

/** Behind one length byte; of another length it is none. */
export const signatureCodec: Codec<Uint8Array> = mapped(
  bytes8,
  (bytes) => {
    if (bytes.length !== SIGNATURE) throw new DecodeError('a signature of the wrong length', 0)
    return bytes
  },
  (bytes) => bytes,
)

/** A byte string, or what nobody knows yet how to read: newer versions add fields at the end. */
function readOptionalEnd(reader: Reader): Uint8Array | null {
  const rest = reader.rest()
  const length = rest[0]
  return length === undefined || rest.length < 1 + length ? null : rest.slice(1, 1 + length)
}

/** `vr key request [id] [ignored]` */
export const fixedLinkDataCodec: Codec<FixedLinkData> = {
  write(writer, { agentVersions, rootKey, request, entityId }) {
    versionRange.write(writer, agentVersions)
    ed25519Key.write(writer, rootKey)
    fullLinkCodec.write(writer, request)
    if (entityId) bytes8.write(writer, entityId)
  },
  read(reader) {
    const agentVersions = versionRange.read(reader)
    const rootKey = ed25519Key.read(reader)
    const request = fullLinkCodec.read(reader)
    return { agentVersions, rootKey, request, entityId: readOptionalEnd(reader) }
  },
}

const LONG = 0xff // instead of the one length byte, before two

/** One length byte up to 254, else 0xFF and two of them. agent.md 5.6, UserBytes */
export const userBytesCodec: Codec<Uint8Array> = {
  write(writer, bytes) {
    if (bytes.length >= LONG) writer.byte(LONG)
    const prefixed = bytes.length < LONG ? bytes8 : bytes16
    prefixed.write(writer, bytes)
  },
  read(reader) {
    if (reader.peek() !== LONG) return bytes8.read(reader)
    reader.byte()
    return bytes16.read(reader)
  },
}

const ownerFields = struct({ id: bytes8, key: ed25519Key, signature: signatureCodec })

/** In a length byte of its own, with what newer versions add ignored. */
export const linkOwnerCodec: Codec<LinkOwner> = mapped(
  bytes8,
  (bytes) => decodePrefix(ownerFields, bytes),
  (owner) => encode(ownerFields, owner),
)

const owners = list(linkOwnerCodec)
const relays = list(shortLinkCodec)
const kindLetter = char('IC')

/** `'I' vr bytes [ignored]` or `'C' vr direct owners relays bytes [ignored]` */
export const userLinkDataCodec: Codec<UserLinkData> = {
  write(writer, data) {
    kindLetter.write(writer, data.kind === 'invitation' ? 'I' : 'C')
    versionRange.write(writer, data.agentVersions)
    if (data.kind === 'contact') {
      bool.write(writer, data.direct)
      owners.write(writer, data.owners)
      relays.write(writer, data.relays)
    }
    userBytesCodec.write(writer, data.userBytes)
  },
  read(reader) {
    const isInvitation = kindLetter.read(reader) === 'I'
    const agentVersions = versionRange.read(reader)
    const data: UserLinkData = isInvitation
      ? { kind: 'invitation', agentVersions, userBytes: userBytesCodec.read(reader) }
      : {
          kind: 'contact',
          agentVersions,
          direct: bool.read(reader),
          owners: owners.read(reader),
          relays: relays.read(reader),
          userBytes: userBytesCodec.read(reader),
        }
    reader.rest()
    return data
  },
}
