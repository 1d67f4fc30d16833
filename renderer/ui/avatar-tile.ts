/** Which of the 24 tiles a seed gets: six pairs of tones, the cut in one of four turns. The seed is a local random id, never a name or a key. */

// design: the four turns of the same cut on a 40 grid
export const cuts = [
  'M27 0V14a6 6 0 0 1-6 6H19a6 6 0 0 0-6 6V40H40V0z',
  'M13 0V14a6 6 0 0 0 6 6H21a6 6 0 0 1 6 6V40H40V0z',
  'M0 13H14a6 6 0 0 1 6 6V21a6 6 0 0 0 6 6H40V40H0z',
  'M0 27H14a6 6 0 0 0 6-6V19a6 6 0 0 1 6-6H40V40H0z',
] as const

export interface AvatarTile {
  tone: 1 | 2 | 3 | 4 | 5 | 6
  cut: (typeof cuts)[number]
}

const tones = [1, 2, 3, 4, 5, 6] as const

export function avatarTile(seed: string): AvatarTile {
  const hash = fnv1a(seed)
  const tone = tones[hash % 6] ?? 1
  const cut = cuts[Math.floor(hash / 6) % 4] ?? cuts[0]
  return { tone, cut }
}

/** FNV-1a, 32 bit: spreads short ids evenly, needs nothing. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  return hash
}

/** At most two letters, of the first two words. Marks that steer direction or join nothing are no letters. */
export function initials(name: string): string {
  const words = name.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu) ?? []
  return words.slice(0, 2).map(firstLetter).join('').toLocaleUpperCase()
}

function firstLetter(word: string): string {
  return [...word][0] ?? ''
}
