import { hash, hkdfSync, timingSafeEqual } from 'node:crypto'
import { sha3_256 as portableSha3_256, sha3_384 as portableSha3_384 } from '@noble/hashes/sha3.js'
import { utf8 } from '#core/base'
import { hkdfOver } from './hkdf.ts'
import { runtimeHas } from './runtime.ts'
import { nativeSha512 } from './sodium.ts'

function digest(algorithm: string, data: Uint8Array): Uint8Array {
  return new Uint8Array(hash(algorithm, data, 'buffer'))
}

export function sha256(data: Uint8Array): Uint8Array {
  return digest('sha256', data)
}

export function sha512(data: Uint8Array): Uint8Array {
  return digest('sha512', data)
}

/** BoringSSL has no SHA-3. */
export function sha3_256(data: Uint8Array): Uint8Array {
  return runtimeHas('sha3') ? digest('sha3-256', data) : portableSha3_256(data)
}

export function sha3_384(data: Uint8Array): Uint8Array {
  return runtimeHas('sha3') ? digest('sha3-384', data) : portableSha3_384(data)
}

/** RFC 5869 with SHA-512, the only HKDF of these protocols. smp.md 3.6, agent.md 0.4 */
export function hkdfSha512(
  salt: Uint8Array,
  ikm: Uint8Array,
  info: string | Uint8Array,
  length: number,
): Uint8Array {
  const label = typeof info === 'string' ? utf8(info) : info
  const fast = nativeSha512()
  return (
    (fast && hkdfOver(fast, salt, ikm, label, length)) ??
    new Uint8Array(hkdfSync('sha512', ikm, salt, label, length))
  )
}

/** For secrets, tags and fingerprints. The lengths may show, the contents do not. */
export function constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
