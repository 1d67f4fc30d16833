import { expect } from 'vitest'
import {
  blockChains,
  decodePkcs8,
  sha256,
  signSessionKey,
  signWith,
  verifyRelayChain,
  verifySignedKey,
  verifyWith,
  x25519,
  x25519PublicKey,
} from '#core/crypto'
import { pad } from '#core/encoding'
import {
  BLOCK_SIZE,
  bytesForProof,
  decodeClientHello,
  decodeWebServerHello,
  encodeClientHello,
  encodeServerHello,
} from '#core/protocol'
import { bytes, expectBytes, expectRefused, vectorFile } from './harness.ts'

interface WebCase {
  versionRange: [number, number]
  sessionId: string
  challenge: string
  challengeParam: string
  certificates: string[]
  keyHash: string
  leafSigningKeyPkcs8: string
  serverDhPrivateKey: string
  signedKeyDer: string
  identityProof: string
  encoded: string
  clientDhPrivateKey: string
  clientVersion: number
  clientHandshake: string
  clientHandshakeBlockSha256: string
  clientSndChainKey: string
  clientRcvChainKey: string
}

/** A moment in which the certificates of the file are valid, whatever the clock of the machine says. */
const NOW = Date.UTC(2026, 0, 1)

function checkServerHello(c: WebCase): void {
  const [min, max] = c.versionRange
  const chain = c.certificates.map(bytes)
  const sessionId = bytes(c.sessionId)
  expect(Buffer.from(bytes(c.challenge)).toString('base64url')).toBe(c.challengeParam)
  const signedKey = bytes(c.signedKeyDer)
  const leafKey = bytes(c.leafSigningKeyPkcs8)
  const serverKey = x25519PublicKey(bytes(c.serverDhPrivateKey))
  expectBytes(signSessionKey(leafKey, serverKey), c.signedKeyDer)
  const signed = bytesForProof(bytes(c.challenge), sessionId)
  const proof = signWith(decodePkcs8(leafKey), signed)
  expectBytes(proof, c.identityProof)
  const hello = { versions: { min, max }, sessionId, identity: { chain, signedKey }, proof }
  expectBytes(encodeServerHello(hello), c.encoded)
  expect(decodeWebServerHello(bytes(c.encoded))).toEqual(hello)

  const { leafPublicKey } = verifyRelayChain(chain, bytes(c.keyHash), NOW)
  expectBytes(verifySignedKey(leafPublicKey, signedKey), Buffer.from(serverKey).toString('hex'))
  expect(verifyWith(leafPublicKey, signed, proof)).toBe(true)
  for (const changed of [signed, proof]) {
    const other = Uint8Array.from(changed)
    other[0]! ^= 1
    const [message, signature] = changed === signed ? [other, proof] : [signed, other]
    expect(verifyWith(leafPublicKey, message, signature)).toBe(false)
  }
  expectRefused(() => verifyRelayChain(chain.toReversed(), bytes(c.keyHash), NOW), 'swapped certificates')
  expectRefused(() => verifyRelayChain(chain.slice(0, 1), bytes(c.keyHash), NOW), 'one certificate')
}

function checkClientHello(c: WebCase): void {
  const key = x25519PublicKey(bytes(c.clientDhPrivateKey))
  const hello = {
    version: c.clientVersion,
    keyHash: bytes(c.keyHash),
    key,
    proxyServer: false,
    service: null,
  }
  expectBytes(encodeClientHello(hello), c.clientHandshake)
  expect(decodeClientHello(bytes(c.clientHandshake))).toEqual(hello)
  expectBytes(sha256(pad(bytes(c.clientHandshake), BLOCK_SIZE)), c.clientHandshakeBlockSha256)
  const chains = blockChains(bytes(c.sessionId), x25519(bytes(c.serverDhPrivateKey), key))
  expectBytes(chains.clientSend, c.clientSndChainKey)
  expectBytes(chains.serverSend, c.clientRcvChainKey)
}

vectorFile('web-handshake', (file) => {
  file.list('cases', (c: WebCase) => {
    checkServerHello(c)
    checkClientHello(c)
  })
})
