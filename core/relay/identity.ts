/**
 * The relay's certificates: made once, then kept. Losing them loses every queue address in the world that names them.
 *
 *   identity/ca.crt     its SHA-256 is in every address       identity/server.crt, server.key   what TLS shows
 *   identity/ca.key     needed for new server certificates only: can be taken offline
 *   identity/*.new      a change of certificate that is not over
 */
import { X509Certificate, createPrivateKey } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Millis, Random } from '#core/base'
import { createRelayIdentity, newOnlineCertificate, pemOf, sha256 } from '#core/crypto'
import { RelayError } from './errors.ts'

export interface RelayKeys {
  /** DER, leaf first. */
  readonly chain: readonly Uint8Array[]
  /** PKCS#8 DER. */
  readonly leafKey: Uint8Array
  readonly fingerprint: Uint8Array
}

const FOLDER = 'identity'
const OWNER_ONLY = 0o600
const OWNER_ONLY_FOLDER = 0o700

export function identityExists(dataDir: string): boolean {
  return existsSync(join(dataDir, FOLDER))
}

/** Written beside, then renamed: a crash leaves no half of an identity. */
export function makeIdentity(dataDir: string, random: Random, now: Millis): void {
  const made = createRelayIdentity(random, now)
  const draft = join(dataDir, `${FOLDER}.new`)
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: OWNER_ONLY_FOLDER })
  writeDurably(join(draft, 'ca.crt'), pemOf(made.caCertDer, 'CERTIFICATE'))
  writeDurably(join(draft, 'ca.key'), pemOf(made.caKey, 'PRIVATE KEY'))
  writeDurably(join(draft, 'server.crt'), pemOf(made.leafCertDer, 'CERTIFICATE'))
  writeDurably(join(draft, 'server.key'), pemOf(made.leafKey, 'PRIVATE KEY'))
  renameSync(draft, join(dataDir, FOLDER))
  syncFolder(dataDir)
}

/** Throws `RelayError` 'relay.identity'. */
export function loadIdentity(dataDir: string): RelayKeys {
  const ca = readPem(dataDir, 'ca.crt')
  const leafKey = readPem(dataDir, 'server.key')
  const leaf = leafOf(dataDir, leafKey)
  return { chain: [leaf, ca], leafKey, fingerprint: sha256(ca) }
}

/**
 * A new certificate and key for TLS under the same identity: the address stays. `caKeyPem` is the text of `ca.key`, which
 * may be kept elsewhere; without it, the one in the folder is used. Throws `RelayError` 'relay.identity'.
 */
export function rotateCertificate(dataDir: string, random: Random, now: Millis, caKeyPem?: string): void {
  const ca = readPem(dataDir, 'ca.crt')
  const caKey = caKeyPem === undefined ? readPem(dataDir, 'ca.key') : pemBody(caKeyPem, 'ca.key')
  if (!belongs(ca, caKey))
    throw new RelayError('relay.identity', 'not the key of this identity', { file: 'ca.key' })
  const { leafCertDer, leafKey } = newOnlineCertificate(ca, caKey, 'localhost', { random, now })
  const folder = join(dataDir, FOLDER)
  const drafts = [join(folder, 'server.key.new'), join(folder, CERT_DRAFT)] as const
  for (const draft of drafts) rmSync(draft, { force: true })
  writeDurably(drafts[0], pemOf(leafKey, 'PRIVATE KEY'))
  writeDurably(drafts[1], pemOf(leafCertDer, 'CERTIFICATE'))
  syncFolder(folder)
  renameSync(drafts[0], join(folder, 'server.key'))
  renameSync(drafts[1], join(folder, 'server.crt'))
  syncFolder(folder)
}

const CERT_DRAFT = 'server.crt.new'

/** The certificate of the key; where a change was cut between its two files, it is brought to its end. */
function leafOf(dataDir: string, leafKey: Uint8Array): Uint8Array {
  const leaf = readPem(dataDir, 'server.crt')
  if (belongs(leaf, leafKey)) return leaf
  const folder = join(dataDir, FOLDER)
  if (existsSync(join(folder, CERT_DRAFT))) {
    const draft = readPem(dataDir, CERT_DRAFT)
    if (belongs(draft, leafKey)) {
      renameSync(join(folder, CERT_DRAFT), join(folder, 'server.crt'))
      syncFolder(folder)
      return draft
    }
  }
  throw new RelayError('relay.identity', 'key and certificate do not belong together', { file: 'server.key' })
}

function belongs(certificate: Uint8Array, key: Uint8Array): boolean {
  try {
    const privateKey = createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' })
    return new X509Certificate(certificate).checkPrivateKey(privateKey)
  } catch {
    return false
  }
}

function readPem(dataDir: string, name: string): Uint8Array {
  try {
    const text = readFileSync(join(dataDir, FOLDER, name), 'utf8')
    return pemBody(text, name)
  } catch (cause) {
    if (cause instanceof RelayError) throw cause
    throw new RelayError('relay.identity', 'a file of the identity cannot be read', { file: name }, { cause })
  }
}

function pemBody(text: string, name: string): Uint8Array {
  const body = /-----BEGIN [A-Z ]+-----([A-Za-z0-9+/=\s]+)-----END/.exec(text)?.[1]
  if (!body) throw new RelayError('relay.identity', 'not a PEM file', { file: name })
  return new Uint8Array(Buffer.from(body, 'base64'))
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'wx', OWNER_ONLY)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Makes the rename durable; not every system can (Windows), and then nothing is lost but certainty. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r')
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  } catch {
    // See above.
  }
}
