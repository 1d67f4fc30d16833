import { useState } from 'react'
import type { PlanWarning, ProfileEntry } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { relayPlace } from '../../state/index.ts'
import { AlertDialog, Phrase, RadioGroup, Spinner } from '../../ui/index.ts'
import { profileChoices } from '../identity/index.ts'
import type { ConnectModel } from './connect-model.ts'
import { Warnings } from './Warnings.tsx'
import s from './Words.module.css'

/** What is asked of the person before a link is looked at, and after they have decided. */

/** A relay that is in no list here would learn that this computer has the link: it is named in full, and asked when the person says so. */
export function AskRelay({
  model,
  address,
  warnings,
}: {
  model: ConnectModel
  address: string
  warnings: readonly PlanWarning[]
}) {
  return (
    <AlertDialog
      open
      onClose={() => model.cancel()}
      title={t('connect.relay.title')}
      testId="connect-relay"
      cancelLabel={t('connect.cancel')}
      actions={[{ label: t('connect.relay.go'), onPress: () => model.askRelay() }]}
    >
      <div className={s['words']}>
        <p className={s['host']} data-testid="connect-relay-host">
          {relayPlace(address)}
        </p>
        <p>{t('connect.relay.text')}</p>
        <Warnings warnings={warnings} knownRelay />
      </div>
    </AlertDialog>
  )
}

/** For whom of this installation is it? Nothing is asked of a relay before. */
export function Whose({
  model,
  why,
  profiles,
}: {
  model: ConnectModel
  why: 'outside' | 'own'
  profiles: readonly ProfileEntry[]
}) {
  const [chosen, setChosen] = useState<string | null>(null)
  return (
    <AlertDialog
      open
      onClose={() => model.cancel()}
      title={t(`connect.whose.${why}.title`)}
      testId="connect-whose"
      cancelLabel={t('connect.cancel')}
      actions={[
        {
          label: t('connect.whose.go'),
          disabled: chosen === null,
          onPress: () => chosen !== null && model.choose(chosen),
        },
      ]}
    >
      <div className={s['words']}>
        <p>{t(`connect.whose.${why}.text`)}</p>
        <RadioGroup<string>
          label={t(`connect.whose.${why}.title`)}
          hideLabel
          value={chosen}
          onValue={setChosen}
          look="list"
          options={profileChoices(profiles)}
        />
      </div>
    </AlertDialog>
  )
}

/** The moment in which a link from outside can still be left unanswered (CON-9). */
export function Held({ model, seconds, name }: { model: ConnectModel; seconds: number; name: string }) {
  return (
    <AlertDialog
      open
      onClose={() => model.undo()}
      title={<Phrase id="connect.held.title" name={name} />}
      testId="connect-held"
      cancelLabel={t('connect.held.undo')}
      actions={[]}
    >
      <p className={s['checking']}>
        <Spinner />
        {t('connect.held.text', { seconds })}
      </p>
    </AlertDialog>
  )
}
