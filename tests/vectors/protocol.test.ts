import { expect } from 'vitest'
import { concatBytes, EMPTY, fromUtf8, utf8 } from '#core/base'
import {
  constantTimeEqual,
  decodeSpki,
  ed25519Sign,
  ed25519Verify,
  openBox,
  sha256,
  signSessionKey,
  encodePkcs8,
  verifyRelayChain,
  verifySignedKey,
  x25519,
  x25519PublicKey,
  type KeyAlgorithm,
} from '#core/crypto'
import { decode, encode, pad, unpad } from '#core/encoding'
import {
  authorize,
  BATCH_LIMIT,
  BLOCK_SIZE,
  bytesForAuth,
  decodeBatch,
  decodeClientHello,
  decodeError,
  decodeRecipientMessage,
  decodeServerHello,
  decodeServiceResponse,
  encodeBatch,
  encodeBody,
  encodeClientHello,
  encodeClientTransmission,
  encodeError,
  encodeRecipientMessage,
  encodeServerHello,
  encodeServiceResponse,
  openMessageBody,
  openNotificationMeta,
  packBatches,
  parseClientTransmission,
  sealMessageBody,
  sealNotificationMeta,
  transportError,
  verifyAuthorization,
  type Batch,
  type ClientHello,
  type CommandType,
  type TransportErrorWord,
} from '#core/protocol'
import { base64, bytes, expectBytes, expectOptional, expectRefused, hex, vectorFile } from './harness.ts'
import { toRange, type Pair } from './shapes.ts'

const VERSION = 18 // smp.md: the last version over TLS

/* ---- handshakes */

interface ServiceFields {
  role: 'M' | 'N' | 'P'
  certificates: string[]
  signedKeyDer: string
}

interface ServerCase {
  certificates: string[]
  keyHash: string
  leafSigningKey: string
  certAlgorithm: string
  serverDhPublicKey: string
  serverDhPrivateKey: string
  signedKeyDer: string
  handshakes: {
    versionRange: Pair
    sessionId: string
    hasAuthPubKey: boolean
    encoded: string
    blockSha256: string
  }[]
}

/** A moment in which the certificates of the file are valid, whatever the clock of the machine says. */
const NOW = Date.UTC(2026, 0, 1)

function checkServer(c: ServerCase): void {
  const chain = c.certificates.map(bytes)
  const { leafPublicKey } = verifyRelayChain(chain, bytes(c.keyHash), NOW)
  expect(leafPublicKey.algorithm).toBe(c.certAlgorithm)
  expectBytes(verifySignedKey(leafPublicKey, bytes(c.signedKeyDer)), c.serverDhPublicKey)
  expectBytes(x25519PublicKey(bytes(c.serverDhPrivateKey)), c.serverDhPublicKey)
  const leafKey = encodePkcs8({ algorithm: c.certAlgorithm as KeyAlgorithm, raw: bytes(c.leafSigningKey) })
  expectBytes(signSessionKey(leafKey, bytes(c.serverDhPublicKey)), c.signedKeyDer)
  for (const h of c.handshakes) {
    const identity = h.hasAuthPubKey ? { chain, signedKey: bytes(c.signedKeyDer) } : null
    const hello = { versions: toRange(h.versionRange), sessionId: bytes(h.sessionId), identity }
    expectBytes(encodeServerHello(hello), h.encoded)
    expect(decodeServerHello(bytes(h.encoded))).toEqual(hello)
    expectBytes(sha256(pad(bytes(h.encoded), BLOCK_SIZE)), h.blockSha256)
  }
}

/** Fields that the version does not have are left out of the bytes and so are not read back. README, handshakes */
function checkClient(c: {
  version: number
  keyHash: string
  authPubKeyDer: string | null
  proxyServer: boolean
  clientService: ServiceFields | null
  encoded: string
}): void {
  const service = c.clientService && {
    role: c.clientService.role,
    chain: c.clientService.certificates.map(bytes),
    signedKey: bytes(c.clientService.signedKeyDer),
  }
  const hello: ClientHello = {
    version: c.version,
    keyHash: bytes(c.keyHash),
    key: c.authPubKeyDer === null ? null : decodeSpki(bytes(c.authPubKeyDer)).raw,
    proxyServer: c.proxyServer,
    service,
  }
  expectBytes(encodeClientHello(hello), c.encoded)
  expect(decodeClientHello(bytes(c.encoded))).toEqual({
    ...hello,
    key: c.version >= 7 ? hello.key : null,
    proxyServer: c.version >= 14 && c.proxyServer,
    service: c.version >= 16 ? service : null,
  })
}

