import { EMPTY, equalBytes, fromHex, utf8 } from '#core/base'
import { pad } from '#core/encoding'
import { aesGcmOpen, aesGcmSeal } from './aead.ts'
import { box, openBox } from './box.ts'
import { ed25519Sign, ed25519Verify, x25519 } from './curve25519.ts'
import { ed448Sign, ed448Verify, x448, x448PublicKey } from './curve448.ts'
import { CryptoError } from './errors.ts'
import { hkdfSha512, sha256, sha3_256, sha3_384, sha512 } from './hashes.ts'

/** `00 01 02 ...`, the input of most examples in agent.md. */
const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i)

function is(actual: Uint8Array, hex: string): boolean {
  return equalBytes(actual.subarray(0, hex.length / 2), fromHex(hex))
}

/** Answers: FIPS 180-4 and 202 ("abc"), RFC 7748 5.2, RFC 8032 7.1 and 7.4 (blank), agent.md 0.3, 3.9, 5.5; GCM by OpenSSL. */
const cases: Readonly<Record<string, () => boolean>> = {
  sha256: () => is(sha256(utf8('abc')), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'),
  sha512: () => is(sha512(utf8('abc')), 'ddaf35a193617abacc417349ae204131'),
  sha3_256: () =>
    is(sha3_256(utf8('abc')), '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532'),
  sha3_384: () => is(sha3_384(counting(24)), '3ae1a7e6f8e0007f53167b85c478203b8445ac2b7b092da2'),
  hkdfSha512: () =>
    is(
      hkdfSha512(EMPTY, counting(32), 'SimpleXInvLink', 32),
      '7f3160cc1a195495e752e2204b71508fca7c0e7bcca32935bf1f4af2ac05b787',
    ),
  box: () => {
    const nonce = new Uint8Array(24).fill(9)
    const sealed = box(counting(32), nonce, pad(utf8('hello'), 32))
    return (
      is(
        sealed,
        'ae5b13f8b4118abbb3e089098e3849750f766244a50e0fb21cc335323dd3ff4392c61b36a8f5876a173ac76ca9f33b1c',
      ) && equalBytes(openBox(counting(32), nonce, sealed), pad(utf8('hello'), 32))
    )
  },
  aesGcm: () => {
    const [key, iv] = [new Uint8Array(32), new Uint8Array(16)]
    const { tag, ciphertext } = aesGcmSeal(key, iv, EMPTY, utf8('aa'))
    return (
      is(tag, 'adee32f32ba42f683764702256c9eff5') &&
      is(ciphertext, 'be32') &&
      equalBytes(aesGcmOpen(key, iv, EMPTY, tag, ciphertext), utf8('aa'))
    )
  },
  x25519: () =>
    is(
      x25519(
        fromHex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4'),
        fromHex('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c'),
      ),
      'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552',
    ),
  ed25519: () => {
    const signature = ed25519Sign(
      fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'),
      EMPTY,
    )
    const publicKey = fromHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')
    return is(signature, 'e5564300c360ac729086e2cc806e828a') && ed25519Verify(publicKey, EMPTY, signature)
  },
  x448: () => {
    const [r1, s1] = [new Uint8Array(56).fill(1), new Uint8Array(56).fill(3)]
    const [R1, S1] = [x448PublicKey(r1), x448PublicKey(s1)]
    return (
      is(R1, '12fe76ea6aedec7a6735e5c863a795485cfebac3b8c1cdb4ccb24be3ad627a65cd64551e46df8d95') &&
      is(S1, '01607d320b0e06a9b78556752a0e7efa7e119cfe0f95c53b9cd7b24ebddae67d41e0eaa95ea75975') &&
      equalBytes(x448(r1, S1), x448(s1, R1))
    )
  },
  ed448: () => {
    const signature = ed448Sign(
      fromHex(
        '6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b',
      ),
      EMPTY,
    )
    const publicKey = fromHex(
      '5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180',
    )
    return is(signature, '533a37f6bbe457251f023c0d88f976ae') && ed448Verify(publicKey, EMPTY, signature)
  },
}

/**
 * Known answers, to be run once at start: a runtime whose crypto computes something else must not touch anybody's keys.
 * Throws `crypto.self-test` naming the primitive; returns the names of those that passed.
 */
export function cryptoSelfTest(): readonly string[] {
  for (const [primitive, holds] of Object.entries(cases)) {
    if (!holds())
      throw new CryptoError('crypto.self-test', `${primitive} computes something else`, { primitive })
  }
  return Object.keys(cases)
}
