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

/**
 * Whether a profile is made like a random one: two capitalised words in one, and nothing beside them. Nothing in a link says
 * so, and other apps have other words (chat.md 2.5), so the shape is all there is; a real name may have it too.
 */
export function looksRandom(profile: ProfileRecord): boolean {
  const { displayName, fullName, description, image, contactLink } = profile
  const bare = !fullName && !description && image === null && contactLink === null
  return bare && /^[A-Z][a-z]{2,19}[A-Z][a-z]{2,19}$/.test(displayName)
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
