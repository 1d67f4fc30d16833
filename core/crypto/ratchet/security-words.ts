import { entropyToMnemonic } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { fromHex } from '#core/base'

/**
 * The 256 bits of a security code as 24 words of the BIP-39 English list, for reading aloud: 11 bits a word, the last 8 bits
 * are their checksum. Equal exactly when the codes are.
 */
export function securityWords(code: string): string[] {
  const hex = BigInt(code.replaceAll(' ', '')).toString(16).padStart(64, '0')
  return entropyToMnemonic(fromHex(hex), wordlist).split(' ')
}
