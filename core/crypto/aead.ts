import { createCipheriv, createDecipheriv } from 'node:crypto'
import { gcm as portableGcm } from '@noble/ciphers/aes.js'
import { concatBytes } from '#core/base'
import { CryptoError, requireLength } from './errors.ts'
import { runtimeHas } from './runtime.ts'

const KEY = 32 // bytes; agent.md 3.4
/** Bytes: 16 in the ratchet (standard GCM over GHASH(IV), never cut to 12; agent.md 3.4), 12 elsewhere. */
const IVS = [16, 12]
const TAG = 16 // bytes; agent.md 3.4

export interface Sealed {
  readonly tag: Uint8Array
  readonly ciphertext: Uint8Array
}

/** AES-256-GCM by the runtime, and portable. Each is the other's oracle in the tests. */
export interface AesGcm {
  seal(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Sealed
  /** Throws when the tag does not fit. */
  open(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, sealed: Sealed): Uint8Array
}

export const runtimeAesGcm: AesGcm = {
  seal(key, iv, aad, plaintext) {
    const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG }).setAAD(aad)
    const ciphertext = new Uint8Array(cipher.update(plaintext))
    cipher.final()
    return { ciphertext, tag: new Uint8Array(cipher.getAuthTag()) }
  },
  open(key, iv, aad, { tag, ciphertext }) {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG })
      .setAAD(aad)
      .setAuthTag(tag)
    const plaintext = new Uint8Array(decipher.update(ciphertext))
    decipher.final()
    return plaintext
  },
}

export const portableAesGcm: AesGcm = {
  seal(key, iv, aad, plaintext) {
    const out = portableGcm(key, iv, aad).encrypt(plaintext)
    return { ciphertext: out.slice(0, -TAG), tag: out.slice(-TAG) }
  },
  open: (key, iv, aad, { tag, ciphertext }) =>
    portableGcm(key, iv, aad).decrypt(concatBytes(ciphertext, tag)),
}

const aesGcm = (): AesGcm => (runtimeHas('aes-gcm-iv16') ? runtimeAesGcm : portableAesGcm)

function requireIv(iv: Uint8Array): void {
  if (!IVS.includes(iv.length)) {
    throw new CryptoError('crypto.length', 'AES IV of the wrong length', { length: iv.length })
  }
}

export function aesGcmSeal(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Sealed {
  requireLength(key, KEY, 'AES key')
  requireIv(iv)
  return aesGcm().seal(key, iv, aad, plaintext)
}

/** Throws `crypto.aead` when key, IV, associated data, tag and ciphertext do not belong together. */
export function aesGcmOpen(
  key: Uint8Array,
  iv: Uint8Array,
  aad: Uint8Array,
  tag: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array {
  requireLength(key, KEY, 'AES key')
  requireIv(iv)
  requireLength(tag, TAG, 'AES tag')
  try {
    return aesGcm().open(key, iv, aad, { tag, ciphertext })
  } catch (cause) {
    throw new CryptoError('crypto.aead', 'ciphertext does not open', { length: ciphertext.length }, { cause })
  }
}
