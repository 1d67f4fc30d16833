import { randomFillSync } from 'node:crypto'
import type { Random } from '#core/base'

/** Drawn at once: asking for 24 bytes takes as long as asking for thousands. */
const POOL = 4_096
const pool = new Uint8Array(POOL)
let at = POOL

/** From the runtime: libsodium's wasm needs 25 times longer for a nonce. What has been given out is not kept here. */
export function randomBytes(length: number): Uint8Array {
  if (length > POOL / 8) return randomFillSync(new Uint8Array(length))
  if (at + length > POOL) {
    randomFillSync(pool)
    at = 0
  }
  const bytes = pool.slice(at, at + length)
  pool.fill(0, at, at + length)
  at += length
  return bytes
}

export const systemRandom: Random = { bytes: randomBytes }
