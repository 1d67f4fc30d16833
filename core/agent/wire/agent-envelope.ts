import { x3dhParams, type X3dhPublic } from '#core/crypto'
import { fromUtf8, utf8 } from '#core/base'
import { bytes16, DecodeError, mapped, maybe, struct, tail, u16, type Codec } from '#core/encoding'
import { readConnectionLink } from './link.ts'

/** What travels inside a ClientMessage. agent.md 2.1 */
export type AgentEnvelope =
  /** `C`: the first message of each side. The joiner's brings its keys, the initiator's answer has none. */
  | {
      readonly type: 'confirmation'
      readonly agentVersion: number
      readonly e2e: X3dhPublic | null
      readonly encrypted: Uint8Array
    }
  /** `M`: everything after that. */
  | { readonly type: 'message'; readonly agentVersion: number; readonly encrypted: Uint8Array }
  /** `I`: a request to a contact address; the link is a full invitation. */
  | {
      readonly type: 'invitation'
      readonly agentVersion: number
      readonly link: string
      readonly connInfo: Uint8Array
    }
  /** `R`: new keys for the ratchet; its content is not encrypted by the ratchet. */
  | {
      readonly type: 'ratchetKey'
      readonly agentVersion: number
      readonly e2e: X3dhPublic
      readonly info: Uint8Array
    }

/** The text of a full one-time link; kept as it came, refused when it does not read. */
const invitationText: Codec<string> = mapped(
  bytes16,
  (bytes) => {
    try {
      const text = fromUtf8(bytes)
      const link = readConnectionLink(text)
      if (link.form === 'full' && link.kind === 'invitation') return text
    } catch (cause) {
      throw new DecodeError('not an invitation link', 0, 'link', { cause })
    }
    throw new DecodeError('a link of another kind', 0, 'link')
  },
  utf8,
)

const confirmation = struct({ e2e: maybe(x3dhParams), encrypted: tail })
const message = struct({ encrypted: tail })
const invitation = struct({ link: invitationText, connInfo: tail })
const ratchetKey = struct({ e2e: x3dhParams, info: tail })

const LETTER = { confirmation: 'C', message: 'M', invitation: 'I', ratchetKey: 'R' } as const

export const agentEnvelopeCodec: Codec<AgentEnvelope> = {
  write(writer, envelope) {
    u16.write(writer, envelope.agentVersion)
    writer.byte(LETTER[envelope.type].charCodeAt(0))
    switch (envelope.type) {
      case 'confirmation':
        return confirmation.write(writer, envelope)
      case 'message':
        return message.write(writer, envelope)
      case 'invitation':
        return invitation.write(writer, envelope)
      case 'ratchetKey':
        return ratchetKey.write(writer, envelope)
    }
  },
  read(reader) {
    const agentVersion = u16.read(reader)
    const letter = String.fromCharCode(reader.byte())
    switch (letter) {
      case LETTER.confirmation:
        return { type: 'confirmation', agentVersion, ...confirmation.read(reader) }
      case LETTER.message:
        return { type: 'message', agentVersion, ...message.read(reader) }
      case LETTER.invitation:
        return { type: 'invitation', agentVersion, ...invitation.read(reader) }
      case LETTER.ratchetKey:
        return { type: 'ratchetKey', agentVersion, ...ratchetKey.read(reader) }
      default:
        return reader.fail('an envelope of an unknown kind')
    }
  },
}
