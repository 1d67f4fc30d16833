import { expect } from 'vitest'
import { decodeSpki, encodeSpki, sha256, spki25519, x25519, x25519PublicKey } from '#core/crypto'
import { decode, encode } from '#core/encoding'
import {
  agentEnvelopeCodec,
  aMessageCodec,
  clientEnvelopeCodec,
  clientMessageCodec,
  decodeAgentMessage,
  encodeAgentMessage,
  messageHash,
  openClientMessage,
  PADDED_AGENT_MESSAGE,
  PADDED_CONN_INFO,
  privateHeaderCodec,
  publicHeaderCodec,
  sealClientMessage,
  type AgentEnvelope,
} from '../../core/agent/wire/index.ts'
import { base64, bytes, expectBytes, expectOptional, expectRefused, hex, vectorFile } from './harness.ts'
import {
  fromAgentMessage,
  fromAMessage,
  fromParams,
  toAgentMessage,
  toAMessage,
  toParams,
  type AgentMessageFields,
  type AMessageFields,
  type ParamsFields,
} from './shapes.ts'

interface EnvelopeFields {
  e2eEncryption?: ParamsFields | null
  encConnInfo?: string
  encAgentMessage?: string
  connReqUri?: string
  connInfo?: string
  info?: string
}

function toEnvelope(type: string, agentVersion: number, c: EnvelopeFields): AgentEnvelope {
  switch (type) {
    case 'confirmation':
      return {
        type,
        agentVersion,
        e2e: c.e2eEncryption ? toParams(c.e2eEncryption) : null,
        encrypted: bytes(c.encConnInfo!),
      }
    case 'message':
      return { type, agentVersion, encrypted: bytes(c.encAgentMessage!) }
    case 'invitation':
      return { type, agentVersion, link: c.connReqUri!, connInfo: bytes(c.connInfo!) }
    case 'ratchetKey':
      return { type, agentVersion, e2e: toParams(c.e2eEncryption!), info: bytes(c.info!) }
    default:
      throw new Error(`an envelope of the unknown type ${type}`)
  }
}

function fromEnvelope(v: AgentEnvelope): EnvelopeFields {
  switch (v.type) {
    case 'confirmation':
      return { e2eEncryption: v.e2e && fromParams(v.e2e), encConnInfo: hex(v.encrypted) }
    case 'message':
      return { encAgentMessage: hex(v.encrypted) }
    case 'invitation':
      return { connReqUri: v.link, connInfo: hex(v.connInfo) }
    case 'ratchetKey':
      return { e2eEncryption: fromParams(v.e2e), info: hex(v.info) }
  }
}

vectorFile('agent-messages', (file) => {
  file.list(
    'aMessages',
    (c: { type: string; fields: AMessageFields; parsedFields?: AMessageFields; encoded: string }) => {
      expectBytes(encode(aMessageCodec, toAMessage(c.type, c.fields)), c.encoded)
      const decoded = decode(aMessageCodec, bytes(c.encoded))
      expect(decoded.type).toBe(c.type)
      expect(fromAMessage(decoded)).toEqual(c.parsedFields ?? c.fields)
    },
  )
  file.list(
    'agentMessages',
    (c: {
      type: string
      fields: AgentMessageFields
      parsedFields?: AgentMessageFields
      encoded: string
      sha256: string
    }) => {
      expectBytes(encodeAgentMessage(toAgentMessage(c.type, c.fields)), c.encoded)
      const decoded = decodeAgentMessage(bytes(c.encoded))
      expect(decoded.type).toBe(c.type)
      expect(fromAgentMessage(decoded)).toEqual(c.parsedFields ?? c.fields)
      expectBytes(messageHash(bytes(c.encoded)), c.sha256)
    },
  )
  let previous = ''
  file.list(
    'chain',
    (
      c: {
        sndMsgId: string
        prevMsgHash: string
        message: { type: string } & AMessageFields
        encoded: string
        sha256: string
      },
      index,
    ) => {
      if (index > 0) expect(c.prevMsgHash).toBe(previous)
      const encoded = encodeAgentMessage(toAgentMessage('message', c))
      expectBytes(encoded, c.encoded)
      expect(fromAgentMessage(decodeAgentMessage(encoded))).toEqual({
        sndMsgId: c.sndMsgId,
        prevMsgHash: c.prevMsgHash,
        message: c.message,
      })
      previous = hex(messageHash(encoded))
      expect(previous).toBe(c.sha256)
    },
  )
  file.list(
    'envelopes',
    (c: { agentVersion: number; type: string; fields: EnvelopeFields; encoded: string }) => {
      expectBytes(encode(agentEnvelopeCodec, toEnvelope(c.type, c.agentVersion, c.fields)), c.encoded)
      const decoded = decode(agentEnvelopeCodec, bytes(c.encoded))
      expect([decoded.type, decoded.agentVersion]).toEqual([c.type, c.agentVersion])
      expect(fromEnvelope(decoded)).toEqual(c.fields)
    },
  )
  file.list('invalidAgentMessages', (c: string) => expectRefused(() => decodeAgentMessage(bytes(c)), c))
  file.list('invalidEnvelopes', (c: string) => expectRefused(() => decode(agentEnvelopeCodec, bytes(c)), c))
  // With the post-quantum part on, lengths are others; this program has it off.
  file.list(
    'paddedLengths',
    (c: { agentMessage: { pqSupportOff: number }; connInfo: { pqSupportOff: number } }) => {
      expect(PADDED_AGENT_MESSAGE).toBe(c.agentMessage.pqSupportOff)
      expect(PADDED_CONN_INFO).toBe(c.connInfo.pqSupportOff)
    },
  )
})

