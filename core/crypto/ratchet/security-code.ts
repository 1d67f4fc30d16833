import { toHex } from '#core/base'
import { sha256 } from '../hashes.ts'

const GROUP = 5 // digits; agent.md 3.8

/**
 * The code that two people compare: SHA-256 of the ratchet's associated data as a decimal number in groups of five digits.
 * The same at both ends; another one after every new key agreement. agent.md 3.8
 */
export function securityCode(ad: Uint8Array): string {
  const digits = BigInt(`0x${toHex(sha256(ad))}`).toString()
  return digits.match(new RegExp(`\\d{1,${GROUP}}`, 'g'))!.join(' ')
}
