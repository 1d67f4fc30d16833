import { spkiKey, type PublicKey } from '#core/crypto'
import {
  bool,
  bytes16,
  bytes8,
  DecodeError,
  i64,
  list1,
  mapped,
  maybe,
  struct,
  tail,
  type Codec,
} from '#core/encoding'
import { queueAddressCodec, queueInfoCodec, type QueueAddress, type QueueInfo } from './queue-fields.ts'
import { queueUriCodec, type QueueUri } from './queue-uri.ts'

/** Delivery receipt for one message of the peer. agent.md 2.3 */
export interface AgentReceipt {
  readonly msgId: number
  readonly msgHash: Uint8Array
  /** Of the application; empty today. */
  readonly info: Uint8Array
}

/** What a numbered message says. Names as upstream writes them. agent.md 2.3 */
export type AMessage =
  | { readonly type: 'HELLO' }
  /** The application's. */
  | { readonly type: 'A_MSG'; readonly body: Uint8Array }
  | { readonly type: 'A_RCVD'; readonly receipts: readonly AgentReceipt[] }
  /** The peer has emptied a queue that was full. */
  | { readonly type: 'A_QCONT'; readonly queue: QueueAddress }
  | { readonly type: 'QADD'; readonly queues: readonly AddedQueue[] }
  | { readonly type: 'QKEY'; readonly queues: readonly KeyedQueue[] }
  | { readonly type: 'QUSE'; readonly queues: readonly UsedQueue[] }
  | { readonly type: 'QTEST'; readonly queues: readonly QueueAddress[] }
  | { readonly type: 'EREADY'; readonly lastMsgId: number }

export interface AddedQueue {
  readonly queue: QueueUri
  readonly replaces: QueueAddress | null
}
export interface KeyedQueue {
  readonly queue: QueueInfo
  readonly senderKey: PublicKey
}
export interface UsedQueue {
  readonly queue: QueueAddress
  readonly primary: boolean
}

/** An i64 on the wire that counts from one; beyond what a number holds exactly nobody gets. */
export const messageId: Codec<number> = mapped(
  i64,
  (value) => {
    const id = Number(value)
    if (!Number.isSafeInteger(id)) throw new DecodeError('message id out of range', 0)
    return id
  },
  BigInt,
)

const receipt = struct({ msgId: messageId, msgHash: bytes8, info: bytes16 })
const added = struct({ queue: queueUriCodec, replaces: maybe(queueAddressCodec) })
const keyed = struct({ queue: queueInfoCodec, senderKey: spkiKey('ed25519', 'ed448', 'x25519') })
const used = struct({ queue: queueAddressCodec, primary: bool })

type Shape<T extends AMessage['type']> = Omit<Extract<AMessage, { type: T }>, 'type'>
type Shapes = { readonly [T in AMessage['type']]: { tag: string; codec: Codec<Shape<T>> } }

const shapes: Shapes = {
  HELLO: { tag: 'H', codec: struct({}) },
  A_MSG: { tag: 'M', codec: struct({ body: tail }) },
  A_RCVD: { tag: 'V', codec: struct({ receipts: list1(receipt) }) },
  A_QCONT: { tag: 'QC', codec: struct({ queue: queueAddressCodec }) },
  QADD: { tag: 'QA', codec: struct({ queues: list1(added) }) },
  QKEY: { tag: 'QK', codec: struct({ queues: list1(keyed) }) },
  QUSE: { tag: 'QU', codec: struct({ queues: list1(used) }) },
  QTEST: { tag: 'QT', codec: struct({ queues: list1(queueAddressCodec) }) },
  EREADY: { tag: 'E', codec: struct({ lastMsgId: messageId }) },
}

const TYPES = new Map(Object.entries(shapes).map(([type, { tag }]) => [tag, type as AMessage['type']]))

/** A letter, after `Q` a second one, then the fields. */
export const aMessageCodec: Codec<AMessage> = {
  write(writer, message) {
    const { tag, codec } = shapes[message.type] as { tag: string; codec: Codec<unknown> }
    for (const letter of tag) writer.byte(letter.charCodeAt(0))
    codec.write(writer, message)
  },
  read(reader) {
    const first = String.fromCharCode(reader.byte())
    const tag = first === 'Q' ? first + String.fromCharCode(reader.byte()) : first
    const type = TYPES.get(tag)
    if (!type) return reader.fail('a message of an unknown kind')
    const fields = (shapes[type].codec as Codec<object>).read(reader)
    return { type, ...fields } as AMessage
  },
}
