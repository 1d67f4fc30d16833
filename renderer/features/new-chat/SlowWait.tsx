import { t } from '../../i18n/index.ts'
import { Button } from '../../ui/index.ts'
import s from './SlowWait.module.css'

/** A wait that has become long gets a reason and a way out (flows 0). */
export function SlowWait({ onCancel }: { onCancel: () => void }) {
  return (
    <div className={s['slow']} role="status">
      <p>{t('newChat.slow')}</p>
      <Button size="s" onClick={onCancel}>
        {t('newChat.cancel')}
      </Button>
    </div>
  )
}
