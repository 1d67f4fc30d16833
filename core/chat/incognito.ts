import type { Random } from '#core/base'
import type { ProfileRecord } from './profile-record.ts'
import { ADJECTIVES, NOUNS } from './words.ts'

/** How often a noun equal to the adjective is picked again. chat.md 2.5 */
const RETRIES = 2

/** A random name: adjective and noun, both capitalised, nothing between. */
export function randomName(random: Random): string {
  const adjective = pick(random, ADJECTIVES)
  let noun = pick(random, NOUNS)
  for (let retry = 0; noun === adjective && retry < RETRIES; retry++) noun = pick(random, NOUNS)
  return capitalised(adjective) + capitalised(noun)
}

/** All that an incognito contact is told: no picture, no link, nothing else of the own profile. */
export function incognitoProfile(name: string): ProfileRecord {
  return { displayName: name, fullName: '', description: null, image: null, contactLink: null }
}

/** Uniform: a draw from the incomplete end of the range is thrown away. */
function pick(random: Random, words: readonly string[]): string {
  const whole = 0x1_0000 - (0x1_0000 % words.length)
  for (;;) {
    const [high, low] = random.bytes(2)
    const draw = high! * 256 + low!
    if (draw < whole) return words[draw % words.length]!
  }
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