vectorFile('handshakes', (file) => {
  file.list('server', checkServer)
  file.list('client', checkClient)
  file.list(
    'serviceResponse',
    (c: { encoded: string; error: TransportErrorWord | null; serviceId: string | null }) => {
      const response =
        c.error === null
          ? ({ ok: true, serviceId: bytes(c.serviceId!) } as const)
          : ({ ok: false, error: c.error } as const)
      expectBytes(encodeServiceResponse(response), c.encoded)
      expect(decodeServiceResponse(bytes(c.encoded))).toEqual(response)
    },
  )
  file.list('transportErrors', (c: TransportErrorWord) => {
    expect(fromUtf8(encode(transportError, c))).toBe(c)
    expect(decode(transportError, utf8(c))).toBe(c)
  })
})

/* ---- errors */

vectorFile('smp-errors', (file) => {
  file.list('cases', (c: { error: string }) => {
    const error = decodeError(utf8(c.error))
    expect(fromUtf8(encodeError(error, VERSION))).toBe(c.error)
  })
  file.list('invalid', (c: string) => expectRefused(() => decodeError(utf8(c)), c))
})

/* ---- transmissions */

interface Transmission {
  version: number
  sessionId: string
  sessionIdOnWire?: boolean
  corrId: string
  entityId: string
  command: string
  commandName?: CommandType
  auth: string | null
  authType?: 'none' | 'signature' | 'authenticator'
  keyAlgorithm: string | null
  privateKey: string | null
  publicKeyDer: string | null
  serverDhPrivateKey: string
  serverDhPublicKey: string
  authorizedBytes: string
  transmission: string
  block1Content?: string
}

function authKeyOf(c: Transmission) {
  if (c.privateKey === null || c.keyAlgorithm === null) return null
  const algorithm = c.keyAlgorithm.toLowerCase() as 'ed25519' | 'ed448' | 'x25519'
  return { algorithm, privateKey: bytes(c.privateKey) }
}

/** `inFront`: what a service session puts before the bytes that the entity key covers. */
function checkTransmission(
  c: Transmission,
  inFront: Uint8Array = EMPTY,
  serviceSignature: Uint8Array | null = null,
) {
  const [sessionId, corrId, entityId] = [bytes(c.sessionId), bytes(c.corrId), bytes(c.entityId)]
  const body = encodeBody({ corrId, entityId, command: bytes(c.command) })
  const forAuth = bytesForAuth(sessionId, body)
  expectBytes(forAuth, c.authorizedBytes)
  const covered = concatBytes(inFront, forAuth)
  const auth = authorize(authKeyOf(c), bytes(c.serverDhPublicKey), corrId, covered)
  expectBytes(auth, c.auth ?? '')
  const wire = encodeClientTransmission(c.version, sessionId, auth, body, serviceSignature)
  expectBytes(wire, c.transmission)
  const parsed = parseClientTransmission(wire, c.version, sessionId)
  if (!parsed.ok) throw new Error(`refused with ${parsed.error.type}`)
  const { transmission } = parsed
  expectBytes(transmission.corrId, c.corrId)
  expectBytes(transmission.entityId, c.entityId)
  expectBytes(transmission.command, c.command)
  expectBytes(transmission.forAuth, c.authorizedBytes)
  expectBytes(transmission.auth.bytes, c.auth ?? '')
  expectOptional(transmission.serviceSignature, serviceSignature && hex(serviceSignature))
  if (c.publicKeyDer !== null) {
    const key = decodeSpki(bytes(c.publicKeyDer))
    const verify = (text: Uint8Array): boolean =>
      verifyAuthorization(
        key,
        transmission.auth,
        (raw) => x25519(bytes(c.serverDhPrivateKey), raw),
        corrId,
        text,
      )
    expect(verify(covered)).toBe(true)
    expect(verify(concatBytes(covered, Uint8Array.of(0)))).toBe(false)
  }
  if (c.block1Content !== undefined) {
    expectBytes(encodeBatch([wire]), c.block1Content)
    expect(decodeBatch(bytes(c.block1Content)).map(hex)).toEqual([c.transmission])
  }
}

interface BatchCase {
  blockSize: number
  transmissions: string[]
  batches: ({ content: string; count: number } | { error: string })[]
}

/** Of `blockSize` 19 bytes are kept back. README, smp-transmissions */
const KEPT_BACK = BLOCK_SIZE - BATCH_LIMIT

