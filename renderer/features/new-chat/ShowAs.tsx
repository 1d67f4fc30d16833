import { t } from '../../i18n/index.ts'
import { ownSeed } from '../../state/index.ts'
import { Avatar, Labelled, Name, Phrase, Picker } from '../../ui/index.ts'
import { INCOGNITO, incognitoLead, profileChoices, shownAs, type Appearing } from '../identity/index.ts'
import type { InvitationModel, InvitationState } from './invitation-model.ts'
import s from './ShowAs.module.css'

/** Whoever opens the link gets this profile: it stands where the link is given away. */
export function ShowAs({ model, state }: { model: InvitationModel; state: InvitationState }) {
  const { appearing, phase } = state
  const settled = phase === 'opened' || phase === 'connecting' || phase === 'connected' || phase === 'failed'
  if (settled) return <Settled state={state} />
  return (
    <ShowAsPicker
      appearing={appearing}
      onChoose={(choice) => void model.appearAs(choice)}
      disabled={phase === 'creating'}
    />
  )
}

export interface ShowAsPickerProps {
  appearing: Appearing
  onChoose: (choice: string) => void
  disabled?: boolean
  /** Of several links each shows a random name of its own, so none can be told beforehand. */
  several?: boolean
}

/** My profiles, and a random name; each as it will be seen. */
export function ShowAsPicker({ appearing, onChoose, disabled = false, several = false }: ShowAsPickerProps) {
  const { profiles, chosen } = appearing
  const incognito = several ? null : appearing.incognito
  if (chosen === null) return null
  return (
    <Picker<string>
      label={t('newChat.showAs')}
      value={chosen}
      onValue={onChoose}
      disabled={disabled}
      testId="show-as"
      options={[
        ...profileChoices(profiles).map(({ entry: { profile }, ...choice }) => ({
          ...choice,
          help: t(profile.image === undefined ? 'newChat.showAs.name' : 'newChat.showAs.picture'),
        })),
        {
          value: INCOGNITO,
          title: incognito ? <Name cut>{incognito.profile.displayName}</Name> : t('identity.incognito'),
          help: t(several ? 'newChat.several.incognito' : 'newChat.showAs.incognito'),
          lead: incognitoLead(incognito),
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
    <Labelled label={t('newChat.showAs')}>
      <div className={s['profile']} data-testid="shown-as">
        <Avatar
          seed={ownSeed(appearing.profiles, appearing.chosen ?? undefined)}
          name={profile.displayName}
          image={profile.image}
          size={28}
          incognito={appearing.chosen === INCOGNITO ? 'self' : undefined}
        />
        <p className={s['what']}>
          <Phrase id="newChat.showAs.shown" name={profile.displayName} />
        </p>
      </div>
    </Labelled>
  )
}
