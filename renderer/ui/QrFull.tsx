import type { ReactNode } from 'react'
import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { t } from '../i18n/index.ts'
import { Icon } from './Icon.tsx'
import { IconButton } from './IconButton.tsx'
import { QrCode } from './QrCode.tsx'
import s from './QrFull.module.css'

export interface QrFullProps {
  open: boolean
  /** What the code says. */
  code: string
  label: string
  title: ReactNode
  children: ReactNode
  onClose: () => void
}

/** A code over the whole window, on paper white in every theme: a camera at arm's length reads it. */
export function QrFull({ open, code, label, title, children, onClose }: QrFullProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => next || onClose()}>
      <Base.Portal>
        <Base.Popup className={s['paper']} data-testid="qr-full">
          <header className={s['header']}>
            <Base.Title className={s['title']}>{title}</Base.Title>
            <Base.Close
              render={
                <IconButton label={t('ui.close')} className={s['close']}>
                  <Icon of={X} />
                </IconButton>
              }
            />
          </header>
          <div className={s['code']}>
            <QrCode text={code} label={label} />
          </div>
          <Base.Description className={s['text']}>{children}</Base.Description>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
