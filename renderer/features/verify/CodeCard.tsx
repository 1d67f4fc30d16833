import { useState } from 'react'
import { Copy, Eye } from 'lucide-react'
import type { SecurityCode } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { useServices } from '../../state/index.ts'
import { Button, Hidden, Icon, QrCode } from '../../ui/index.ts'
import { codeRows, wordRows } from './verify-model.ts'
import s from './CodeCard.module.css'

/** Lettered rows, so that two people on a call stay in the same place; digits or words of the same bits. */
export function CodeCard({ code }: { code: SecurityCode }) {
  const { host, toasts } = useServices()
  const [words, setWords] = useState(false)
  const rows = words ? wordRows(code.words) : codeRows(code.code)
  const copy = async (): Promise<void> => {
    try {
      await host.copyText(words ? code.words.join(' ') : code.code)
      toasts.show({ text: t('verify.copied'), mark: 'check' })
    } catch {
      toasts.show({ text: t('verify.copyFailed'), mark: 'problem' })
    }
  }
  return (
    <section className={s['card']} aria-label={t('verify.code')}>
      <div className={s['side']}>
        <div
          className={s['rows']}
          dir="ltr"
          data-testid={words ? 'verify-words' : 'verify-code'}
          data-code={words ? code.words.join(' ') : code.code}
        >
          {rows.map(({ letter, groups, spoken }) => (
            <div key={letter} className={s['row']}>
              <Hidden>{t('verify.row', { letter, digits: spoken })}</Hidden>
              <span className={s['letter']} aria-hidden="true">
                {letter}
              </span>
              <span className={words ? s['words'] : s['digits']} aria-hidden="true">
                {groups.join(' ')}
              </span>
            </div>
          ))}
        </div>
        <div className={s['deeds']}>
          <Button
            size="s"
            icon={<Icon of={Copy} size="m" />}
            data-testid="verify-copy"
            onClick={() => void copy()}
          >
            {t('verify.copy')}
          </Button>
          <Button
            size="s"
            icon={<Icon of={Eye} size="m" />}
            data-testid="verify-form"
            onClick={() => setWords(!words)}
          >
            {t(words ? 'verify.digits' : 'verify.words')}
          </Button>
        </div>
      </div>
      <div className={s['qr']}>
        <QrCode text={code.qr} label={t('verify.qr')} testId="verify-qr" />
      </div>
    </section>
  )
}
