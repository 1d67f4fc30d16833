import { RefreshCw } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { ownSeed } from '../../state/index.ts'
import { Avatar, Button, Icon, Name, Phrase, RadioGroup } from '../../ui/index.ts'
import { INCOGNITO, type Appearing } from './appearing.ts'
import s from './IdentityList.module.css'

export interface IdentityListProps {
  label: string
  appearing: Appearing
  onChoose: (choice: string) => void
  onAnotherName: () => void
  disabled?: boolean
}

/** *Connect as*: every profile and a random name, each shown as the other side will see it. */
export function IdentityList({ label, appearing, onChoose, onAnotherName, disabled }: IdentityListProps) {
  const { profiles, incognito, chosen } = appearing
  return (
    <div className={s['box']} data-testid="identity">
      <RadioGroup<string>
        label={label}
        value={chosen}
        onValue={onChoose}
        look="list"
        options={[
          ...profiles.map(({ profileId, profile, active }) => ({
            value: profileId,
            title: <Name cut>{profile.displayName}</Name>,
            lead: (
              <Avatar
                seed={ownSeed(profiles, profileId)}
                name={profile.displayName}
                image={profile.image}
                size={28}
              />
            ),
            ...(active && { help: t('identity.current') }),
            disabled: disabled ?? false,
          })),
          {
            value: INCOGNITO,
            title: t('identity.incognito'),
            lead: (
              <Avatar
                seed="incognito"
                name={incognito?.profile.displayName ?? '?'}
                size={28}
                incognito="self"
              />
            ),
            help: incognito ? (
              <Phrase id="identity.incognito.as" name={incognito.profile.displayName} />
            ) : (
              t('identity.incognito.later')
            ),
            disabled: disabled ?? false,
            testId: 'identity-incognito',
          },
        ]}
      />
      {chosen === INCOGNITO && (
        <Button
          tone="quiet"
          className={s['another']}
          icon={<Icon of={RefreshCw} size="s" />}
          disabled={disabled ?? false}
          onClick={onAnotherName}
        >
          {t('identity.another')}
        </Button>
      )}
    </div>
  )
}
