import { hkdfSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hkdfOver } from '../../../core/crypto/hkdf.ts'
import type { Sodium } from '../../../core/crypto/sodium.ts'
import { loadNativeSodium } from '../../../core/crypto/sodium-native.ts'
import { loadWasmSodium } from '../../../core/crypto/sodium-wasm.ts'

const counting = (length: number, from = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (from + at) & 0xff)
const seal = (by: Sodium, message: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array => {
  const sealed = new Uint8Array(16 + message.length)
  by.secretbox(sealed, message, nonce, key)
  return sealed
}
const open = (by: Sodium, sealed: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | null => {
  const message = new Uint8Array(sealed.length - 16)
  return by.openSecretbox(message, sealed, nonce, key) ? message : null
}
const touched = (bytes: Uint8Array): Uint8Array => bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1)

const wasm = await loadWasmSodium()
const native = loadNativeSodium()

/** The package is optional: a machine without a build of it uses wasm alone. */
describe.skipIf(native === null)('the native and the wasm build of libsodium', () => {
  const both = [native!, wasm]
  const [key, nonce] = [counting(32, 7), counting(24, 99)]

  it.each([0, 1, 64, 16_000])('make the same box of %i bytes and open each other’s', (length) => {
    const message = counting(length)
    const [a, b] = both.map((each) => seal(each, message, nonce, key))
    expect(a).toEqual(b)
    for (const each of both) {
      expect(open(each, a!, nonce, key)).toEqual(message)
      expect(open(each, touched(a!), nonce, key)).toBeNull()
    }
  })

  it.each([0, 1, 64, 16_368])('seal and open %i bytes in place', (length) => {
    for (const each of both) {
      const room = counting(16 + length)
      each.secretbox(room, room.subarray(16), nonce, key)
      expect(room).toEqual(seal(wasm, counting(length, 16), nonce, key))
      expect(each.openSecretbox(room.subarray(16), touched(room), nonce, key)).toBe(false)
      expect(each.openSecretbox(room.subarray(16), room, nonce, key)).toBe(true)
      expect(room.subarray(16)).toEqual(counting(length, 16))
    }
  })

  it('take views into larger arrays as they take arrays', () => {
    const large = counting(200)
    for (const each of both) {
      const sealed = seal(each, large.subarray(3, 103), large.subarray(5, 29), large.subarray(11, 43))
      expect(sealed).toEqual(seal(wasm, large.slice(3, 103), large.slice(5, 29), large.slice(11, 43)))
    }
  })

  it('agree on shared secrets, and refuse keys of low order', () => {
    const [own, other] = [counting(32, 1), wasm.scalarMultBase(counting(32, 2))]
    const [a, b] = both.map((each) => each.scalarMult(own, other))
    expect(a).toEqual(b)
    expect(both[0]!.scalarMultBase(own)).toEqual(both[1]!.scalarMultBase(own))
    const low = [
      new Uint8Array(32),
      new Uint8Array(32).fill(1, 0, 1),
      Uint8Array.from(Buffer.from('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800', 'hex')),
      Uint8Array.from(Buffer.from('ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', 'hex')),
    ]
    for (const point of low) for (const each of both) expect(each.scalarMult(own, point)).toBeNull()
  })

  it('sign the same and refuse the same', () => {
    const seed = counting(32, 50)
    const message = counting(300)
    const [a, b] = both.map((each) => each.sign(message, each.signingKey(seed)))
    expect(a).toEqual(b)
    const publicKey = wasm.signingKey(seed).slice(32)
    for (const each of both) {
      expect(each.verify(a!, message, publicKey)).toBe(true)
      expect(each.verify(touched(a!), message, publicKey)).toBe(false)
      expect(each.verify(a!, touched(message), publicKey)).toBe(false)
      expect(each.verify(a!, message, new Uint8Array(32).fill(1, 0, 1))).toBe(false)
    }
  })

  it('derive what the runtime derives', () => {
    for (const [salt, ikm, info, length] of [
      [0, 32, 14, 88],
      [32, 56, 15, 96],
      [64, 168, 12, 96],
      [128, 512, 0, 64],
      [1, 0, 1, 1],
    ] as const) {
      const [a, b, c] = [counting(salt, 1), counting(ikm, 2), counting(info, 3)]
      const expected = new Uint8Array(hkdfSync('sha512', b, a, c, length))
      expect(hkdfOver(native!.sha512!, a, b, c, length)).toEqual(expected)
    }
    expect(hkdfOver(native!.sha512!, counting(129), counting(32), counting(3), 32)).toBeNull()
    expect(hkdfOver(native!.sha512!, counting(0), counting(513), counting(3), 32)).toBeNull()
  })
})
