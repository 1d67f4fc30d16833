import library from 'libsodium-wrappers'

/**
 * The one place that touches libsodium: compiled to wasm today, the native build can take over behind it.
 * Everything that the library has goes through it; what it lacks (HSalsa20, HKDF, SHA3-384, X448) lives beside.
 */
let ready: Promise<void> | null = null

export function sodiumReady(): Promise<void> {
  ready ??= library.ready
  return ready
}

export const sodium = library
