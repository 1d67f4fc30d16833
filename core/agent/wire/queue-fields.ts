import { rawKey } from '#core/crypto'
import { bytes8, type Codec, type Reader } from '#core/encoding'
import { legacyRelayAddressCodec, relayAddressCodec, type QueueMode, type RelayAddress } from '#core/protocol'
import { u16 } from '#core/encoding'
import { SMPC } from './constants.ts'

/** A queue as agent messages name it. agent.md 0.1 */
export interface QueueAddress {
  readonly server: RelayAddress
  readonly senderId: Uint8Array
}

/** A reply queue, with the one version that was agreed. agent.md 2.2 */
export interface QueueInfo extends QueueAddress {
  readonly version: number
  /** Raw X25519 of the recipient. */
  readonly dhKey: Uint8Array
  readonly mode: QueueMode | null
}

export const queueId = bytes8
export const dhKey = rawKey('x25519')

export const queueAddressCodec: Codec<QueueAddress> = {
  write(writer, { server, senderId }) {
    relayAddressCodec.write(writer, server)
    queueId.write(writer, senderId)
  },
  read: (reader) => ({ server: relayAddressCodec.read(reader), senderId: queueId.read(reader) }),
}

const LETTERS: Readonly<Record<number, QueueMode>> = { 0x4d: 'M', 0x43: 'C', 0x54: 'M', 0x46: 'C' } // M C T F

/** A letter that means a mode is taken, anything else is left where it is: an unknown mode has no bytes. agent.md 2.2 */
export function readMode(reader: Reader): QueueMode | null {
  const mode = LETTERS[reader.peek() ?? -1] ?? null
  if (mode) reader.byte()
  return mode
}

export const queueInfoCodec: Codec<QueueInfo> = {
  write(writer, { version, server, senderId, dhKey: key, mode }) {
    u16.write(writer, version)
    serverCodec(version).write(writer, server)
    queueId.write(writer, senderId)
    dhKey.write(writer, key)
    const suffix = infoSuffix(version, mode)
    if (suffix) writer.byte(suffix.charCodeAt(0))
  },
  read(reader) {
    const version = u16.read(reader)
    const server = serverCodec(version).read(reader)
    const senderId = queueId.read(reader)
    return { version, server, senderId, dhKey: dhKey.read(reader), mode: readMode(reader) }
  },
}

function serverCodec(version: number): Codec<RelayAddress> {
  return version >= SMPC.severalHosts ? relayAddressCodec : legacyRelayAddressCodec
}

function infoSuffix(version: number, mode: QueueMode | null): 'M' | 'C' | 'T' | '' {
  if (version >= SMPC.queueMode) return mode ?? ''
  return version >= SMPC.senderCanSecure && mode === 'M' ? 'T' : ''
}
