import { expect } from 'vitest'
import {
  decodeSpki,
  decryptMessage,
  encodeSpki,
  encryptBody,
  encryptHeader,
  initInitiatorRatchet,
  initJoinerRatchet,
  sha256,
  spki25519,
  x25519,
  x25519PublicKey,
  x3dhPublic,
  type RatchetState,
  type X3dhPrivate,
} from '#core/crypto'
import { decode, encode } from '#core/encoding'
import { openMessageBody, sealMessageBody } from '#core/protocol'
import {
  agentEnvelopeCodec,
  clientEnvelopeCodec,
  decodeAgentMessage,
  encodeAgentMessage,
  openClientMessage,
  PADDED_AGENT_MESSAGE,
  PADDED_CONN_INFO,
  readConnectionLink,
  sealClientMessage,
  x3dhOf,
} from '../../core/agent/wire/index.ts'
import { base64, bytes, expectBytes, expectOptional, hex, vectorFile } from './harness.ts'
import { expectState, keyPair, toState, type StateFields } from './ratchet-shapes.ts'
import {
  fromAgentMessage,
  fromParams,
  fromUri,
  toAgentMessage,
  type AgentMessageFields,
  type ParamsFields,
  type QueueInfoFields,
} from './shapes.ts'

/**
 * A whole conversation, every delivery opened from the relay's box down to the agent message and made again
 * from there up, byte for byte.
 */
interface QueueKeys {
  queue: QueueInfoFields
  recipientDhPrivateKey: string
  recipientE2ePrivateKey: string
  senderE2ePrivateKey: string
  serverDhPrivateKey: string
}

interface Delivery {
  from: 'alice' | 'bob'
  to: 'alice' | 'bob'
  kind: 'confirmation' | 'message'
  msgId: string
  timestampSeconds: string
  msgEncBodyB64: string
  sendBodyB64: string
  perQueueNonce: string
  privHeaderSenderKey: string | null
  agentVersion: number
  e2eParams: ParamsFields | null
  ratchetCiphertextSha256: string
  agentMessage: string
  fields: { type: string } & AgentMessageFields
  senderRatchet: StateFields
  recipientRatchet: StateFields
}

interface RatchetKeys {
  privateKey1: string
  privateKey2: string
  ratchetPrivateKey?: string
}

interface Conversation {
  pq: boolean
  invitation: string | { link: string }
  aliceQueue: QueueKeys
  bobQueue: QueueKeys
  aliceRatchetKeys: RatchetKeys
  bobRatchetKeys: RatchetKeys
  aliceRatchetInitial: StateFields
  bobRatchetInitial: StateFields
  deliveries: Delivery[]
}

type Ratchets = Record<'alice' | 'bob', RatchetState>

const own = (c: RatchetKeys): X3dhPrivate => ({ key1: keyPair(c.privateKey1), key2: keyPair(c.privateKey2) })

function checkConversation(c: Conversation): string | undefined {
  if (c.pq) return 'post-quantum KEM'
  const ratchets = checkAgreement(c)
  for (const [index, delivery] of c.deliveries.entries()) {
    try {
      checkDelivery(delivery, delivery.to === 'alice' ? c.aliceQueue : c.bobQueue, ratchets)
    } catch (error) {
      throw new Error(`delivery ${index}, from ${delivery.from}`, { cause: error })
    }
  }
  return undefined
}

/** Bob reads Alice's link and both come to the first states of the file. */
function checkAgreement(c: Conversation): Ratchets {
  const link = readConnectionLink(typeof c.invitation === 'string' ? c.invitation : c.invitation.link)
  if (link.form !== 'full' || link.kind !== 'invitation') throw new Error('not an invitation')
  const { clientVersion: _, ...queue } = c.aliceQueue.queue
  expect(fromUri(link.queues[0])).toMatchObject(queue)
  const [alice, bob] = [own(c.aliceRatchetKeys), own(c.bobRatchetKeys)]
  const versions = {
    current: c.bobRatchetInitial.version.current,
    max: c.bobRatchetInitial.version.maxSupported,
  }
  const ratchets = {
    alice: initInitiatorRatchet({ versions, own: alice, peer: x3dhPublic(bob, versions.current) }),
    bob: initJoinerRatchet({
      versions,
      own: bob,
      peer: x3dhOf(link.e2e, versions.current),
      firstKey: keyPair(c.bobRatchetKeys.ratchetPrivateKey!),
    }),
  }
  expectState(ratchets.alice, c.aliceRatchetInitial)
  expectState(ratchets.bob, c.bobRatchetInitial)
  return ratchets
}

