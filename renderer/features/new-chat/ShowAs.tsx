import { t } from '../../i18n/index.ts'
import { Avatar, Name, Phrase, Picker } from '../../ui/index.ts'
import { INCOGNITO, shownAs } from '../identity/index.ts'
import type { InvitationModel, InvitationState } from './invitation-model.ts'
import s from './InviteCard.module.css'

/** Whoever opens the link gets this profile: it stands where the link is given away. */
export function ShowAs({ model, state }: { model: InvitationModel; state: InvitationState }) {
  const { appearing, phase } = state
  const { profiles, incognito, chosen } = appearing
  const settled = phase === 'opened' || phase === 'connecting' || phase === 'connected' || phase === 'failed'
  if (chosen === null) return null
  if (settled) return <Settled state={state} />
  return (
    <Picker<string>
      label={t('newChat.showAs')}
      value={chosen}
      onValue={(choice) => void model.appearAs(choice)}
      disabled={phase === 'creating'}
      testId="show-as"
      options={[
        ...profiles.map(({ profileId, profile, active }) => ({
          value: profileId,
          title: <Name cut>{profile.displayName}</Name>,
          help: t(profile.image === undefined ? 'newChat.showAs.name' : 'newChat.showAs.picture'),
          lead: (
            <Avatar
              seed={active ? 'me' : profileId}
              name={profile.displayName}
              image={profile.image}
              size={28}
            />
          ),
        })),
        {
          value: INCOGNITO,
          title: incognito ? <Name cut>{incognito.profile.displayName}</Name> : t('identity.incognito'),
          help: t('newChat.showAs.incognito'),
          lead: (
            <Avatar
              seed="incognito"
              name={incognito?.profile.displayName ?? '?'}
              size={28}
              incognito="self"
            />
          ),
        },
      ]}
    />
  )
}

/** Somebody has read the link: what it said of me stands. */
function Settled({ state: { appearing } }: { state: InvitationState }) {
  const profile = shownAs(appearing)
  if (!profile) return null
  return (
    <div className={s['showAs']}>
      <p className={s['label']}>{t('newChat.showAs')}</p>
      <div className={s['profile']} data-testid="shown-as">
        <Avatar
          seed="me"
          name={profile.displayName}
          image={profile.image}
          size={28}
          incognito={appearing.chosen === INCOGNITO ? 'self' : undefined}
        />
        <p className={s['what']}>
          <Phrase id="newChat.showAs.shown" name={profile.displayName} />
        </p>
      </div>
    </div>
  )
}
