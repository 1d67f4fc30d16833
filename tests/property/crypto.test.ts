import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { isAppError } from '#core/base'
import {
  box,
  createRelayIdentity,
  cryptoReady,
  decodePkcs8,
  decodeSpki,
  encodeSpki,
  generateEd448,
  generateX448,
  kemOffer,
  openBox,
  parseCertificate,
  portableAesGcm,
  portableCurve448,
  randomBytes,
  runtimeAesGcm,
  runtimeCurve448,
  runtimeHas,
  systemRandom,
  verifyRelayChain,
  verifySignedKey,
  x3dhParams,
  type KeyAlgorithm,
} from '#core/crypto'
import { decode, encode } from '#core/encoding'

beforeAll(cryptoReady)

const exactly = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length })
const anyBytes = fc.uint8Array({ maxLength: 600 })

/** Decoders refuse with a code, never with a crash. */
function typed(fn: () => unknown): void {
  try {
    fn()
  } catch (error) {
    if (!isAppError(error)) throw error
  }
}

describe('X448 and Ed448', () => {
  const here = runtimeHas('x448') && runtimeHas('ed448')

  it.runIf(here)('are the same by the runtime and portable, whatever the keys', () => {
    fc.assert(
      fc.property(exactly(56), exactly(56), exactly(57), anyBytes, (a, b, seed, message) => {
        const peer = portableCurve448.x448PublicKey(b)
        expect(runtimeCurve448.x448PublicKey(b)).toEqual(peer)
        expect(runtimeCurve448.x448(a, peer)).toEqual(portableCurve448.x448(a, peer))
        const publicKey = portableCurve448.ed448PublicKey(seed)
        expect(runtimeCurve448.ed448PublicKey(seed)).toEqual(publicKey)
        const signature = portableCurve448.ed448Sign(seed, message)
        expect(runtimeCurve448.ed448Sign(seed, message)).toEqual(signature)
        expect(runtimeCurve448.ed448Verify(publicKey, message, signature)).toBe(true)
        expect(portableCurve448.ed448Verify(publicKey, message, signature)).toBe(true)
      }),
      { numRuns: 15 },
    )
  })

  it('agree from both sides, also when one side computes portably', () => {
    const [a, b] = [generateX448(), generateX448()]
    expect(portableCurve448.x448(a.privateKey, b.publicKey)).toEqual(
      portableCurve448.x448(b.privateKey, a.publicKey),
    )
    const key = generateEd448()
    expect(key.publicKey).toEqual(portableCurve448.ed448PublicKey(key.privateKey))
  })
})

describe('AES-256-GCM with a 16-byte IV', () => {
  it.runIf(runtimeHas('aes-gcm-iv16'))('is the same by the runtime and portable', () => {
    fc.assert(
      fc.property(exactly(32), exactly(16), anyBytes, anyBytes, (key, iv, aad, text) => {
        const sealed = runtimeAesGcm.seal(key, iv, aad, text)
        expect(portableAesGcm.seal(key, iv, aad, text)).toEqual(sealed)
        expect(runtimeAesGcm.open(key, iv, aad, sealed)).toEqual(text)
        expect(portableAesGcm.open(key, iv, aad, sealed)).toEqual(text)
      }),
      { numRuns: 50 },
    )
  })
})

describe('a box', () => {
  it('opens to what was put in, and not at all when a byte was changed', () => {
    fc.assert(
      fc.property(exactly(32), exactly(24), anyBytes, fc.nat(), (key, nonce, text, at) => {
        const sealed = box(key, nonce, text)
        expect(openBox(key, nonce, sealed)).toEqual(text)
        sealed[at % sealed.length]! ^= 1
        expect(() => openBox(key, nonce, sealed)).toThrow(expect.objectContaining({ code: 'crypto.box' }))
      }),
      { numRuns: 50 },
    )
  })
})

describe('keys and parameters on the wire', () => {
  it('read back as they were written', () => {
    const lengths: Readonly<Record<KeyAlgorithm, number>> = { ed25519: 32, x25519: 32, ed448: 57, x448: 56 }
    for (const [algorithm, length] of Object.entries(lengths) as [KeyAlgorithm, number][]) {
      fc.assert(
        fc.property(exactly(length), (raw) => {
          expect(decodeSpki(encodeSpki({ algorithm, raw }))).toEqual({ algorithm, raw })
        }),
      )
    }
    const kem = fc.option(
      fc.oneof(
        exactly(1158).map((key) => ({ type: 'proposed' as const, key })),
        fc
          .tuple(exactly(1039), exactly(1158))
          .map(([ciphertext, key]) => ({ type: 'accepted' as const, ciphertext, key })),
      ),
    )
    fc.assert(
      fc.property(exactly(56), exactly(56), kem, (key1, key2, offer) => {
        const params = { version: 3, key1, key2, kem: offer }
        expect(decode(x3dhParams, encode(x3dhParams, params))).toEqual(params)
      }),
      { numRuns: 20 },
    )
  })

  it('are typed errors when they are any bytes', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        typed(() => decodeSpki(bytes))
        typed(() => decodePkcs8(bytes))
        typed(() => decode(x3dhParams, bytes))
        typed(() => decode(kemOffer, bytes))
        typed(() => verifySignedKey({ algorithm: 'ed25519', raw: bytes.subarray(0, 32) }, bytes))
      }),
      { numRuns: 300 },
    )
  })
})

describe('a certificate', () => {
  const now = Date.UTC(2026, 10, 24)

  it('is a typed error when it is any bytes, and when any byte of a real one was changed', () => {
    const { leafCertDer, caCertDer, fingerprint } = createRelayIdentity(systemRandom, now)
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        typed(() => parseCertificate(bytes))
        typed(() => parseCertificate(Uint8Array.of(0x30, 0x80, ...bytes)))
      }),
      { numRuns: 300 },
    )
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const forged = leafCertDer.slice()
        forged[at % forged.length]! ^= mask
        typed(() => parseCertificate(forged))
        expect(() => verifyRelayChain([forged, caCertDer], fingerprint, now)).toThrow(
          expect.objectContaining({ name: 'CertificateError' }),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('never takes long, however deeply its ASN.1 is nested', () => {
    const nested = new Uint8Array(16_384).fill(0x30)
    for (let i = 1; i < nested.length; i += 2) nested[i] = 0x80
    typed(() => parseCertificate(nested))
    typed(() => parseCertificate(new Uint8Array(16_384).fill(0x30)))
    typed(() => parseCertificate(randomBytes(16_384)))
  })
})
