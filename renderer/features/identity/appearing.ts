import type { Profile, ProfileEntry } from '#core/contract'
import type { Host } from '../../host/index.ts'

/** A random name that the core keeps for us until it is used. */
export interface Suggested {
  incognitoId: string
  profile: Profile
}

/** As whom one may appear to somebody, and which of it is chosen. */
export interface Appearing {
  readonly profiles: readonly ProfileEntry[]
  /** `null` while none could be made up: the core makes one then. */
  readonly incognito: Suggested | null
  /** A `profileId`, or `INCOGNITO`; `null` until the person has chosen. */
  readonly chosen: string | null
}

/** No id of the core looks like this. */
export const INCOGNITO = ':incognito'

export const NOBODY: Appearing = { profiles: [], incognito: null, chosen: null }

/** The profiles of this installation and a fresh random name; asks no relay. */
export async function whoICanBe(
  host: Pick<Host, 'call'>,
  chosen: string | null,
  signal?: AbortSignal,
): Promise<Appearing> {
  const [profiles, incognito] = await Promise.all([
    host.call('profile.list', {}, signal),
    anotherName(host, signal),
  ])
  const active = profiles.find((one) => one.active)
  return { profiles, incognito, chosen: chosen ?? active?.profileId ?? null }
}

export async function anotherName(host: Pick<Host, 'call'>, signal?: AbortSignal): Promise<Suggested | null> {
  try {
    return await host.call('incognito.suggest', {}, signal)
  } catch (thrown) {
    if (signal?.aborted) throw thrown
    return null // the core makes one up when it is needed
  }
}

/** What the other side will see; `null` while nothing is chosen. */
export function shownAs({ profiles, incognito, chosen }: Appearing): Profile | null {
  if (chosen === INCOGNITO) return incognito?.profile ?? null
  return profiles.find((one) => one.profileId === chosen)?.profile ?? null
}

/** The choice in the params of the contract. The active profile is what the core takes without any. */
export function asParams({ profiles, incognito, chosen }: Appearing): {
  incognito?: boolean
  incognitoId?: string
  profileId?: string
} {
  if (chosen === INCOGNITO) {
    return { incognito: true, ...(incognito && { incognitoId: incognito.incognitoId }) }
  }
  const entry = profiles.find((one) => one.profileId === chosen)
  return entry === undefined || entry.active ? {} : { profileId: entry.profileId }
}
