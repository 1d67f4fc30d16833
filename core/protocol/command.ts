/** What a client asks of a relay. smp.md 5.1: who may send which command, on which entity, with which key. */
import type { PublicKey } from '#core/crypto'
import {
  type Codec,
  DecodeError,
  type Reader,
  bool,
  bytes8,
  Writer,
  bytes16,
  decode,
  list1,
  maybe,
  struct,
  tail,
  u16,
} from '#core/encoding'
import { utf8 } from '#core/base'
import { V } from './constants.ts'
import { ProtocolError } from './errors.ts'
import { authKey, dhKey } from './keys.ts'
import { type NewQueue, type NotifierKeys, newQueue } from './queue-request.ts'
import { type RelayAddress, relayAddressCodec } from './relay-address.ts'
import { type SmpError, commandError } from './smp-error.ts'
import { splitTag } from './tag.ts'

interface Send {
  /** Wake the recipient by a push notification. */
  readonly notify: boolean
  readonly body: Uint8Array
}
interface ProxyForward {
  readonly version: number
  /** Raw X25519, made for this command. */
  readonly commandKey: Uint8Array
  readonly encrypted: Uint8Array
}

/** Parameters of every command that has some. */
interface CommandParameters {
  NEW: NewQueue
  ACK: { readonly msgId: Uint8Array }
  KEY: { readonly sndKey: PublicKey }
  SKEY: { readonly sndKey: PublicKey }
  LKEY: { readonly sndKey: PublicKey }
  RKEY: { readonly rcvAuthKeys: readonly PublicKey[] }
  LSET: { readonly linkId: Uint8Array; readonly fixed: Uint8Array; readonly user: Uint8Array }
  NKEY: NotifierKeys
  SEND: Send
  PRXY: { readonly relay: RelayAddress; readonly password: Uint8Array | null }
  PFWD: ProxyForward
  RFWD: { readonly encrypted: Uint8Array }
}
type BareCommand =
  'SUB' | 'GET' | 'LDEL' | 'NDEL' | 'OFF' | 'DEL' | 'QUE' | 'LGET' | 'NSUB' | 'PING' | 'SUBS' | 'NSUBS'

export type CommandType = keyof CommandParameters | BareCommand
export type Command =
  | { [T in keyof CommandParameters]: { readonly type: T } & CommandParameters[T] }[keyof CommandParameters]
  | { readonly type: BareCommand }

const senderKey = struct({ sndKey: authKey })
const SPACE = 0x20

/** `T` or `F`, any further bytes up to the next space (flags of the future), the body. smp.md 5.1 */
const send: Codec<Send> = {
  write(writer, value) {
    bool.write(writer, value.notify)
    writer.byte(SPACE)
    writer.bytes(value.body)
  },
  read(reader) {
    const notify = bool.read(reader)
    skipThroughSpace(reader)
    return { notify, body: reader.rest() }
  },
}

function skipThroughSpace(reader: Reader): void {
  while (reader.byte() !== SPACE);
}

const parameterCodecs: {
  [T in keyof CommandParameters]: (version: number) => Codec<CommandParameters[T]>
} = {
  NEW: newQueue,
  ACK: always(struct({ msgId: bytes8 })),
  KEY: always(senderKey),
  SKEY: always(senderKey),
  LKEY: always(senderKey),
  RKEY: always(struct({ rcvAuthKeys: list1(authKey) })),
  LSET: always(struct({ linkId: bytes8, fixed: bytes16, user: bytes16 })),
  NKEY: always(struct({ ntfKey: authKey, rcvNtfDhKey: dhKey })),
  SEND: always(send),
  PRXY: always(struct({ relay: relayAddressCodec, password: maybe(bytes8) })),
  PFWD: always(struct({ version: u16, commandKey: dhKey, encrypted: tail })),
  RFWD: always(struct({ encrypted: tail })),
}
const bareCommands: readonly BareCommand[] = [
  'SUB',
  'GET',
  'LDEL',
  'NDEL',
  'OFF',
  'DEL',
  'QUE',
  'LGET',
  'NSUB',
  'PING',
  'SUBS',
  'NSUBS',
]

function always<T>(codec: Codec<T>): (version: number) => Codec<T> {
  return () => codec
}

/** First version of the commands that came later. Checked when writing only, as upstream does. smp.md 3.5 */
const firstVersion: Partial<Record<CommandType, number>> = {
  PRXY: V.proxy,
  PFWD: V.proxy,
  RFWD: V.proxy,
  SKEY: V.senderCanSecure,
  RKEY: V.links,
  LSET: V.links,
  LDEL: V.links,
  LKEY: V.links,
  LGET: V.links,
  SUBS: V.service,
  NSUBS: V.service,
}

/** Throws `ProtocolError` 'protocol.version' for a command that the version does not have. */
export function encodeCommand(command: Command, version: number): Uint8Array {
  const needed = firstVersion[command.type] ?? 0
  if (version < needed)
    throw new ProtocolError('protocol.version', 'the relay is too old for this command', { version, needed })
  return isBare(command) ? utf8(command.type) : tagged(command.type, command, version)
}

function isBare(command: Command): command is { readonly type: BareCommand } {
  return bareCommands.some((type) => type === command.type)
}

function tagged<T extends keyof CommandParameters>(
  type: T,
  command: Exclude<Command, { readonly type: BareCommand }>,
  version: number,
): Uint8Array {
  // `command` is the member of the union that has this tag.
  const parameters = command as unknown as CommandParameters[T]
  const writer = new Writer()
  writer.bytes(utf8(`${type} `))
  parameterCodecs[type](version).write(writer, parameters)
  return writer.finish()
}

export type DecodedCommand =
  { readonly ok: true; readonly command: Command } | { readonly ok: false; readonly error: SmpError }

/** Never throws: what does not parse is CMD UNKNOWN (the tag) or CMD SYNTAX (the rest). smp.md 4.2 */
export function decodeCommand(bytes: Uint8Array, version: number): DecodedCommand {
  const { tag, parameters } = splitTag(bytes)
  const bare = bareCommands.find((candidate) => candidate === tag)
  if (bare) return parameters ? refused('SYNTAX') : { ok: true, command: { type: bare } }
  if (!Object.hasOwn(parameterCodecs, tag)) return refused('UNKNOWN')
  if (!parameters) return refused('SYNTAX')
  try {
    return { ok: true, command: decodeTagged(tag as keyof CommandParameters, parameters, version) }
  } catch (error) {
    if (error instanceof DecodeError) return refused('SYNTAX')
    throw error
  }
}

function refused(reason: 'UNKNOWN' | 'SYNTAX'): DecodedCommand {
  return { ok: false, error: commandError(reason) }
}

function decodeTagged<T extends keyof CommandParameters>(
  type: T,
  parameters: Uint8Array,
  version: number,
): Command {
  const codec: Codec<CommandParameters[T]> = parameterCodecs[type](version)
  // The table above pairs each tag with the codec of its own parameters.
  return { type, ...decode(codec, parameters) } as unknown as Command
}
