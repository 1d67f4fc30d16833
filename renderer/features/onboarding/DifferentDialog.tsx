import { t } from '../../i18n/index.ts'
import { Button, Dialog } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import s from './DifferentDialog.module.css'

const points = ['noAccount', 'links', 'relays', 'yours'] as const

/** Four short answers to "What is different here?". */
export function DifferentDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('onboarding.different.title')}
      buttons={<Button onClick={onClose}>{t('onboarding.different.close')}</Button>}
    >
      {points.map((point) => (
        <section key={point}>
          <h3 className={text['strong']}>{t(`onboarding.different.${point}.title`)}</h3>
          <p className={s['answer']}>{t(`onboarding.different.${point}`)}</p>
        </section>
      ))}
    </Dialog>
  )
}
