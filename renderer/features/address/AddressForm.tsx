import type { Address } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { ownSeed, useStore, useViewModel } from '../../state/index.ts'
import { Avatar, Button, Switch, TextArea, TextField } from '../../ui/index.ts'
import type { AddressModel } from './address-model.ts'
import s from './AddressForm.module.css'

const LONGEST_WELCOME = 1_000 // ours: a greeting, not a letter

interface AddressFormProps {
  address: Address
  model: AddressModel
  onShare: () => void
}

/** Sharing asks at once; everything else waits for *Save*, whose bar stands only while something is unsaved. */
export function AddressForm({ address, model, onShare }: AddressFormProps) {
  const { draft, busy } = useViewModel(model)
  return (
    <form
      className={s['form']}
      onSubmit={(event) => {
        event.preventDefault()
        void model.save()
      }}
    >
      <div className={s['card']}>
        <div className={s['line']}>
          <Switch
            label={t('address.share')}
            help={t('address.share.help')}
            checked={address.sharedInProfile}
            onChecked={onShare}
            testId="addr-share"
          />
        </div>
        <div className={s['line']}>
          <Switch
            label={t('address.auto')}
            help={t('address.auto.help')}
            checked={draft.autoAccept}
            onChecked={(autoAccept) => model.edit({ autoAccept })}
            testId="addr-auto"
          />
        </div>
        {draft.autoAccept && (
          <div className={`${s['line'] ?? ''} ${s['under'] ?? ''}`}>
            <Switch
              label={t('address.incognito')}
              help={t('address.incognito.help')}
              checked={draft.incognito}
              onChecked={(incognito) => model.edit({ incognito })}
              testId="addr-incognito"
            />
          </div>
        )}
        <Welcome model={model} />
        <div className={s['stop']}>
          <TextField
            label={t('address.stopAt')}
            type="date"
            value={draft.stopAt}
            onValue={(stopAt) => model.edit({ stopAt })}
            data-testid="addr-stop-at"
          />
          <TextField
            label={t('address.stopAfter')}
            inputMode="numeric"
            placeholder={t('address.stopAfter.none')}
            value={draft.stopAfter}
            error={model.wrong === 'stopAfter' ? t('address.stopAfter.wrong') : null}
            onValue={(stopAfter) => model.edit({ stopAfter: stopAfter.trim() })}
            data-testid="addr-stop-after"
          />
        </div>
      </div>
      {model.dirty && (
        <div className={s['bar']} data-testid="addr-bar">
          <span className={s['unsaved']}>{t('address.unsaved')}</span>
          <Button onClick={() => model.discard()}>{t('address.discard')}</Button>
          <Button type="submit" tone="primary" busy={busy === 'save'} disabled={model.wrong !== null}>
            {t('address.save')}
          </Button>
        </div>
      )}
    </form>
  )
}

function Welcome({ model }: { model: AddressModel }) {
  const { draft } = useViewModel(model)
  const me = useStore((all) => all.profile)
  const seed = useStore((all) => ownSeed(all.profiles))
  const hidden = draft.autoAccept && draft.incognito
  return (
    <div className={s['welcome']}>
      <TextArea
        label={t('address.welcome')}
        aside={t('address.welcome.count', { count: draft.welcome.length, most: LONGEST_WELCOME })}
        placeholder={t('address.welcome.placeholder')}
        value={draft.welcome}
        onValue={(welcome) => model.edit({ welcome })}
        rows={3}
        maxLength={LONGEST_WELCOME}
        data-testid="addr-welcome"
      />
      <div className={s['preview']}>
        <p className={s['label']}>{t('address.welcome.preview')}</p>
        <div className={s['chat']}>
          <Avatar
            seed={seed}
            name={hidden ? '' : (me?.displayName ?? '')}
            image={hidden ? undefined : me?.image}
            size={24}
            incognito={hidden ? 'self' : undefined}
          />
          {draft.welcome.trim() === '' ? (
            <p className={s['nothing']}>{t('address.welcome.none')}</p>
          ) : (
            <p className={s['bubble']} dir="auto">
              {draft.welcome}
            </p>
          )}
        </div>
      </div>
    </div>
  )
}
