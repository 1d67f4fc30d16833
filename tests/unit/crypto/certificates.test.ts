import * as asn1 from 'asn1js'
import { beforeAll, describe, expect, it } from 'vitest'
import { concatBytes, type Millis } from '#core/base'
import {
  createRelayIdentity,
  cryptoReady,
  decodePkcs8,
  generateEd25519,
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

import { extension, signCertificate } from '../../../core/crypto/relay-identity.ts'

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

  const sequence = (...value: asn1.AsnType[]): asn1.Sequence => new asn1.Sequence({ value })
  const constraints = (isAuthority: boolean, pathLength?: number): asn1.Sequence =>
    extension(
      '2.5.29.19',
      sequence(
        ...(isAuthority ? [new asn1.Boolean({ value: true })] : []),
        ...(pathLength === undefined ? [] : [new asn1.Integer({ value: pathLength })]),
      ),
      'critical',
    )
  const usage = (bits: number): asn1.Sequence =>
    extension('2.5.29.15', new asn1.BitString({ valueHex: Uint8Array.of(bits) }))
  const purpose = (oid: string): asn1.Sequence =>
    extension('2.5.29.37', sequence(new asn1.ObjectIdentifier({ value: oid })))

  /** Signed by `keys[signer]`, which stand for the authorities from the leaf's up. */
  function certificate(publicKey: Uint8Array, signer: Uint8Array, extensions: asn1.Sequence[]): Uint8Array {
    return signCertificate(
      systemRandom,
      { algorithm: 'ed25519', raw: signer },
      { subject: { commonName: 'x' }, notBefore: now - DAY, publicKey, extensions },
    )
  }

  function chainWith(leaf: asn1.Sequence[], identity: asn1.Sequence[]): [Uint8Array[], Uint8Array] {
    const [own, ca] = [generateEd25519(systemRandom), generateEd25519(systemRandom)]
    const caDer = certificate(ca.publicKey, ca.privateKey, identity)
    return [[certificate(own.publicKey, ca.privateKey, leaf), caDer], sha256(caDer)]
  }

  const SERVER = '1.3.6.1.5.5.7.3.1'
  const CLIENT = '1.3.6.1.5.5.7.3.2'
  const unknown = extension('1.2.3.4', new asn1.Null(), 'critical')

  it.each([
    ['a leaf for clients only', [purpose(CLIENT)], [constraints(true)], 'certificate.purpose'],
    ['a leaf that may not sign', [usage(0x08)], [constraints(true)], 'certificate.purpose'],
    ['an authority as leaf', [constraints(true)], [constraints(true)], 'certificate.purpose'],
    ['an unknown critical extension', [unknown], [constraints(true)], 'certificate.extension'],
    ['one in the identity', [], [constraints(true), unknown], 'certificate.extension'],
    ['an identity that is no authority', [], [constraints(false)], 'certificate.not-authority'],
    ['an identity without a word on it', [], [], 'certificate.not-authority'],
    ['an identity that may not sign', [], [constraints(true), usage(0x80)], 'certificate.not-authority'],
  ])('is refused with %s', (_what, leaf, identity, code) => {
    expect(refusal(...chainWith(leaf, identity))).toMatchObject({ code })
  })

  it('is accepted with what upstream writes, and with less', () => {
    for (const leaf of [[], [purpose(SERVER), usage(0xc8)], [constraints(false), purpose(SERVER)]])
      expect(refusal(...chainWith(leaf, [constraints(true)]))).toBe('accepted')
    expect(refusal(...chainWith([], [constraints(true, 0)]))).toBe('accepted')
  })

  it('is refused when more authorities stand below one than it allows', () => {
    const [own, middle, root] = [1, 2, 3].map(() => generateEd25519(systemRandom)) as [
      ReturnType<typeof generateEd25519>,
      ReturnType<typeof generateEd25519>,
      ReturnType<typeof generateEd25519>,
    ]
    for (const [allowed, expected] of [
      [0, { code: 'certificate.path-length', facts: { at: 2 } }],
      [1, 'accepted'],
    ] as const) {
      const rootDer = certificate(root.publicKey, root.privateKey, [constraints(true, allowed)])
      const identity = certificate(middle.publicKey, root.privateKey, [constraints(true)])
      const leaf = certificate(own.publicKey, middle.privateKey, [])
      const found = refusal([leaf, identity, rootDer], sha256(identity))
      if (typeof expected === 'string') expect(found).toBe(expected)
      else expect(found).toMatchObject(expected)
    }
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
