import * as asn1 from 'asn1js'
import { concatBytes, equalBytes, type Millis } from '#core/base'
import { DecodeError } from '#core/encoding'
import { decodeSpki, type PublicKey, type SignatureAlgorithm } from './public-key.ts'

/** What smp.md 2.2 looks at in a certificate; names are nobody's business. */
export interface Certificate {
  /** The signed part, byte for byte as received. */
  readonly tbs: Uint8Array
  readonly version: number
  readonly notBefore: Millis
  readonly notAfter: Millis
  readonly subjectKey: PublicKey
  readonly signatureAlgorithm: SignatureAlgorithm
  readonly signature: Uint8Array
  /** basicConstraints says CA:TRUE. */
  readonly isAuthority: boolean
  /** keyUsage allows signing certificates, or there is no keyUsage. */
  readonly maySignCertificates: boolean
  /** How many authorities may stand between this one and the leaf; null: any number. */
  readonly pathLength: number | null
  /** keyUsage allows signatures, and extendedKeyUsage the part of a server, or they are not there. */
  readonly mayServe: boolean
  /** There is an extension that nobody may overlook, and that is not known here. RFC 5280 4.2 */
  readonly hasUnknownCritical: boolean
  readonly subjectKeyId: Uint8Array | null
}

export const OID = {
  ed25519: '1.3.101.112',
  ed448: '1.3.101.113',
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const

const CONTEXT_SPECIFIC = 3
const KEY_CERT_SIGN = 0x04 // bit 5 of the first keyUsage byte; RFC 5280 4.2.1.3
const DIGITAL_SIGNATURE = 0x80 // bit 0
const ANY_PURPOSE = '2.5.29.37.0'
/** Extensions that are looked at, or that say nothing to us: a relay is told by its fingerprint, not by names. */
const KNOWN: ReadonlySet<string> = new Set([
  ...[OID.subjectKeyId, OID.authorityKeyId, OID.keyUsage, OID.extendedKeyUsage],
  ...[OID.basicConstraints, OID.subjectAltName],
])

/** Reads one DER certificate; anything that is not one, or has bytes after it, is a `DecodeError`. */
export function parseCertificate(der: Uint8Array): Certificate {
  const [tbs, algorithm, signature] = children(parseDer(der, 'certificate'), 3) as [
    asn1.AsnType,
    asn1.AsnType,
    asn1.AsnType,
  ]
  const fields = children(tbs, 6, 10)
  requireDer(der, tbs, algorithm, signature)
  const versioned = isContext(fields[0]!, 0)
  const version = versioned ? 1 + smallInteger(children(fields[0]!, 1)[0]!) : 1
  const [, innerAlgorithm, , validity, , key, ...rest] = versioned ? fields.slice(1) : fields
  if (!innerAlgorithm || !validity || !key) throw malformed('certificate fields')
  const signatureAlgorithm = readAlgorithm(algorithm!)
  if (readAlgorithm(innerAlgorithm) !== signatureAlgorithm) throw malformed('two signature algorithms')
  const [notBefore, notAfter] = children(validity, 2)
  const { extensions, critical } = readExtensions(rest.find((field) => isContext(field, 3)))
  const keyId = extensions.get(OID.subjectKeyId)
  return {
    tbs: bytesOf(tbs!),
    version,
    notBefore: readTime(notBefore!),
    notAfter: readTime(notAfter!),
    subjectKey: decodeSpki(bytesOf(key)),
    signatureAlgorithm,
    signature: bitString(signature!),
    isAuthority: readIsAuthority(extensions.get(OID.basicConstraints)),
    maySignCertificates: readUsage(extensions.get(OID.keyUsage), KEY_CERT_SIGN),
    pathLength: readPathLength(extensions.get(OID.basicConstraints)),
    mayServe:
      readUsage(extensions.get(OID.keyUsage), DIGITAL_SIGNATURE) &&
      readIsServer(extensions.get(OID.extendedKeyUsage)),
    hasUnknownCritical: [...critical].some((id) => !KNOWN.has(id)),
    subjectKeyId: keyId ? octets(parseDer(keyId, 'key id')) : null,
  }
}

/** What stands around the signed part is covered by no signature, so it has to be the one DER form. */
function requireDer(
  der: Uint8Array,
  tbs: asn1.AsnType,
  algorithm: asn1.AsnType,
  signature: asn1.AsnType,
): void {
  const oid = readAlgorithm(algorithm) === 'ed25519' ? 0x70 : 0x71
  const raw = bitString(signature)
  const inner = concatBytes(
    bytesOf(tbs),
    Uint8Array.of(0x30, 5, 6, 3, 0x2b, 0x65, oid, 3, raw.length + 1, 0),
    raw,
  )
  const { length } = inner
  const header = length < 0x100 ? [0x30, 0x81, length] : [0x30, 0x82, length >> 8, length & 0xff]
  if (!equalBytes(der, concatBytes(Uint8Array.from(header), inner))) throw malformed('DER of a certificate')
}

/** The one ASN.1 value that `der` is, to its last byte. */
export function parseDer(der: Uint8Array, what: string): asn1.AsnType {
  let parsed: asn1.FromBerResult
  try {
    parsed = asn1.fromBER(der.slice())
  } catch (cause) {
    throw new DecodeError(`${what} is not ASN.1`, 0, '', { cause })
  }
  if (parsed.offset !== der.length) throw malformed(what)
  return parsed.result
}

export function children(node: asn1.AsnType, least: number, most = least): asn1.AsnType[] {
  const value: unknown = node instanceof asn1.Constructed ? node.valueBlock.value : null
  if (!Array.isArray(value) || value.length < least || value.length > most) throw malformed('ASN.1 sequence')
  return value as asn1.AsnType[]
}

/** The node as it was received, header included. */
export function bytesOf(node: asn1.AsnType): Uint8Array {
  return new Uint8Array(node.valueBeforeDecodeView)
}

export function readAlgorithm(node: asn1.AsnType): SignatureAlgorithm {
  const [oid] = children(node, 1)
  const text = readOid(oid!)
  if (text === OID.ed25519) return 'ed25519'
  if (text === OID.ed448) return 'ed448'
  throw malformed('signature algorithm')
}

export function bitString(node: asn1.AsnType): Uint8Array {
  if (!(node instanceof asn1.BitString) || node.valueBlock.unusedBits !== 0) throw malformed('bit string')
  return new Uint8Array(node.valueBlock.valueHexView)
}

function octets(node: asn1.AsnType): Uint8Array {
  if (!(node instanceof asn1.OctetString)) throw malformed('octet string')
  return new Uint8Array(node.valueBlock.valueHexView)
}

function readOid(node: asn1.AsnType): string {
  if (!(node instanceof asn1.ObjectIdentifier)) throw malformed('object identifier')
  return node.valueBlock.toString()
}

function smallInteger(node: asn1.AsnType): number {
  if (!(node instanceof asn1.Integer)) throw malformed('integer')
  const bytes = node.valueBlock.valueHexView
  if (bytes.length !== 1 || bytes[0]! > 0x7f) throw malformed('integer')
  return bytes[0]!
}

function isContext(node: asn1.AsnType, tag: number): boolean {
  return node.idBlock.tagClass === CONTEXT_SPECIFIC && node.idBlock.tagNumber === tag
}

/** UTCTime has two digits for the year (50..99 = 1950..1999), GeneralizedTime four; always UTC. RFC 5280 4.1.2.5 */
function readTime(node: asn1.AsnType): Millis {
  if (!(node instanceof asn1.UTCTime)) throw malformed('time') // GeneralizedTime extends it
  const text = String.fromCharCode(...bytesOf(node).subarray(2))
  const general = node instanceof asn1.GeneralizedTime
  const match = (general ? /^(\d{4})(\d{10})Z$/ : /^(\d{2})(\d{10})Z$/).exec(text)
  if (!match) throw malformed('time')
  const year = general ? Number(match[1]) : ((Number(match[1]) + 50) % 100) + 1950
  const [month, day, hour, minute, second] = match[2]!.match(/../g)!.map(Number)
  const date = new Date(0)
  date.setUTCFullYear(year, month! - 1, day)
  date.setUTCHours(hour!, minute!, second)
  if (date.getUTCMonth() !== month! - 1 || date.getUTCDate() !== day!) throw malformed('date')
  return date.getTime()
}

function readExtensions(wrapper: asn1.AsnType | undefined): {
  extensions: ReadonlyMap<string, Uint8Array>
  critical: ReadonlySet<string>
} {
  const found = new Map<string, Uint8Array>()
  const critical = new Set<string>()
  if (!wrapper) return { extensions: found, critical }
  for (const extension of children(children(wrapper, 1)[0]!, 0, 64)) {
    const parts = children(extension, 2, 3)
    const oid = readOid(parts[0]!)
    if (found.has(oid)) throw malformed('extension given twice')
    found.set(oid, octets(parts.at(-1)!))
    if (parts.length === 3 && isTrue(parts[1])) critical.add(oid)
  }
  return { extensions: found, critical }
}

function isTrue(node: asn1.AsnType | undefined): boolean {
  return node instanceof asn1.Boolean && node.valueBlock.value
}

function readIsAuthority(basicConstraints: Uint8Array | undefined): boolean {
  if (!basicConstraints) return false
  const [flag] = children(parseDer(basicConstraints, 'basic constraints'), 0, 2)
  return isTrue(flag)
}

function readPathLength(basicConstraints: Uint8Array | undefined): number | null {
  if (!basicConstraints) return null
  const length = children(parseDer(basicConstraints, 'basic constraints'), 0, 2).find(
    (node) => node instanceof asn1.Integer,
  )
  return length === undefined ? null : smallInteger(length)
}

/** Without the extension every use is allowed. */
function readUsage(keyUsage: Uint8Array | undefined, bit: number): boolean {
  if (!keyUsage) return true
  const node = parseDer(keyUsage, 'key usage')
  if (!(node instanceof asn1.BitString)) throw malformed('key usage')
  return ((node.valueBlock.valueHexView[0] ?? 0) & bit) !== 0
}

function readIsServer(extendedKeyUsage: Uint8Array | undefined): boolean {
  if (!extendedKeyUsage) return true
  const purposes = children(parseDer(extendedKeyUsage, 'extended key usage'), 1, 64).map(readOid)
  return purposes.includes(OID.serverAuth) || purposes.includes(ANY_PURPOSE)
}

function malformed(what: string): DecodeError {
  return new DecodeError(`malformed ${what}`, 0)
}
