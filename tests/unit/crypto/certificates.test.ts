import { beforeAll, describe, expect, it } from 'vitest'
import { concatBytes, type Millis } from '#core/base'
import {
  createRelayIdentity,
  cryptoReady,
  decodePkcs8,
  generateX25519,
  newOnlineCertificate,
  parseCertificate,
  pemOf,
  sha256,
  signSessionKey,
  systemRandom,
  verifyRelayChain,
  verifySignedKey,
  type RelayIdentity,
} from '#core/crypto'

beforeAll(cryptoReady)

const now: Millis = Date.UTC(2026, 10, 24, 12)
const DAY = 86_400_000

function refusal(chain: readonly Uint8Array[], fingerprint: Uint8Array, at: Millis = now): unknown {
  try {
    verifyRelayChain(chain, fingerprint, at)
  } catch (error) {
    return error
  }
  return 'accepted'
}

function anIdentity(): RelayIdentity {
  return createRelayIdentity(systemRandom, now, 'relay.test')
}

describe('a relay chain (smp.md 2.2)', () => {
  it('is accepted when the leaf is signed by the pinned identity', () => {
    const { leafCertDer, caCertDer, fingerprint, leafKey } = anIdentity()
    const { leafPublicKey } = verifyRelayChain([leafCertDer, caCertDer], fingerprint, now)
    expect(leafPublicKey.algorithm).toBe('ed25519')
    expect(decodePkcs8(leafKey).algorithm).toBe('ed25519')
  })

  it('is accepted with a leaf made later for the same identity', () => {
    const { caCertDer, caKey, fingerprint } = anIdentity()
    const { leafCertDer } = newOnlineCertificate(caCertDer, caKey, 'other.test', { now: now + DAY })
    expect(refusal([leafCertDer, caCertDer], fingerprint, now + 2 * DAY)).toBe('accepted')
  })

  it('is refused when another certificate stands in place of the identity', () => {
    const [one, other] = [anIdentity(), anIdentity()]
    expect(refusal([one.leafCertDer, other.caCertDer], one.fingerprint)).toMatchObject({
      code: 'certificate.fingerprint',
    })
  })

  it('is refused when the pinned identity is there but did not sign the leaf', () => {
    const [one, other] = [anIdentity(), anIdentity()]
    expect(refusal([other.leafCertDer, one.caCertDer], one.fingerprint)).toMatchObject({
      code: 'certificate.signature',
      facts: { at: 0 },
    })
  })

  it('is refused with fewer than two or more than four certificates', () => {
    const { leafCertDer, caCertDer, fingerprint } = anIdentity()
    for (const chain of [[], [caCertDer], [leafCertDer, caCertDer, caCertDer, caCertDer, caCertDer]]) {
      expect(refusal(chain, fingerprint)).toMatchObject({ code: 'certificate.chain-length' })
    }
  })

  it('may go on after the identity as long as each signs the one before', () => {
    const { leafCertDer, caCertDer, fingerprint } = anIdentity()
    expect(refusal([leafCertDer, caCertDer, caCertDer], fingerprint)).toBe('accepted')
    expect(refusal([leafCertDer, caCertDer, caCertDer, caCertDer], fingerprint)).toBe('accepted')
    expect(refusal([leafCertDer, caCertDer, anIdentity().caCertDer], fingerprint)).toMatchObject({
      code: 'certificate.signature',
      facts: { at: 1 },
    })
  })

  it('is refused when an intermediate may not sign certificates', () => {
    const { caCertDer, caKey, leafCertDer, leafKey } = anIdentity()
    const { leafCertDer: under } = newOnlineCertificate(leafCertDer, leafKey, 'under.test', { now })
    expect(decodePkcs8(caKey).raw).toHaveLength(32)
    expect(refusal([under, leafCertDer, caCertDer], sha256(leafCertDer))).toMatchObject({
      code: 'certificate.not-authority',
      facts: { at: 1 },
    })
  })

  it('is refused before the leaf begins and after it ends', () => {
    const { leafCertDer, caCertDer, fingerprint } = anIdentity()
    const { notBefore, notAfter } = parseCertificate(leafCertDer)
    // a day for clocks that are behind
    expect(notBefore).toBe(now - 86_400_000)
    expect(new Date(notAfter).getUTCFullYear()).toBeGreaterThan(4700)
    for (const at of [notBefore - 1, notAfter + 1]) {
      expect(refusal([leafCertDer, caCertDer], fingerprint, at)).toMatchObject({
        code: 'certificate.validity',
      })
    }
  })

  it('is refused when a certificate is no certificate or has bytes after its end', () => {
    const { leafCertDer, caCertDer, fingerprint } = anIdentity()
    for (const leaf of [new Uint8Array(0), new Uint8Array(300), concatBytes(leafCertDer, Uint8Array.of(0))]) {
      expect(refusal([leaf, caCertDer], fingerprint)).toMatchObject({ code: 'certificate.malformed' })
    }
  })
})

describe('a signed session key (smp.md 3.3)', () => {
  it('gives back the key that the leaf signed', () => {
    const { leafKey, leafCertDer } = anIdentity()
    const { publicKey } = generateX25519()
    const signed = signSessionKey(leafKey, publicKey)
    expect(signed).toHaveLength(122)
    expect(verifySignedKey(parseCertificate(leafCertDer).subjectKey, signed)).toEqual(publicKey)
  })

  it('is refused from another leaf, and when any byte was changed', () => {
    const { leafKey, leafCertDer } = anIdentity()
    const signed = signSessionKey(leafKey, generateX25519().publicKey)
    const refused = expect.objectContaining({ code: 'certificate.session-key' }) as unknown
    const other = parseCertificate(anIdentity().leafCertDer).subjectKey
    expect(() => verifySignedKey(other, signed)).toThrow(refused as Error)
    const own = parseCertificate(leafCertDer).subjectKey
    for (let at = 0; at < signed.length; at++) {
      const forged = signed.slice()
      forged[at]! ^= 1
      expect(() => verifySignedKey(own, forged)).toThrow(refused as Error)
    }
  })
})

describe('PEM', () => {
  it('has lines of 64 letters between its labels', () => {
    const lines = pemOf(new Uint8Array(100), 'CERTIFICATE').split('\n')
    expect(lines[0]).toBe('-----BEGIN CERTIFICATE-----')
    expect(lines[1]).toHaveLength(64)
    expect(lines.at(-2)).toBe('-----END CERTIFICATE-----')
  })
})
