import { RefreshCw } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { Button, Icon, Phrase, RadioGroup } from '../../ui/index.ts'
import { INCOGNITO, type Appearing } from './appearing.ts'
import { incognitoLead, profileChoices } from './choices.tsx'
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
          ...profileChoices(profiles).map(({ entry, ...choice }) => ({
            ...choice,
            ...(entry.active && { help: t('identity.current') }),
            disabled: disabled ?? false,
          })),
          {
            value: INCOGNITO,
            title: t('identity.incognito'),
            lead: incognitoLead(incognito),
            help: incognito ? (
              <Phrase id="identity.incognito.as" name={incognito.profile.displayName} />
            ) : (
              t('identity.incognito.later')
            ),
            veil: true,
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
