import type { ProfileEntry } from '#core/contract'

/**
 * What the tile of a profile of mine is made of: it stays when I switch to another one. Without an id: of the one in use.
 * The first is `me`, as it is before the core has given it an id.
 */
export function ownSeed(profiles: readonly ProfileEntry[], profileId?: string): string {
  const wanted = profileId ?? profiles.find((one) => one.active)?.profileId
  return wanted === undefined || wanted === profiles[0]?.profileId ? 'me' : wanted
}
