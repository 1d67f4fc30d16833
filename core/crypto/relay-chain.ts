import type { Millis } from '#core/base'
import { DecodeError } from '#core/encoding'
import { CertificateError } from './errors.ts'
import { constantTimeEqual, sha256 } from './hashes.ts'
import { verifyWith, type PublicKey } from './public-key.ts'
import { parseCertificate, type Certificate } from './x509.ts'

/** Accepted lengths of a chain, leaf first. In all of them the identity is the second certificate. smp.md 2.2 */
const SHORTEST_CHAIN = 2
const LONGEST_CHAIN = 4

/**
 * smp.md 2.2, steps 1 to 3: the shape of the chain and the pinned identity, what leaf and intermediates must be, and that
 * each certificate is really signed by the next one. The last certificate is trusted through the pinned hash alone.
 * Steps 4 and 5 (the leaf is the one that TLS saw; the session key) belong to the caller.
 */
export function verifyRelayChain(
  chainDer: readonly Uint8Array[],
  fingerprint: Uint8Array,
  now: Millis,
): { leafPublicKey: PublicKey } {
  if (chainDer.length < SHORTEST_CHAIN || chainDer.length > LONGEST_CHAIN) {
    throw new CertificateError('certificate.chain-length', 'no chain of two to four certificates', {
      length: chainDer.length,
    })
  }
  if (!constantTimeEqual(sha256(chainDer[1]!), fingerprint)) {
    throw new CertificateError('certificate.fingerprint', 'the relay has another identity')
  }
  const chain = chainDer.map(parse)
  const leaf = chain[0]!
  if (leaf.version !== 3)
    throw new CertificateError('certificate.malformed', 'the leaf is not X.509 v3', { at: 0 })
  if (leaf.isAuthority || !leaf.mayServe)
    throw new CertificateError('certificate.purpose', 'a leaf that is not for a server', { at: 0 })
  chain.forEach((certificate, at) => {
    if (certificate.hasUnknownCritical)
      throw new CertificateError('certificate.extension', 'a critical extension that is not known', { at })
    if (at > 0) requireAuthority(certificate, at)
  })
  chain.slice(0, -1).forEach((certificate, at) => {
    if (now < certificate.notBefore || now > certificate.notAfter) {
      throw new CertificateError('certificate.validity', 'outside of its period of validity', { at })
    }
    requireSignedBy(certificate, chain[at + 1]!.subjectKey, at)
  })
  return { leafPublicKey: leaf.subjectKey }
}

/** RFC 5280 4.2.1.3, 4.2.1.9; the identity is one, too: upstream writes `CA:true` into it. */
function requireAuthority({ isAuthority, maySignCertificates, pathLength }: Certificate, at: number): void {
  if (!isAuthority || !maySignCertificates)
    throw new CertificateError('certificate.not-authority', 'a certificate that may not sign', { at })
  if (pathLength !== null && pathLength < at - 1)
    throw new CertificateError('certificate.path-length', 'too many authorities below it', { at })
}

function parse(der: Uint8Array, at: number): Certificate {
  try {
    return parseCertificate(der)
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause
    throw new CertificateError('certificate.malformed', 'not a certificate', { at }, { cause })
  }
}

function requireSignedBy(certificate: Certificate, key: PublicKey, at: number): void {
  const fits =
    key.algorithm === certificate.signatureAlgorithm &&
    verifyWith(key, certificate.tbs, certificate.signature)
  if (!fits) throw new CertificateError('certificate.signature', 'not signed by the next certificate', { at })
}
