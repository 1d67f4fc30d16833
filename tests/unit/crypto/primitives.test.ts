import { beforeAll, describe, expect, it } from 'vitest'
import {
  aesGcmOpen,
  constantTimeEqual,
  cryptoReady,
  cryptoSelfTest,
  decodeSpki,
  ed25519Verify,
  ed448Verify,
  generateEd25519,
  generateX25519,
  generateX448,
  openBox,
  runtimeHas,
  sha3_384,
  spkiOf,
  x25519,
  x448,
} from '#core/crypto'
import { sha3_384 as portable } from '@noble/hashes/sha3.js'

beforeAll(cryptoReady)

const thrownBy = (fn: () => unknown): unknown => {
  try {
    return fn()
  } catch (error) {
    return error
  }
}

describe('the primitives', () => {
  it('give the known answers', () => {
    expect(cryptoSelfTest()).toEqual(
      expect.arrayContaining(['box', 'aesGcm', 'x25519', 'x448', 'ed25519', 'ed448', 'hkdfSha512']),
    )
  })

  it('are the runtime’s own exactly where it has them', () => {
    const isElectron = process.versions['electron'] !== undefined
    expect(runtimeHas('x448')).toBe(!isElectron)
    expect(runtimeHas('ed448')).toBe(!isElectron)
    expect(runtimeHas('aes-gcm-iv16')).toBe(true)
  })

  it('compute SHA3-384 the same by the runtime and portable', () => {
    for (const length of [0, 1, 24, 103, 104, 105, 5000]) {
      const data = new Uint8Array(length).fill(7)
      expect(sha3_384(data)).toEqual(portable(data))
    }
  })
})

describe('keys', () => {
  it('of low order are refused instead of agreeing on zeros', () => {
    const refused = { code: 'crypto.low-order' }
    const [a, b] = [generateX25519(), generateX448()]
    const one = (length: number): Uint8Array => new Uint8Array(length).fill(1, 0, 1)
    for (const low of [new Uint8Array(32), one(32)]) {
      expect(thrownBy(() => x25519(a.privateKey, low))).toMatchObject(refused)
    }
    for (const low of [new Uint8Array(56), one(56)]) {
      expect(thrownBy(() => x448(b.privateKey, low))).toMatchObject(refused)
    }
  })

  it('of the wrong length are refused with a code', () => {
    const { privateKey } = generateX25519()
    expect(thrownBy(() => x25519(privateKey, new Uint8Array(31)))).toMatchObject({ code: 'crypto.length' })
    expect(thrownBy(() => x448(privateKey, new Uint8Array(56)))).toMatchObject({ code: 'crypto.length' })
    expect(thrownBy(() => spkiOf('x448', new Uint8Array(32)))).toMatchObject({ code: 'encoding.encode' })
  })

  it('in BER that is not the one DER form are refused', () => {
    const der = spkiOf('ed25519', generateEd25519().publicKey)
    const longForm = Uint8Array.of(0x30, 0x81, 0x2a, ...der.subarray(2))
    expect(thrownBy(() => decodeSpki(longForm))).toMatchObject({ code: 'encoding.decode' })
  })
})

describe('signatures', () => {
  it('of the wrong length, or by something that is no key, do not verify', () => {
    const { publicKey } = generateEd25519()
    expect(ed25519Verify(publicKey, publicKey, new Uint8Array(63))).toBe(false)
    expect(ed25519Verify(new Uint8Array(31), publicKey, new Uint8Array(64))).toBe(false)
    expect(ed448Verify(new Uint8Array(57).fill(0xff), publicKey, new Uint8Array(114))).toBe(false)
    expect(ed448Verify(new Uint8Array(56), publicKey, new Uint8Array(114))).toBe(false)
  })
})

describe('sealed things', () => {
  it('shorter than their tag are refused with a code', () => {
    const [key, nonce] = [new Uint8Array(32), new Uint8Array(24)]
    expect(thrownBy(() => openBox(key, nonce, new Uint8Array(15)))).toMatchObject({ code: 'crypto.box' })
    const short = (): Uint8Array =>
      aesGcmOpen(key, new Uint8Array(16), new Uint8Array(0), new Uint8Array(15), new Uint8Array(0))
    expect(thrownBy(short)).toMatchObject({ code: 'crypto.length' })
  })

  it('are compared without telling where they differ', () => {
    expect(constantTimeEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
    expect(constantTimeEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false)
    expect(constantTimeEqual(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false)
  })
})
