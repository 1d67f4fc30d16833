import { DecodeError } from './reader.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const VALUES = new Map([...ALPHABET].map((letter, value) => [letter, value]))

/** RFC 4648 section 5. Upstream writes `=` padding everywhere but inside short links. */
export function toBase64Url(bytes: Uint8Array, padding: 'padded' | 'unpadded' = 'padded'): string {
  let out = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const have = Math.min(3, bytes.length - i)
    const bits = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    for (let j = 0; j <= have; j++) out += ALPHABET[(bits >> (18 - 6 * j)) & 63]
    if (padding === 'padded') out += '='.repeat(3 - have)
  }
  return out
}

/**
 * With or without padding. Refused: other letters, impossible lengths, wrong padding, unused bits that are not zero
 * (two texts for one key would defeat every comparison of links).
 */
export function fromBase64Url(text: string): Uint8Array {
  const padded = text.endsWith('=')
  if (padded && text.length % 4 !== 0)
    throw new DecodeError('base64url padding of the wrong length', text.length)
  const body = padded ? text.replace(/={1,2}$/, '') : text
  if (body.length % 4 === 1) throw new DecodeError('base64url of an impossible length', text.length)
  const out = new Uint8Array(Math.floor((body.length * 3) / 4))
  let bits = 0
  let have = 0
  let at = 0
  for (let i = 0; i < body.length; i++) {
    const value = VALUES.get(body[i]!)
    if (value === undefined) throw new DecodeError('not a base64url letter', i)
    bits = (bits << 6) | value
    have += 6
    if (have >= 8) {
      have -= 8
      out[at++] = (bits >> have) & 0xff
      bits &= (1 << have) - 1
    }
  }
  if (bits !== 0) throw new DecodeError('base64url with stray bits at its end', body.length)
  return out
}
