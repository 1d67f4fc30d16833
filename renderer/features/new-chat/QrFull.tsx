import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { Icon, IconButton, Phrase, QrCode } from '../../ui/index.ts'
import s from './QrFull.module.css'

export interface QrFullProps {
  open: boolean
  link: string
  /** Whom it is for; empty when nobody was named. */
  name: string
  onClose: () => void
}

/** The code over the whole window, on paper white in every theme: a camera at arm's length reads it. */
export function QrFull({ open, link, name, onClose }: QrFullProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => next || onClose()}>
      <Base.Portal>
        <Base.Popup className={s['paper']} data-testid="qr-full">
          <header className={s['header']}>
            <Base.Title className={s['title']}>
              {name === '' ? t('newChat.enlarged.nobody') : <Phrase id="newChat.enlarged" name={name} />}
            </Base.Title>
            <Base.Close
              render={
                <IconButton label={t('newChat.enlarged.close')} className={s['close']}>
                  <Icon of={X} />
                </IconButton>
              }
            />
          </header>
          <div className={s['code']}>
            <QrCode text={link} label={t('newChat.enlarged.nobody')} />
          </div>
          <Base.Description className={s['text']}>{t('newChat.enlarged.text')}</Base.Description>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
