/**
 * The one place that touches libsodium: the native build where it is installed and loads, the wasm build elsewhere.
 * Both are the same library; the native one makes boxes six times and keys four times faster.
 * Everything that the library has goes through here; what it lacks (HSalsa20, HKDF, X448) lives beside.
 */
import type { Sha512 } from './hkdf.ts'
import { loadNativeSodium } from './sodium-native.ts'
import { loadWasmSodium } from './sodium-wasm.ts'

/** What is used of it; null and false stand for what the library refuses. */
export interface Sodium {
  readonly build: 'native' | 'wasm'
  /** XSalsa20-Poly1305, tag first, into `sealed`. The message may lie in `sealed` where its ciphertext goes. */
  secretbox(sealed: Uint8Array, message: Uint8Array, nonce: Uint8Array, key: Uint8Array): void
  /** The other way round. False: it was not made with these, and nothing is written. */
  openSecretbox(message: Uint8Array, sealed: Uint8Array, nonce: Uint8Array, key: Uint8Array): boolean
  /** Null: a public key of low order. */
  scalarMult(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | null
  scalarMultBase(privateKey: Uint8Array): Uint8Array
  /** Seed and public key side by side, as `sign` wants it. */
  signingKey(seed: Uint8Array): Uint8Array
  sign(message: Uint8Array, signingKey: Uint8Array): Uint8Array
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
  /** Only where it is faster than the runtime's for short inputs. */
  readonly sha512: Sha512 | null
}

/** There from `sodiumReady` on. */
export let sodium: Sodium

/** Null also before `sodiumReady`: hashes are there from the start. */
export function nativeSha512(): Sha512 | null {
  return (sodium as Sodium | undefined)?.sha512 ?? null
}

let ready: Promise<void> | null = null

export function sodiumReady(): Promise<void> {
  ready ??= load()
  return ready
}

async function load(): Promise<void> {
  sodium = loadNativeSodium() ?? (await loadWasmSodium())
}
