import { sha256 } from '#core/crypto'
import { bytes8, decode, encode, list1, struct, tail, type Codec } from '#core/encoding'
import { aMessageCodec, messageId, type AMessage } from './a-message.ts'
import { queueInfoCodec, type QueueInfo } from './queue-fields.ts'

/** The plaintext inside the ratchet. agent.md 2.2 */
export type AgentMessage =
  /** `I`: initiator to joiner, in a confirmation. */
  | { readonly type: 'connInfo'; readonly connInfo: Uint8Array }
  /** `D`: joiner to initiator, in a confirmation; the first queue is the reply queue. */
  | {
      readonly type: 'connInfoReply'
      readonly queues: readonly QueueInfo[]
      readonly connInfo: Uint8Array
    }
  /** `R`: only in the envelope of the same letter. */
  | { readonly type: 'ratchetInfo'; readonly info: Uint8Array }
  /** `M`: a numbered message, chained to the one before by its hash. agent.md 2.4 */
  | {
      readonly type: 'message'
      readonly msgId: number
      readonly prevHash: Uint8Array
      readonly message: AMessage
    }

const connInfo = struct({ connInfo: tail })
const connInfoReply = struct({ queues: list1(queueInfoCodec), connInfo: tail })
const ratchetInfo = struct({ info: tail })
const numbered = struct({ msgId: messageId, prevHash: bytes8, message: aMessageCodec })

const LETTER = { connInfo: 'I', connInfoReply: 'D', ratchetInfo: 'R', message: 'M' } as const

export const agentMessageCodec: Codec<AgentMessage> = {
  write(writer, message) {
    writer.byte(LETTER[message.type].charCodeAt(0))
    switch (message.type) {
      case 'connInfo':
        return connInfo.write(writer, message)
      case 'connInfoReply':
        return connInfoReply.write(writer, message)
      case 'ratchetInfo':
        return ratchetInfo.write(writer, message)
      case 'message':
        return numbered.write(writer, message)
    }
  },
  read(reader) {
    const letter = String.fromCharCode(reader.byte())
    switch (letter) {
      case LETTER.connInfo:
        return { type: 'connInfo', ...connInfo.read(reader) }
      case LETTER.connInfoReply:
        return { type: 'connInfoReply', ...connInfoReply.read(reader) }
      case LETTER.ratchetInfo:
        return { type: 'ratchetInfo', ...ratchetInfo.read(reader) }
      case LETTER.message:
        return { type: 'message', ...numbered.read(reader) }
      default:
        return reader.fail('an agent message of an unknown kind')
    }
  },
}

export function encodeAgentMessage(message: AgentMessage): Uint8Array {
  return encode(agentMessageCodec, message)
}

/** Throws `DecodeError`. */
export function decodeAgentMessage(bytes: Uint8Array): AgentMessage {
  return decode(agentMessageCodec, bytes)
}

/** What the next message calls `prevHash`: of the encoded message, not padded. agent.md 2.4 */
export function messageHash(encoded: Uint8Array): Uint8Array {
  return sha256(encoded)
}
