import { changeProfile, createProfile, type ProfileRecord, requireProfile } from '#core/chat'
import type { Profile } from '#core/contract'
import { getOwnProfile, type ReadDb } from '#core/store'
import type { MethodTable } from '../app-context.ts'
import { profileView } from '../views.ts'

export const profileMethods: MethodTable<'profile.get' | 'profile.create' | 'profile.update'> = {
  'profile.get': (app) => app.store.read(ownProfile),
  'profile.create': (app, { once, ...profile }) =>
    app.once.run('profile.create', once, (remember) =>
      app.store.write((tx) => {
        createProfile(app.chat, tx, { ...EMPTY, displayName: profile.displayName, ...fields(profile) })
        const made = profileView(requireProfile(tx))
        remember(tx, made, null)
        return made
      }),
    ),
  'profile.update': (app, change) =>
    app.store.write((tx) => {
      changeProfile(app.chat, tx, fields(change))
      return profileView(requireProfile(tx))
    }),
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

export function ownProfile(db: ReadDb): Profile | null {
  const profile = getOwnProfile(db)
  return profile && profileView(profile)
}