function batchWords(batches: readonly Batch[]): unknown[] {
  return batches.map((batch) =>
    'error' in batch ? { error: batch.error } : { content: hex(batch.content), count: batch.count },
  )
}

vectorFile('smp-transmissions', (file) => {
  file.list('cases', (c: Transmission) => checkTransmission(c))
  file.list(
    'withServiceSignature',
    (
      c: Transmission & {
        serviceCertFingerprint: string
        serviceKeyPrivate: string
        serviceKeyPublic: string
        serviceSignature: string
      },
    ) => {
      const signature = ed25519Sign(bytes(c.serviceKeyPrivate), bytes(c.authorizedBytes))
      expectBytes(signature, c.serviceSignature)
      expect(ed25519Verify(bytes(c.serviceKeyPublic), bytes(c.authorizedBytes), signature)).toBe(true)
      checkTransmission(c, bytes(c.serviceCertFingerprint), signature)
    },
  )
  file.list('batching', (c: BatchCase) =>
    expect(batchWords(packBatches(c.transmissions.map(bytes), c.blockSize - KEPT_BACK))).toEqual(c.batches),
  )
  file.list('batchCounts16384', (c: { batchSizes: number[]; itemLength: number; items: number }) => {
    const items = Array.from({ length: c.items }, () => new Uint8Array(c.itemLength - 2))
    expect(packBatches(items).map((batch) => ('count' in batch ? batch.count : batch.error))).toEqual(
      c.batchSizes,
    )
  })
  file.list('parse', (c: { content: string; results: string[]; version: number }) => {
    expect(parseContent(bytes(c.content), c.version)).toEqual(c.results)
  })
})

function parseContent(content: Uint8Array, version: number): string[] {
  let items: readonly Uint8Array[]
  try {
    items = decodeBatch(content)
  } catch (error) {
    expect(error).toHaveProperty('code', 'encoding.decode')
    return ['BLOCK']
  }
  return items.map((item) => {
    const parsed = parseClientTransmission(item, version, EMPTY)
    return parsed.ok ? 'ok' : parsed.error.type
  })
}

/* ---- the recipient's message */

interface MessageCase {
  dhSecret: string
  recipientDhPrivateKey?: string
  serverDhPrivateKey?: string
  msgId: string
  encBodyB64: string
  encBodyLen: number
  plaintext: string
  timestampSeconds: string
  body?: string
  notification?: boolean
  quota: boolean
}

function checkMessage(c: MessageCase): void {
  const secret = bytes(c.dhSecret)
  if (c.recipientDhPrivateKey !== undefined && c.serverDhPrivateKey !== undefined) {
    const server = x25519PublicKey(bytes(c.serverDhPrivateKey))
    expectBytes(x25519(bytes(c.recipientDhPrivateKey), server), c.dhSecret)
  }
  const brokerTs = Number(c.timestampSeconds) * 1000
  const message = c.quota
    ? ({ type: 'quota', brokerTs } as const)
    : ({ type: 'message', brokerTs, notify: c.notification!, body: bytes(c.body!) } as const)
  const sealed = base64(c.encBodyB64)
  expect(sealed.length).toBe(c.encBodyLen)
  expectBytes(encodeRecipientMessage(message), c.plaintext)
  expect(decodeRecipientMessage(bytes(c.plaintext))).toEqual(message)
  expect(constantTimeEqual(sealMessageBody(secret, bytes(c.msgId), message), sealed)).toBe(true)
  expect(openMessageBody(secret, bytes(c.msgId), sealed)).toEqual(message)
}

vectorFile('smp-message-body', (file) => {
  file.list('messages', checkMessage)
  file.list('quota', checkMessage)
  file.list(
    'notificationMeta',
    (c: {
      ntfDhSecret: string
      nonce: string
      msgId: string
      timestampSeconds: string
      encMeta: string
      plaintext: string
    }) => {
      const meta = { msgId: bytes(c.msgId), brokerTs: Number(c.timestampSeconds) * 1000 }
      expectBytes(sealNotificationMeta(bytes(c.ntfDhSecret), bytes(c.nonce), meta), c.encMeta)
      expect(openNotificationMeta(bytes(c.ntfDhSecret), bytes(c.nonce), bytes(c.encMeta))).toEqual(meta)
      expectBytes(unpad(openBox(bytes(c.ntfDhSecret), bytes(c.nonce), bytes(c.encMeta))), c.plaintext)
    },
  )
})
