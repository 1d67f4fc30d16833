import { randomFillSync } from 'node:crypto'
import type { Random } from '#core/base'

/** From the runtime: libsodium's wasm needs 25 times longer for a nonce. */
export function randomBytes(length: number): Uint8Array {
  return randomFillSync(new Uint8Array(length))
}

export const systemRandom: Random = { bytes: randomBytes }
