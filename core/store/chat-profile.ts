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

/** `revision` rises with every change, so that each contact's last known state can be compared. */
export interface OwnProfile extends ProfileColumns {
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

export function getOwnProfile(db: ReadDb): OwnProfile | null {
  const row = db.get<ProfileRow & { revision: number }>(
    sql`SELECT display_name, full_name, description, image, contact_link, revision FROM chat_profile`,
  )
  return row ? { ...toProfile(row), revision: row.revision } : null
}

export function insertOwnProfile(tx: WriteTx, profile: ProfileColumns, now: number): void {
  tx.run(sql`
    INSERT INTO chat_profile
      (profile_id, display_name, full_name, description, image, contact_link, revision, created_at)
    VALUES (1, ${profile.displayName}, ${profile.fullName}, ${profile.description}, ${profile.image},
      ${profile.contactLink}, 1, ${now})`)
}

export function updateOwnProfile(tx: WriteTx, profile: ProfileColumns): void {
  tx.run(sql`
    UPDATE chat_profile SET display_name = ${profile.displayName}, full_name = ${profile.fullName},
      description = ${profile.description}, image = ${profile.image}, contact_link = ${profile.contactLink},
      revision = revision + 1`)
}
