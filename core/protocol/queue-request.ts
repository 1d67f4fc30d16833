/** What NEW asks for and IDS grants, in the forms of all versions. smp.md 5.2 */
import type { PublicKey } from '#core/crypto'
import {
  type Codec,
  type Reader,
  type Writer,
  bool,
  bytes8,
  bytes16,
  char,
  mapped,
  maybe,
  struct,
} from '#core/encoding'
import { V } from './constants.ts'
import { ProtocolError } from './errors.ts'
import { authKey, dhKey } from './keys.ts'

/** `M`: one-time, the sender may secure it. `C`: contact address. */
export type QueueMode = 'M' | 'C'

export interface InvitationLinkData {
  /** The first 24 bytes of SHA3-384 of the correlation id of this NEW. */
  readonly sndId: Uint8Array
  readonly fixed: Uint8Array
  readonly user: Uint8Array
}
export interface ContactLinkData extends InvitationLinkData {
  readonly linkId: Uint8Array
}
export type QueueRequest =
  | { readonly mode: 'M'; readonly link: InvitationLinkData | null }
  | { readonly mode: 'C'; readonly link: ContactLinkData | null }

export interface NotifierKeys {
  readonly ntfKey: PublicKey
  readonly rcvNtfDhKey: Uint8Array
}

export interface NewQueue {
  readonly rcvAuthKey: PublicKey
  /** Raw X25519. */
  readonly rcvDhKey: Uint8Array
  readonly password: Uint8Array | null
  readonly subscribe: boolean
  /** `null`: a queue of the time before modes; no SKEY, no LKEY. */
  readonly request: QueueRequest | null
  readonly notifier: NotifierKeys | null
}

const subscribeMode: Codec<boolean> = mapped(
  char('SC'),
  (letter) => letter === 'S',
  (subscribe) => (subscribe ? 'S' : 'C'),
)
export const queueMode: Codec<QueueMode> = mapped(
  char('MC'),
  (letter) => (letter === 'M' ? 'M' : 'C'),
  (mode) => mode,
)

const invitationLink: Codec<InvitationLinkData> = struct({ sndId: bytes8, fixed: bytes16, user: bytes16 })
const contactLink: Codec<ContactLinkData> = struct({
  linkId: bytes8,
  sndId: bytes8,
  fixed: bytes16,
  user: bytes16,
})

const queueRequest: Codec<QueueRequest> = {
  write(writer, request) {
    queueMode.write(writer, request.mode)
    if (request.mode === 'M') maybe(invitationLink).write(writer, request.link)
    else maybe(contactLink).write(writer, request.link)
  },
  read(reader) {
    const mode = queueMode.read(reader)
    return mode === 'M'
      ? { mode, link: maybe(invitationLink).read(reader) }
      : { mode, link: maybe(contactLink).read(reader) }
  },
}
const notifierKeys: Codec<NotifierKeys> = struct({ ntfKey: authKey, rcvNtfDhKey: dhKey })

const PASSWORD_LETTER = 0x41 // 'A'

export function newQueue(version: number): Codec<NewQueue> {
  return {
    write(writer, queue) {
      if (queue.request?.link && version < V.links) refuse('link data', version)
      if (queue.notifier && version < V.notifierInNew) refuse('a notifier in NEW', version)
      authKey.write(writer, queue.rcvAuthKey)
      dhKey.write(writer, queue.rcvDhKey)
      writePassword(writer, queue.password, version)
      subscribeMode.write(writer, queue.subscribe)
      if (version >= V.links) maybe(queueRequest).write(writer, queue.request)
      else if (version >= V.senderCanSecure) bool.write(writer, queue.request?.mode === 'M')
      if (version >= V.notifierInNew) maybe(notifierKeys).write(writer, queue.notifier)
    },
    read(reader) {
      const rcvAuthKey = authKey.read(reader)
      const rcvDhKey = dhKey.read(reader)
      const password = readPassword(reader, version)
      const subscribe = subscribeMode.read(reader)
      const request = readRequest(reader, version)
      const notifier = version >= V.notifierInNew ? maybe(notifierKeys).read(reader) : null
      return { rcvAuthKey, rcvDhKey, password, subscribe, request, notifier }
    },
  }
}

function readRequest(reader: Reader, version: number): QueueRequest | null {
  if (version >= V.links) return maybe(queueRequest).read(reader)
  if (version < V.senderCanSecure) return null
  return bool.read(reader) ? { mode: 'M', link: null } : { mode: 'C', link: null }
}

/** Before 9 an absent password is no byte at all. */
function writePassword(writer: Writer, password: Uint8Array | null, version: number): void {
  if (version >= V.senderCanSecure) return maybe(bytes8).write(writer, password)
  if (password === null) return
  writer.byte(PASSWORD_LETTER)
  bytes8.write(writer, password)
}

function readPassword(reader: Reader, version: number): Uint8Array | null {
  if (version >= V.senderCanSecure) return maybe(bytes8).read(reader)
  if (reader.peek() !== PASSWORD_LETTER) return null
  reader.byte()
  return bytes8.read(reader)
}

function refuse(what: string, version: number): never {
  throw new ProtocolError('protocol.version', `this version has no ${what}`, { version })
}

/* ---- IDS */

export interface NotifierIds {
  readonly ntfId: Uint8Array
  readonly srvNtfDhKey: Uint8Array
}
export interface QueueIds {
  readonly rcvId: Uint8Array
  readonly sndId: Uint8Array
  /** Raw X25519. */
  readonly srvDhKey: Uint8Array
  readonly mode: QueueMode | null
  readonly linkId: Uint8Array | null
  readonly serviceId: Uint8Array | null
  readonly notifier: NotifierIds | null
}

export const notifierIds: Codec<NotifierIds> = struct({ ntfId: bytes8, srvNtfDhKey: dhKey })

export function queueIds(version: number): Codec<QueueIds> {
  return {
    write(writer, ids) {
      bytes8.write(writer, ids.rcvId)
      bytes8.write(writer, ids.sndId)
      dhKey.write(writer, ids.srvDhKey)
      if (version >= V.links) {
        maybe(queueMode).write(writer, ids.mode)
        maybe(bytes8).write(writer, ids.linkId)
      } else if (version >= V.senderCanSecure) bool.write(writer, ids.mode === 'M')
      if (version >= V.service) maybe(bytes8).write(writer, ids.serviceId)
      if (version >= V.notifierInNew) maybe(notifierIds).write(writer, ids.notifier)
    },
    read(reader) {
      const rcvId = bytes8.read(reader)
      const sndId = bytes8.read(reader)
      const srvDhKey = dhKey.read(reader)
      const mode = readMode(reader, version)
      const linkId = version >= V.links ? maybe(bytes8).read(reader) : null
      const serviceId = version >= V.service ? maybe(bytes8).read(reader) : null
      const notifier = version >= V.notifierInNew ? maybe(notifierIds).read(reader) : null
      return { rcvId, sndId, srvDhKey, mode, linkId, serviceId, notifier }
    },
  }
}

function readMode(reader: Reader, version: number): QueueMode | null {
  if (version >= V.links) return maybe(queueMode).read(reader)
  if (version < V.senderCanSecure) return null
  return bool.read(reader) ? 'M' : 'C'
}
