import { sql } from './sql.ts'
import type { ReadDb, WriteTx } from './store.ts'

/** The texts of a profile, own or a peer's; a peer's are raw. */
export interface ProfileColumns {
  displayName: string
  fullName: string
  description: string | null
  image: string | null
  contactLink: string | null
}

/** One of the profiles of this installation. `revision` rises with every change, so that each contact's last known state can be compared. */
export interface OwnProfile extends ProfileColumns {
  profileId: string
  /** The one in use: what lists show and new things belong to. At most one is. */
  isActive: boolean
  revision: number
}

export interface ProfileRow {
  display_name: string
  full_name: string
  description: string | null
  image: string | null
  contact_link: string | null
}

export function toProfile(row: ProfileRow): ProfileColumns {
  return {
    displayName: row.display_name,
    fullName: row.full_name,
    description: row.description,
    image: row.image,
    contactLink: row.contact_link,
  }
}

interface OwnRow extends ProfileRow {
  profile_id: string
  is_active: number
  revision: number
}

const columns = sql`profile_id, is_active, display_name, full_name, description, image, contact_link, revision`

const toOwnProfile = (row: OwnRow): OwnProfile => ({
  ...toProfile(row),
  profileId: row.profile_id,
  isActive: row.is_active !== 0,
  revision: row.revision,
})

export function getOwnProfile(db: ReadDb, profileId: string): OwnProfile | null {
  const row = db.get<OwnRow>(sql`SELECT ${columns} FROM chat_profile WHERE profile_id = ${profileId}`)
  return row ? toOwnProfile(row) : null
}

export function getActiveProfile(db: ReadDb): OwnProfile | null {
  const row = db.get<OwnRow>(sql`SELECT ${columns} FROM chat_profile WHERE is_active = 1`)
  return row ? toOwnProfile(row) : null
}

/** As they were made. */
export function listOwnProfiles(db: ReadDb): OwnProfile[] {
  return db.all<OwnRow>(sql`SELECT ${columns} FROM chat_profile ORDER BY created_at, rowid`).map(toOwnProfile)
}

/** Not in use yet: see `activateProfile`. */
export function insertOwnProfile(
  tx: WriteTx,
  profile: ProfileColumns & { profileId: string },
  now: number,
): void {
  tx.run(sql`
    INSERT INTO chat_profile (${columns}, created_at)
    VALUES (${profile.profileId}, 0, ${profile.displayName}, ${profile.fullName}, ${profile.description},
      ${profile.image}, ${profile.contactLink}, 1, ${now})`)
}

export function updateOwnProfile(tx: WriteTx, profileId: string, profile: ProfileColumns): void {
  tx.run(sql`
    UPDATE chat_profile SET display_name = ${profile.displayName}, full_name = ${profile.fullName},
      description = ${profile.description}, image = ${profile.image}, contact_link = ${profile.contactLink},
      revision = revision + 1
    WHERE profile_id = ${profileId}`)
}

/** From now on this one is in use, and no other. */
export function activateProfile(tx: WriteTx, profileId: string): void {
  tx.run(sql`UPDATE chat_profile SET is_active = 0 WHERE is_active = 1`)
  tx.run(sql`UPDATE chat_profile SET is_active = 1 WHERE profile_id = ${profileId}`)
}

/** After everything that it owns. */
export function removeOwnProfile(tx: WriteTx, profileId: string): void {
  tx.run(sql`DELETE FROM chat_profile WHERE profile_id = ${profileId}`)
}

export interface ProfileCounts {
  contacts: number
  unread: number
  requests: number
}

export function countOfProfile(db: ReadDb, profileId: string): ProfileCounts {
  const { contacts, unread } = db.get<{ contacts: number; unread: number | null }>(
    sql`SELECT count(*) AS contacts, sum(unread) AS unread FROM chat_contact WHERE profile_id = ${profileId}`,
  )!
  const { requests } = db.get<{ requests: number }>(
    sql`SELECT count(*) AS requests FROM chat_request WHERE profile_id = ${profileId}`,
  )!
  return { contacts, unread: unread ?? 0, requests }
}
