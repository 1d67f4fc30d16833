import { useState } from 'react'
import { t } from '../../i18n/index.ts'
import { ownSeed } from '../../state/index.ts'
import { Avatar, Labelled, Name, Phrase, Picker, Switch } from '../../ui/index.ts'
import { INCOGNITO, incognitoLead, profileChoices, shownAs, type Appearing } from '../identity/index.ts'
import type { InvitationModel, InvitationState } from './invitation-model.ts'
import s from './ShowAs.module.css'

/** Whoever opens the link gets this profile: it stands where the link is given away. */
export function ShowAs({ model, state }: { model: InvitationModel; state: InvitationState }) {
  const { appearing, phase } = state
  const settled = phase === 'opened' || phase === 'connecting' || phase === 'connected' || phase === 'failed'
  if (settled) return <Settled state={state} />
  return <ShowAsPicker appearing={appearing} onChoose={(choice) => void model.appearAs(choice)} />
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
  const [own, setOwn] = useState<string | null>(null)
  if (chosen === null) return null
  const choose = (choice: string): void => {
    if (choice !== INCOGNITO) setOwn(choice)
    else if (chosen !== INCOGNITO) setOwn(chosen)
    onChoose(choice)
  }
  /** Whom the switch gives back: who was chosen before it, or else the profile in use. */
  const before = own ?? profiles.find((one) => one.active)?.profileId
  return (
    <div className={s['who']}>
      <Picker<string>
        label={t('newChat.showAs')}
        value={chosen}
        onValue={choose}
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
      <Switch
        label={t('identity.incognito')}
        help={t(
          chosen === INCOGNITO
            ? 'newChat.showAs.notSent'
            : several
              ? 'newChat.several.incognito'
              : 'newChat.showAs.incognito',
        )}
        checked={chosen === INCOGNITO}
        onChecked={(on) => {
          if (on) choose(INCOGNITO)
          else if (before !== undefined) choose(before)
        }}
        disabled={disabled}
        testId="incognito-switch"
      />
    </div>
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
