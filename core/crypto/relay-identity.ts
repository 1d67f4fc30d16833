import * as asn1 from 'asn1js'
import type { Millis, Random } from '#core/base'
import { generateEd25519 } from './curve25519.ts'
import { sha256 } from './hashes.ts'
import { decodePkcs8, encodePkcs8, signWith, spkiOf, type PrivateKey } from './public-key.ts'
import { systemRandom } from './random.ts'
import { OID, parseCertificate } from './x509.ts'

export interface RelayIdentity {
  /** The identity: its SHA-256 is the fingerprint in the relay's address. Its key stays offline after this. */
  readonly caCertDer: Uint8Array
  readonly caKey: Uint8Array
  readonly leafCertDer: Uint8Array
  readonly leafKey: Uint8Array
  readonly fingerprint: Uint8Array
}

const VALIDITY_DAYS = 999_999 // as upstream makes them, so the year needs GeneralizedTime; smp.md 2.2
const DAY = 86_400_000 // ms
const SERIAL = 16 // bytes, as upstream's; RFC 5280 4.1.2.2 allows 20
const KEY_ID = 20 // bytes: SHA-256 of the key cut short; RFC 7093 section 2, method 1
const GENERALIZED_FROM = 2050 // first year that UTCTime cannot hold; RFC 5280 4.1.2.5

/** Whoever's clock is behind ours finds the certificate valid all the same. */
const CLOCKS_APART: Millis = 86_400_000

const CA_NAME = { commonName: 'SMP server CA', organization: 'SimpleX' } // smp.md 2.2

/** A fresh Ed25519 authority and a leaf for `host` signed by it. Keys are PKCS#8 DER. smp.md 2.2 */
export function createRelayIdentity(random: Random, now: Millis, host = 'localhost'): RelayIdentity {
  const ca = generateEd25519(random)
  const caKey: PrivateKey = { algorithm: 'ed25519', raw: ca.privateKey }
  const caKeyId = keyId(ca.publicKey)
  const caCertDer = signCertificate(random, caKey, {
    subject: CA_NAME,
    notBefore: now - CLOCKS_APART,
    publicKey: ca.publicKey,
    extensions: [
      extension(OID.subjectKeyId, new asn1.OctetString({ valueHex: caKeyId })),
      extension(OID.authorityKeyId, authorityKeyId(caKeyId)),
      extension(OID.basicConstraints, sequence(new asn1.Boolean({ value: true })), 'critical'),
    ],
  })
  const caKeyDer = encodePkcs8(caKey)
  const leaf = newOnlineCertificate(caCertDer, caKeyDer, host, { random, now })
  return { caCertDer, caKey: caKeyDer, ...leaf, fingerprint: sha256(caCertDer) }
}

/** Another leaf under the same identity; valid from `now`, or else from when the authority is. */
export function newOnlineCertificate(
  caCertDer: Uint8Array,
  caKey: Uint8Array,
  host: string,
  options: { random?: Random; now?: Millis } = {},
): { leafCertDer: Uint8Array; leafKey: Uint8Array } {
  const random = options.random ?? systemRandom
  const ca = parseCertificate(caCertDer)
  const leaf = generateEd25519(random)
  const leafCertDer = signCertificate(random, decodePkcs8(caKey), {
    subject: { commonName: host },
    notBefore: options.now === undefined ? ca.notBefore : options.now - CLOCKS_APART,
    publicKey: leaf.publicKey,
    extensions: [
      extension(OID.basicConstraints, sequence()),
      // digitalSignature, nonRepudiation, keyAgreement
      extension(OID.keyUsage, new asn1.BitString({ valueHex: Uint8Array.of(0xc8), unusedBits: 3 })),
      extension(OID.extendedKeyUsage, sequence(oid(OID.serverAuth))),
      extension(OID.subjectKeyId, new asn1.OctetString({ valueHex: keyId(leaf.publicKey) })),
      extension(OID.authorityKeyId, authorityKeyId(ca.subjectKeyId ?? keyId(ca.subjectKey.raw))),
    ],
  })
  return { leafCertDer, leafKey: encodePkcs8({ algorithm: 'ed25519', raw: leaf.privateKey }) }
}

