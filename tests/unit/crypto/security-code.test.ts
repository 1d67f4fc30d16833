import { createHash, randomBytes } from 'node:crypto'
import { mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { expect, it } from 'vitest'
import { securityCode, securityWords } from '#core/crypto'

/** The decimal form by schoolbook division, apart from BigInt. */
function decimal(bytes: Uint8Array): string {
  const digits: number[] = []
  let rest = [...bytes]
  while (rest.length > 0) {
    let carry = 0
    const quotient: number[] = []
    for (const byte of rest) {
      const value = carry * 256 + byte
      if (quotient.length > 0 || value >= 10) quotient.push(Math.floor(value / 10))
      carry = value % 10
    }
    digits.unshift(carry)
    rest = quotient
  }
  return digits.join('')
}

it('VER-1: the code is SHA-256 of the associated data as a decimal number, in groups of five', () => {
  for (let turn = 0; turn < 200; turn++) {
    const ad = randomBytes(112)
    const code = securityCode(ad)
    expect(code.replaceAll(' ', '')).toBe(decimal(createHash('sha256').update(ad).digest()))
    expect(code).toMatch(/^[1-9]\d{4}( \d{5})*( \d{1,4})?$/)
  }
})

it('VER-9: 24 words stand for the same 256 bits', () => {
  for (let turn = 0; turn < 100; turn++) {
    const ad = randomBytes(112)
    const words = securityWords(securityCode(ad))
    expect(words).toHaveLength(24)
    const bits = mnemonicToEntropy(words.join(' '), wordlist)
    expect(Buffer.from(bits)).toEqual(createHash('sha256').update(ad).digest())
  }
})

it('VER-9: codes with leading zero bytes keep all their words', () => {
  expect(securityWords('0')).toEqual([...Array<string>(23).fill('abandon'), 'art'])
  expect(securityWords((2n ** 256n - 1n).toString())).toEqual([...Array<string>(23).fill('zoo'), 'vote'])
  expect(securityWords('1')).toHaveLength(24)
})