function checkDelivery(c: Delivery, queue: QueueKeys, ratchets: Ratchets): void {
  const ciphertext = checkOuterLayers(c, queue)
  expectBytes(sha256(ciphertext), c.ratchetCiphertextSha256)

  const random = { bytes: () => bytes(c.recipientRatchet.dhPrivateKey) }
  const opened = decryptMessage(ratchets[c.to], [], ciphertext, random)
  if (!opened.ok) throw opened.error
  expectBytes(opened.plaintext, c.agentMessage)
  expectState(opened.next, c.recipientRatchet)
  const message = decodeAgentMessage(opened.plaintext)
  expect({ type: message.type, ...fromAgentMessage(message) }).toEqual(c.fields)
  expectBytes(encodeAgentMessage(toAgentMessage(c.fields.type, c.fields)), c.agentMessage)

  const paddedLength = c.kind === 'confirmation' ? PADDED_CONN_INFO : PADDED_AGENT_MESSAGE
  const { next, prepared } = encryptHeader(ratchets[c.from], { paddedLength })
  expect(hex(encryptBody(prepared, opened.plaintext))).toBe(hex(ciphertext))
  expectState(next, c.senderRatchet)
  ratchets[c.from] = next
  ratchets[c.to] = toState(c.recipientRatchet)
}

/** The relay's box and the queue's box, both opened and made again; returns what is for the ratchet. */
function checkOuterLayers(c: Delivery, queue: QueueKeys): Uint8Array {
  const relaySecret = x25519(
    bytes(queue.recipientDhPrivateKey),
    x25519PublicKey(bytes(queue.serverDhPrivateKey)),
  )
  const received = openMessageBody(relaySecret, bytes(c.msgId), base64(c.msgEncBodyB64))
  if (received.type !== 'message') throw new Error('a quota marker')
  expect(received.brokerTs).toBe(Number(c.timestampSeconds) * 1000)
  const sendBody = base64(c.sendBodyB64)
  expect(hex(received.body)).toBe(hex(sendBody))
  expect(hex(sealMessageBody(relaySecret, bytes(c.msgId), received))).toBe(hex(base64(c.msgEncBodyB64)))

  const senderDh = x25519PublicKey(bytes(queue.senderE2ePrivateKey))
  const secret = x25519(bytes(queue.recipientE2ePrivateKey), senderDh)
  const dhKey = c.kind === 'confirmation' ? senderDh : null
  const envelope = decode(clientEnvelopeCodec, sendBody)
  expect(envelope.version).toBe(queue.queue.clientVersion)
  expectOptional(envelope.dhKey && spki25519(envelope.dhKey), dhKey && hex(spki25519(dhKey)))
  expectBytes(envelope.nonce, c.perQueueNonce)
  const clientMessage = openClientMessage(secret, envelope)
  expectOptional(clientMessage.senderKey && encodeSpki(clientMessage.senderKey), c.privHeaderSenderKey)
  const resealed = sealClientMessage(
    secret,
    { version: envelope.version, dhKey, nonce: bytes(c.perQueueNonce) },
    {
      senderKey: c.privHeaderSenderKey === null ? null : decodeSpki(bytes(c.privHeaderSenderKey)),
      body: clientMessage.body,
    },
  )
  expect(hex(resealed)).toBe(hex(sendBody))

  const agentEnvelope = decode(agentEnvelopeCodec, clientMessage.body)
  expect([agentEnvelope.type, agentEnvelope.agentVersion]).toEqual([c.kind, c.agentVersion])
  expect(hex(encode(agentEnvelopeCodec, agentEnvelope))).toBe(hex(clientMessage.body))
  if (agentEnvelope.type === 'confirmation') {
    expect(agentEnvelope.e2e && fromParams(agentEnvelope.e2e)).toEqual(c.e2eParams)
    return agentEnvelope.encrypted
  }
  if (agentEnvelope.type !== 'message') throw new Error(`an envelope of type ${agentEnvelope.type}`)
  return agentEnvelope.encrypted
}

vectorFile('full-stack', (file) => {
  file.list('cases', checkConversation)
})