interface Contents {
  readonly subject: { commonName: string; organization?: string }
  readonly notBefore: Millis
  readonly publicKey: Uint8Array
  readonly extensions: readonly asn1.Sequence[]
}

/** Exported for tests of certificates that no relay makes. */
export function signCertificate(random: Random, issuerKey: PrivateKey, contents: Contents): Uint8Array {
  const serial = random.bytes(SERIAL)
  serial[0] = (serial[0]! & 0x7f) | 0x40 // positive, and no leading zero byte that DER would forbid
  const algorithm = (): asn1.Sequence =>
    sequence(oid(issuerKey.algorithm === 'ed448' ? OID.ed448 : OID.ed25519))
  const tbs = sequence(
    explicit(0, new asn1.Integer({ value: 2 })), // X.509 v3
    new asn1.Integer({ valueHex: serial }),
    algorithm(),
    distinguishedName(CA_NAME),
    sequence(time(contents.notBefore), time(contents.notBefore + VALIDITY_DAYS * DAY)),
    distinguishedName(contents.subject),
    parsed(spkiOf('ed25519', contents.publicKey)),
    explicit(3, sequence(...contents.extensions)),
  )
  const signature = signWith(issuerKey, der(tbs))
  return der(sequence(tbs, algorithm(), new asn1.BitString({ valueHex: signature })))
}

/* ---- ASN.1, the few forms that a certificate needs */

function der(node: asn1.AsnType): Uint8Array {
  return new Uint8Array(node.toBER())
}

function parsed(bytes: Uint8Array): asn1.AsnType {
  return asn1.fromBER(bytes).result
}

function sequence(...value: asn1.AsnType[]): asn1.Sequence {
  return new asn1.Sequence({ value })
}

function oid(value: string): asn1.ObjectIdentifier {
  return new asn1.ObjectIdentifier({ value })
}

function explicit(tagNumber: number, inner: asn1.AsnType): asn1.Constructed {
  return new asn1.Constructed({ idBlock: { tagClass: 3, tagNumber }, value: [inner] })
}

export function extension(id: string, value: asn1.AsnType, critical?: 'critical'): asn1.Sequence {
  const flag = critical ? [new asn1.Boolean({ value: true })] : []
  return sequence(oid(id), ...flag, new asn1.OctetString({ valueHex: der(value) }))
}

function authorityKeyId(id: Uint8Array): asn1.Sequence {
  return sequence(new asn1.Primitive({ idBlock: { tagClass: 3, tagNumber: 0 }, valueHex: id }))
}

function keyId(publicKey: Uint8Array): Uint8Array {
  return sha256(publicKey).slice(0, KEY_ID)
}

function distinguishedName(name: { commonName: string; organization?: string }): asn1.Sequence {
  const attribute = (id: string, value: string): asn1.Set =>
    new asn1.Set({ value: [sequence(oid(id), new asn1.Utf8String({ value }))] })
  const parts = [attribute(OID.commonName, name.commonName)]
  if (name.organization !== undefined) parts.push(attribute(OID.organization, name.organization))
  return sequence(...parts)
}

/** Whole seconds; the form follows the year. */
function time(at: Millis): asn1.UTCTime {
  const valueDate = new Date(Math.floor(at / 1000) * 1000)
  return valueDate.getUTCFullYear() >= GENERALIZED_FROM
    ? new asn1.GeneralizedTime({ valueDate })
    : new asn1.UTCTime({ valueDate })
}

/** PEM text, as TLS libraries want certificates and keys. */
export function pemOf(bytes: Uint8Array, label: string): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