/* ---- per-queue encryption */

interface Envelope {
  kind: string
  body: string | null
  bodyLen: number
  bodySha256: string
  clientMessageSha256: string
  clientVersion: number
  dhSecret: string
  envelopeB64: string
  nonce: string
  privHeader: { senderKey: string } | null
  recipientPrivateKey: string
  recipientPublicKeyDer: string
  senderPrivateKey: string
  senderPublicKeyDer: string
}

function checkEnvelope(c: Envelope): void {
  const secret = x25519(bytes(c.recipientPrivateKey), decodeSpki(bytes(c.senderPublicKeyDer)).raw)
  expectBytes(secret, c.dhSecret)
  expectBytes(x25519(bytes(c.senderPrivateKey), decodeSpki(bytes(c.recipientPublicKeyDer)).raw), c.dhSecret)
  const wire = base64(c.envelopeB64)
  const envelope = decode(clientEnvelopeCodec, wire)
  expect(envelope.version).toBe(c.clientVersion)
  expectBytes(envelope.nonce, c.nonce)
  const isFirst = c.kind !== 'message'
  expectOptional(envelope.dhKey && spki25519(envelope.dhKey), isFirst ? c.senderPublicKeyDer : null)
  const message = openClientMessage(secret, envelope)
  expectOptional(message.senderKey && encodeSpki(message.senderKey), c.privHeader?.senderKey ?? null)
  expect(message.body.length).toBe(c.bodyLen)
  expectBytes(sha256(message.body), c.bodySha256)
  if (c.body !== null) expectBytes(message.body, c.body)
  expectBytes(sha256(encode(clientMessageCodec, message)), c.clientMessageSha256)
  const dhKey = isFirst ? x25519PublicKey(bytes(c.senderPrivateKey)) : null
  const sealed = sealClientMessage(
    secret,
    { version: c.clientVersion, dhKey, nonce: bytes(c.nonce) },
    { senderKey: c.privHeader && decodeSpki(bytes(c.privHeader.senderKey)), body: message.body },
  )
  expect(Buffer.compare(sealed, wire)).toBe(0)
}

vectorFile('e2e-envelope', (file) => {
  file.list('envelopes', checkEnvelope)
  file.list('publicHeaders', (c: { version: number; e2ePubDhKey: string | null; encoded: string }) => {
    const dhKey = c.e2ePubDhKey === null ? null : decodeSpki(bytes(c.e2ePubDhKey)).raw
    expectBytes(encode(publicHeaderCodec, { version: c.version, dhKey }), c.encoded)
    expect(decode(publicHeaderCodec, bytes(c.encoded))).toEqual({ version: c.version, dhKey })
  })
  file.list('privateHeaders', (c: { senderKey: string | null; encoded: string }) => {
    const key = c.senderKey === null ? null : decodeSpki(bytes(c.senderKey))
    expectBytes(encode(privateHeaderCodec, key), c.encoded)
    expect(decode(privateHeaderCodec, bytes(c.encoded))).toEqual(key)
  })
})
