/**
 * The relay's certificates: made once, then kept. Losing them loses every queue address in the world that names them.
 *
 *   identity/ca.crt     its SHA-256 is in every address       identity/server.crt, server.key   what TLS shows
 *   identity/ca.key     needed for new server certificates only: can be taken offline
 */
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
import { createRelayIdentity, pemOf, sha256 } from '#core/crypto'
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
  const leaf = readPem(dataDir, 'server.crt')
  return { chain: [leaf, ca], leafKey: readPem(dataDir, 'server.key'), fingerprint: sha256(ca) }
}

function readPem(dataDir: string, name: string): Uint8Array {
  try {
    const text = readFileSync(join(dataDir, FOLDER, name), 'utf8')
    const body = /-----BEGIN [A-Z ]+-----([A-Za-z0-9+/=\s]+)-----END/.exec(text)?.[1]
    if (!body) throw new RelayError('relay.identity', 'not a PEM file', { file: name })
    return new Uint8Array(Buffer.from(body, 'base64'))
  } catch (cause) {
    if (cause instanceof RelayError) throw cause
    throw new RelayError('relay.identity', 'a file of the identity cannot be read', { file: name }, { cause })
  }
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
