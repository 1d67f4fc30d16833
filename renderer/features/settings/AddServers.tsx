import { errorText, lineErrors, t } from '../../i18n/index.ts'
import { Button, TextArea } from '../../ui/index.ts'
import { ScanServer } from '../scan/index.ts'
import s from './AddServers.module.css'
import type { NetworkModel, NetworkState } from './network-model.ts'

export interface AddServersProps {
  model: NetworkModel
  form: NonNullable<NetworkState['adding']>
  busy: boolean
}

export function AddServers({ model, form, busy }: AddServersProps) {
  const count = form.text.split('\n').filter((line) => line.trim() !== '').length
  const error = form.empty
    ? t('settings.network.add.empty')
    : (lineErrors(form.wrong) ?? (form.error && errorText(form.error)))
  return (
    <form
      className={s['form']}
      onSubmit={(event) => {
        event.preventDefault()
        void model.add()
      }}
    >
      <TextArea
        code
        lines
        autoFocus
        label={t('settings.network.add.field')}
        rows={Math.min(8, Math.max(2, count + 1))}
        help={model.choiceFollows ? t('settings.network.add.first') : undefined}
        error={error}
        value={form.text}
        onValue={(text) => model.setText(text)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') model.closeForm()
        }}
        autoCapitalize="off"
        autoComplete="off"
      />
      <div className={s['buttons']}>
        <ScanServer className={s['scan']} text={form.text} onText={(text) => model.setText(text)} />
        <Button onClick={() => model.closeForm()}>{t('settings.network.add.cancel')}</Button>
        <Button tone="primary" type="submit" busy={busy}>
          {t('settings.network.add.confirm', { count })}
        </Button>
      </div>
    </form>
  )
}
