import {
  changeProfile,
  createProfile,
  deleteProfile,
  type ProfileRecord,
  requireProfile,
  switchProfile,
} from '#core/chat'
import type { Profile } from '#core/contract'
import { getActiveProfile, listOwnProfiles, type ReadDb } from '#core/store'
import type { MethodTable } from '../app-context.ts'
import { profileEntry } from '../profile-views.ts'
import { profileView } from '../views.ts'

export const profileMethods: MethodTable<
  'profile.get' | 'profile.create' | 'profile.update' | 'profile.list' | 'profile.switch' | 'profile.delete'
> = {
  'profile.get': (app) => app.store.read(ownProfile),
  'profile.create': (app, { once, ...profile }) =>
    app.once.run('profile.create', once, (remember) =>
      app.store.write((tx) => {
        const record = { ...EMPTY, displayName: profile.displayName, ...fields(profile) }
        const profileId = createProfile(app.chat, tx, record)
        const made = profileView(requireProfile(tx, profileId))
        remember(tx, made, profileId)
        return made
      }),
    ),
  'profile.update': (app, { profileId: wanted, ...change }) =>
    app.store.write((tx) => {
      const { profileId } = requireProfile(tx, wanted)
      changeProfile(app.chat, tx, profileId, fields(change))
      return profileView(requireProfile(tx, profileId))
    }),
  'profile.list': (app) =>
    app.store.read((db) => listOwnProfiles(db).map((profile) => profileEntry(db, profile))),
  'profile.switch': (app, { profileId }) =>
    app.store.write((tx) => {
      switchProfile(app.chat, tx, profileId)
      return profileEntry(tx, requireProfile(tx, profileId))
    }),
  'profile.delete': (app, { profileId, contacts }) => {
    app.store.write((tx) => deleteProfile(app.chat, tx, profileId, contacts))
    return {}
  },
}

const EMPTY: Omit<ProfileRecord, 'displayName'> = {
  fullName: '',
  description: null,
  image: null,
  contactLink: null,
}

/** Only the fields that were given; an empty text takes one out. */
function fields(profile: Partial<Profile>): Partial<ProfileRecord> {
  const { displayName, fullName, description, image, address } = profile
  return {
    ...(displayName !== undefined && { displayName }),
    ...(fullName !== undefined && { fullName }),
    ...(description !== undefined && { description: description || null }),
    ...(image !== undefined && { image: image || null }),
    ...(address !== undefined && { contactLink: address || null }),
  }
}

/** The active one. */
export function ownProfile(db: ReadDb): Profile | null {
  const profile = getActiveProfile(db)
  return profile && profileView(profile)
}
