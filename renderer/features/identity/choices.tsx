import type { ReactNode } from 'react'
import type { ProfileEntry } from '#core/contract'
import { ownSeed } from '../../state/index.ts'
import { Avatar, Name } from '../../ui/index.ts'
import type { Suggested } from './appearing.ts'

export interface ProfileChoice {
  entry: ProfileEntry
  value: string
  title: ReactNode
  lead: ReactNode
}

/** Each profile of mine as one line of a choice; what else is said of it is the choice's own. */
export function profileChoices(profiles: readonly ProfileEntry[]): ProfileChoice[] {
  return profiles.map((entry) => {
    const { profileId, profile } = entry
    const seed = ownSeed(profiles, profileId)
    return {
      entry,
      value: profileId,
      title: <Name cut>{profile.displayName}</Name>,
      lead: <Avatar seed={seed} name={profile.displayName} image={profile.image} size={28} />,
    }
  })
}

/** The tile of my random self in such a line. */
export function incognitoLead(incognito: Suggested | null): ReactNode {
  const name = incognito?.profile.displayName ?? '?'
  return <Avatar seed="incognito" name={name} size={28} incognito="self" />
}
