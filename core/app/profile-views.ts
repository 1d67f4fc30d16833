import type { Change } from '#core/chat'
import type { ContractEvent, ProfileEntry } from '#core/contract'
import {
  type OwnProfile,
  type ReadDb,
  countOfProfile,
  getActiveProfile,
  getOwnProfile,
  listOwnProfiles,
} from '#core/store'
import { requireProfile } from '#core/chat'
import { profileView } from './views.ts'

export function profileEntry(db: ReadDb, profile: OwnProfile): ProfileEntry {
  const { profileId, isActive: active } = profile
  const { unread, contacts, requests } = countOfProfile(db, profileId)
  return {
    ...{ profileId, active, unread, contacts, requests },
    profile: profileView(profile),
    hidden: false,
    muted: false,
  }
}

/** Whose list is asked for: of the profile with this id, else of the active one; null before there is any. */
export function listOwner(db: ReadDb, { profileId }: { profileId?: string }): string | null {
  if (profileId !== undefined) return requireProfile(db, profileId).profileId
  return getActiveProfile(db)?.profileId ?? null
}

/** Changes that may change the numbers of a profile. */
const COUNTED: ReadonlySet<Change['type']> = new Set([
  'contact.updated',
  'contact.removed',
  'request.received',
  'request.removed',
  'profile.updated',
  'profile.switched',
  'profile.removed',
])

/**
 * Tells what becomes of profiles: their texts, which one is active, and the numbers beside them, also of those that are
 * not active. The numbers are compared with what was told last, so that no use case has to think of them.
 */
export class ProfileWatch {
  readonly #told = new Map<string, string>()

  constructor(db: ReadDb) {
    for (const profile of listOwnProfiles(db)) this.#isNews(profile, profileEntry(db, profile))
  }

  /** Of one commit; after the events of the rows themselves. */
  eventsOf(db: ReadDb, changes: readonly Change[]): ContractEvent[] {
    if (!changes.some(({ type }) => COUNTED.has(type))) return []
    const events: ContractEvent[] = changes.flatMap((change): ContractEvent[] => {
      if (change.type === 'profile.removed') {
        this.#told.delete(change.profileId)
        return [{ event: 'profile.removed', data: { profileId: change.profileId } }]
      }
      if (change.type !== 'profile.switched') return []
      const profile = getOwnProfile(db, change.profileId)
      if (!profile) return []
      const data = profileEntry(db, profile)
      this.#isNews(profile, data)
      return [{ event: 'profile.switched', data }]
    })
    for (const profile of listOwnProfiles(db)) {
      const data = profileEntry(db, profile)
      if (this.#isNews(profile, data)) events.push({ event: 'profile.updated', data })
    }
    return events
  }

  #isNews({ profileId, revision }: OwnProfile, entry: ProfileEntry): boolean {
    const { active, unread, contacts, requests } = entry
    const state = [revision, active, unread, contacts, requests].join(' ')
    if (this.#told.get(profileId) === state) return false
    this.#told.set(profileId, state)
    return true
  }
}
