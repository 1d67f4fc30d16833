import { expect } from 'vitest'
import { decodeSpki, nonceFrom, sha256, x25519, x25519PublicKey } from '#core/crypto'
import {
  type AuthKey,
  answerNonce,
  authorize,
  bytesForAuth,
  decodeBatch,
  decodeCommand,
  decodeServerTransmission,
  encodeCommand,
  openForwarded,
  openForwardedAnswer,
  openForwardedBlock,
  parseClientTransmission,
  sealForwarded,
  sealForwardedAnswer,
  sealForwardedBlock,
} from '#core/protocol'
import { base64, bytes, expectBytes, hex, vectorFile } from './harness.ts'

interface ProxyCase {
  authorizedBytes: string
  blockContent: string
  clientNonce: string
  commandPrivateKey: string
  commandPublicKeyDer: string
  commandSecret: string
  encResponseB64: string
  encTransmissionB64: string
  entityId: string
  entityPrivateKey: string
  fwdTransmissionSha256: string
  pfwdCommandSha256: string
  proxyDhPrivateKey: string
  proxyNonce: string
  proxyRelaySecret: string
  relayDhPrivateKey: string
  relayDhPublicKey: string
  relaySessionId: string
  responseBlockContent: string
  rfwdBodyB64: string
  rresBodyB64: string
  sendBody: string
  version: number
}

function secretsOf(c: ProxyCase) {
  const commandKey = x25519PublicKey(bytes(c.commandPrivateKey))
  expectBytes(decodeSpki(bytes(c.commandPublicKeyDer)).raw, hex(commandKey))
  expectBytes(x25519PublicKey(bytes(c.relayDhPrivateKey)), c.relayDhPublicKey)
  const clientSecret = x25519(bytes(c.relayDhPrivateKey), commandKey)
  expectBytes(clientSecret, c.commandSecret)
  const proxySecret = x25519(bytes(c.proxyDhPrivateKey), bytes(c.relayDhPublicKey))
  expectBytes(proxySecret, c.proxyRelaySecret)
  return { commandKey, clientSecret, proxySecret }
}

function checkWayThere(c: ProxyCase): void {
  const { commandKey, clientSecret, proxySecret } = secretsOf(c)
  const corrId = bytes(c.clientNonce)
  const encrypted = base64(c.encTransmissionB64)
  const content = openForwardedBlock(clientSecret, nonceFrom(corrId), encrypted)
  expectBytes(content, c.blockContent)
  expectBytes(sealForwardedBlock(clientSecret, nonceFrom(corrId), content), hex(encrypted))
  const pfwd = encodeCommand({ type: 'PFWD', version: c.version, commandKey, encrypted }, c.version)
  expectBytes(sha256(pfwd), c.pfwdCommandSha256)
  const forwarded = openForwarded(proxySecret, bytes(c.proxyNonce), base64(c.rfwdBodyB64))
  expect(forwarded).toEqual({ corrId, version: c.version, commandKey, encrypted })
  const again = sealForwarded(proxySecret, bytes(c.proxyNonce), forwarded)
  expect(Buffer.from(again).toString('base64')).toBe(c.rfwdBodyB64)

  const parsed = parseClientTransmission(decodeBatch(content)[0]!, c.version, bytes(c.relaySessionId))
  if (!parsed.ok) throw new Error(parsed.error.type)
  const t = parsed.transmission
  expectBytes(t.forAuth, c.authorizedBytes)
  expectBytes(
    bytesForAuth(bytes(c.relaySessionId), t.forAuth.subarray(1 + c.relaySessionId.length / 2)),
    c.authorizedBytes,
  )
  expectBytes(t.entityId, c.entityId)
  expectBytes(t.corrId, c.clientNonce)
  expect(decodeCommand(t.command, c.version)).toMatchObject({ ok: true, command: { type: 'SEND' } })
  // To a queue that is not secured yet.
  if (t.auth.kind === 'none') return
  const algorithm = t.auth.kind === 'authenticator' ? 'x25519' : t.auth.kind
  const key: AuthKey = { algorithm, privateKey: bytes(c.entityPrivateKey) }
  expectBytes(authorize(key, bytes(c.relayDhPublicKey), corrId, t.forAuth), hex(t.auth.bytes))
}

function checkWayBack(c: ProxyCase): void {
  const { clientSecret, proxySecret } = secretsOf(c)
  const answer = openForwardedAnswer(proxySecret, bytes(c.proxyNonce), base64(c.rresBodyB64))
  expectBytes(answer.corrId, c.clientNonce)
  expectBytes(answer.encrypted, hex(base64(c.encResponseB64)))
  const nonce = answerNonce(bytes(c.clientNonce))
  const content = openForwardedBlock(clientSecret, nonce, answer.encrypted)
  expectBytes(content, c.responseBlockContent)
  expect(decodeServerTransmission(decodeBatch(content)[0]!, c.version)).toEqual({
    corrId: bytes(c.clientNonce),
    entityId: bytes(c.entityId),
    response: { type: 'OK' },
  })
  const sealed = sealForwardedBlock(clientSecret, nonce, content)
  const again = sealForwardedAnswer(proxySecret, bytes(c.proxyNonce), {
    corrId: answer.corrId,
    encrypted: sealed,
  })
  expect(Buffer.from(again).toString('base64')).toBe(c.rresBodyB64)
}

vectorFile('smp-proxy', (file) => {
  file.list('cases', (c: ProxyCase) => {
    checkWayThere(c)
    checkWayBack(c)
  })
})
