import { decodePrepared, encryptBody } from '#core/crypto'
import { encode } from '#core/encoding'
import type { Random } from '#core/base'
import { getX3dhKeys, type AgentConnection, type ReadDb, type SentMessage, type SndQueue } from '#core/store'
import { NONCE } from './constants.ts'
import { AGENT_VERSIONS, agentEnvelopeCodec, sealClientMessage, type AgentEnvelope } from './wire/index.ts'

/**
 * The body of one SEND. Inside, every attempt has the same bytes, so that the peer recognises a repeated message; the
 * nonce outside is new each time. agent.md 1, 2.1
 */
export function sendBody(
  db: ReadDb,
  random: Random,
  connection: AgentConnection,
  queue: SndQueue,
  message: SentMessage & { plaintext: Uint8Array; prepared: Uint8Array },
): Uint8Array {
  const encrypted = encryptBody(decodePrepared(message.prepared), message.plaintext)
  const isConfirmation = message.type === 'confirmation'
  const envelope: AgentEnvelope = isConfirmation
    ? {
        type: 'confirmation',
        agentVersion: connection.agentVersion,
        e2e: joinerKeys(db, connection),
        encrypted,
      }
    : { type: 'message', agentVersion: AGENT_VERSIONS.max, encrypted }
  const senderKey =
    isConfirmation && queue.mode !== 'M' ? { algorithm: 'ed25519' as const, raw: queue.authPublic } : null
  return sealClientMessage(
    queue.e2eSecret,
    {
      version: queue.smpVersion,
      dhKey: isConfirmation ? queue.e2ePublic : null,
      nonce: random.bytes(NONCE),
    },
    { senderKey, body: encode(agentEnvelopeCodec, envelope) },
  )
}

/** An envelope that is not encrypted by the ratchet. */
export function plainBody(random: Random, queue: SndQueue, envelope: Uint8Array): Uint8Array {
  const header = { version: queue.smpVersion, dhKey: null, nonce: random.bytes(NONCE) }
  return sealClientMessage(queue.e2eSecret, header, { senderKey: null, body: envelope })
}

function joinerKeys(
  db: ReadDb,
  connection: AgentConnection,
): { version: number; key1: Uint8Array; key2: Uint8Array; kem: null } | null {
  if (connection.role !== 'joiner') return null
  const keys = getX3dhKeys(db, connection.connId)
  return keys ? { version: keys.version, key1: keys.public1, key2: keys.public2, kem: null } : null
}
