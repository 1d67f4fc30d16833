/** RFWD: a command that another relay passes on for a client whose address we are not to learn. smp.md 5.6 */
import { AppError, EMPTY } from '#core/base'
import { nonceFrom, x25519 } from '#core/crypto'
import { DecodeError, includesVersion } from '#core/encoding'
import {
  type Command,
  type Forwarded,
  FORWARDED_CONTENT,
  type Response,
  SMP_VERSIONS,
  type ServerTransmission,
  type TransportErrorWord,
  answerNonce,
  checkCredentials,
  commandError,
  decodeBatch,
  decodeCommand,
  encodeBatch,
  encodeServerTransmission,
  openForwarded,
  openForwardedBlock,
  parseClientTransmission,
  sealForwardedAnswer,
  sealForwardedBlock,
} from '#core/protocol'
import { SessionSecrets } from '../access.ts'
import { refuse } from '../core.ts'
import type { CommandOf, Turn } from './turn.ts'

/** Everything else belongs to a recipient, who has no reason to hide from its own relay. smp.md 5.6 */
const allowed = ['SEND', 'SKEY', 'LKEY', 'LGET'] as const
type AllowedCommand = CommandOf<(typeof allowed)[number]>

/** Bytes of a padded block that its length takes. */
const LENGTH = 2

/** `perform` carries out one of the commands that may come this way. */
export function forward(
  turn: Turn,
  command: CommandOf<'RFWD'>,
  perform: (turn: Turn, command: AllowedCommand) => Response,
): Response {
  const { clientKey, sessionKey } = turn.caller.session
  if (!clientKey) return refuseTransport('NO_AUTH')
  const { corrId } = turn.t
  try {
    const secret = x25519(sessionKey.privateKey, clientKey)
    const inner = openForwarded(secret, corrId, command.encrypted)
    if (!includesVersion(SMP_VERSIONS, inner.version)) return refuseTransport('VERSION')
    const clientSecret = x25519(sessionKey.privateKey, inner.commandKey)
    const content = openForwardedBlock(clientSecret, nonceFrom(inner.corrId), inner.encrypted)
    const answer = encodeAnswer(turn, inner, takeContent(turn, inner, content, perform))
    const encrypted = sealForwardedBlock(clientSecret, answerNonce(inner.corrId), answer)
    return {
      type: 'RRES',
      encrypted: sealForwardedAnswer(secret, corrId, { corrId: inner.corrId, encrypted }),
    }
  } catch (error) {
    if (error instanceof AppError && /^(crypto|encoding)\./.test(error.code))
      return refuse({ type: 'CRYPTO' })
    throw error
  }
}

function refuseTransport(error: TransportErrorWord): Response {
  return refuse({ type: 'PROXY', error: { type: 'BROKER', error: { type: 'TRANSPORT', error } } })
}

/** One transmission, authorized for the session of proxy and relay, in the client's version. */
function takeContent(
  turn: Turn,
  { corrId, version }: Forwarded,
  content: Uint8Array,
  perform: (turn: Turn, command: AllowedCommand) => Response,
): ServerTransmission {
  const bytes = onlyTransmission(content)
  const broken = refuse({ type: 'BLOCK' })
  if (!bytes) return { corrId, entityId: EMPTY, response: broken }
  const parsed = parseClientTransmission(bytes, version, turn.caller.session.sessionId)
  if (!parsed.ok) return { ...parsed, response: refuse(parsed.error) }
  const t = parsed.transmission
  // What one client behind the proxy has proved must not make a guess of another one faster.
  const secrets = new SessionSecrets(turn.caller.session.sessionKey.privateKey)
  return { ...t, response: respond({ ...turn, t, version, secrets }, perform) }
}

function respond(turn: Turn, perform: (turn: Turn, command: AllowedCommand) => Response): Response {
  const { t, version } = turn
  const decoded = decodeCommand(t.command, version)
  if (!decoded.ok) return refuse(decoded.error)
  const { command } = decoded
  const missing = checkCredentials(command.type, t.auth.kind !== 'none', t.entityId.length > 0)
  if (missing) return refuse(missing)
  if (t.serviceSignature) return refuse({ type: 'SERVICE' })
  return mayComeThisWay(command) ? perform(turn, command) : refuse(commandError('PROHIBITED'))
}

function mayComeThisWay(command: Command): command is AllowedCommand {
  return allowed.some((type) => type === command.type)
}

function onlyTransmission(content: Uint8Array): Uint8Array | null {
  try {
    const all = decodeBatch(content)
    return all.length === 1 ? all[0]! : null
  } catch (error) {
    if (error instanceof DecodeError) return null
    throw error
  }
}

/** Link data somewhat larger than any client makes fits a block of its owner, but not this way. */
function encodeAnswer(turn: Turn, { version }: Forwarded, answer: ServerTransmission): Uint8Array {
  const { sessionId } = turn.caller.session
  const content = encodeBatch([encodeServerTransmission(answer, version, sessionId)])
  if (content.length <= FORWARDED_CONTENT - LENGTH) return content
  return encodeBatch([
    encodeServerTransmission({ ...answer, response: refuse({ type: 'BLOCK' }) }, version, sessionId),
  ])
}
