import { useEffect, useState } from 'react'
import { Check, CircleAlert } from 'lucide-react'
import { t } from '../i18n/index.ts'
import { Icon } from './Icon.tsx'
import { Spinner } from './Spinner.tsx'
import { Tally } from './Tally.tsx'
import text from '../styles/text.module.css'
import s from './ToastArea.module.css'

const SHOWN_MS = 6_000 // design: 6 s, kept while hovered or focused

export interface ToastItem {
  id: number
  text: string
  mark: 'check' | 'connected' | 'busy' | 'problem' | null
  action: { label: string; run: () => void } | null
}

export interface ToastAreaProps {
  toasts: readonly ToastItem[]
  /** What the live region says; a new serial says the same words again. */
  said: { text: string; serial: number }
  onDismiss: (id: number) => void
}

/**
 * Own and not the toast primitive of the library: that one wraps each toast in a dialog and says it from two regions;
 * here one polite region says each thing once (KEY-3).
 */
export function ToastArea({ toasts, said, onDismiss }: ToastAreaProps) {
  return (
    <>
      <div role="status" aria-live="polite" className={text['hidden']} data-testid="live">
        <span key={said.serial}>{said.text}</span>
      </div>
      <div role="region" aria-label={t('ui.toasts')} className={s['area']}>
        {toasts.map((toast) => (
          <OneToast key={toast.id} toast={toast} onDismiss={() => onDismiss(toast.id)} />
        ))}
      </div>
    </>
  )
}

function OneToast({ toast, onDismiss }: { toast: ToastItem; onDismiss: () => void }) {
  const [held, setHeld] = useState(false)
  useEffect(() => {
    // what goes on stays until it is over
    if (held || toast.mark === 'busy') return
    const timer = setTimeout(onDismiss, SHOWN_MS)
    return () => clearTimeout(timer)
  }, [held, onDismiss, toast.mark])
  const { mark, action } = toast
  return (
    <div
      className={s['toast']}
      data-testid="toast"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {mark === 'check' && <Icon of={Check} size="m" />}
      {mark === 'problem' && <Icon of={CircleAlert} size="m" />}
      {mark === 'connected' && <Tally state="connected" size={18} />}
      {mark === 'busy' && <Spinner />}
      <span className={s['words']}>{toast.text}</span>
      {action && (
        <button
          type="button"
          className={s['action']}
          onClick={() => {
            action.run()
            onDismiss()
          }}
        >
          {action.label}
        </button>
      )}
    </div>
  )
}
