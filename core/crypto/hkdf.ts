/** Puts the 64 bytes of SHA-512 into `into`. */
export type Sha512 = (into: Uint8Array, data: Uint8Array) => void

const BLOCK = 128 // bytes that SHA-512 takes at a time; FIPS 180-4
const HASH = 64
const INNER_PAD = 0x36 // RFC 2104
const OUTER_PAD = 0x5c
/** Room behind the key for what is hashed: the longest here are four Diffie-Hellman secrets. */
const ROOM = 512

/** Written over by every HMAC, so that none costs an allocation. */
const inner = new Uint8Array(BLOCK + ROOM)
const outer = new Uint8Array(BLOCK + HASH)
const innerHash = outer.subarray(BLOCK)

/**
 * HKDF (RFC 5869) on HMAC (RFC 2104) over a bare SHA-512. The runtime's own takes 14 us for the 88 bytes of a block's
 * key, most of it for fetching its algorithm; this takes 5. Null for inputs that are longer than any of these protocols.
 */
export function hkdfOver(
  sha512: Sha512,
  salt: Uint8Array,
  ikm: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array | null {
  if (salt.length > BLOCK || ikm.length > ROOM || HASH + info.length + 1 > ROOM) return null
  const key = hmac(sha512, salt, [ikm])
  const out = new Uint8Array(Math.ceil(length / HASH) * HASH)
  let previous = new Uint8Array(0)
  for (let count = 1; (count - 1) * HASH < length; count++) {
    previous = hmac(sha512, key, [previous, info, Uint8Array.of(count)])
    out.set(previous, (count - 1) * HASH)
  }
  return out.slice(0, length)
}

function hmac(sha512: Sha512, key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  inner.fill(INNER_PAD, 0, BLOCK)
  outer.fill(OUTER_PAD, 0, BLOCK)
  for (let at = 0; at < key.length; at++) {
    inner[at]! ^= key[at]!
    outer[at]! ^= key[at]!
  }
  let end = BLOCK
  for (const part of parts) {
    inner.set(part, end)
    end += part.length
  }
  sha512(innerHash, inner.subarray(0, end))
  const mac = new Uint8Array(HASH)
  sha512(mac, outer)
  return mac
}
