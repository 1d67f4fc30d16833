import { useRef } from 'react'
import type { ReactNode } from 'react'
import { AlertDialog as Base } from '@base-ui/react/alert-dialog'
import { t } from '../i18n/index.ts'
import { Banner } from './Banner.tsx'
import { Button } from './Button.tsx'
import type { ButtonTone } from './Button.tsx'
import { cx } from './cx.ts'
import s from './Dialog.module.css'

export interface AlertAction {
  label: string
  tone?: ButtonTone
  busy?: boolean
  disabled?: boolean
  onPress: () => void
}

export interface AlertDialogProps {
  open: boolean
  /** Escape and the cancel button. */
  onClose: () => void
  title: ReactNode
  /** What happens and what survives. */
  children: ReactNode
  /** Named after the thing: "Delete link". `destroy` tone for what cannot be taken back; it never has the first focus. */
  actions: readonly AlertAction[]
  cancelLabel?: string
  /** Why the last try came to nothing, under what is explained. */
  problem?: string | null
  testId?: string
  state?: string
}

export function AlertDialog({
  open,
  onClose,
  title,
  children,
  actions,
  cancelLabel,
  problem,
  testId,
  state,
}: AlertDialogProps) {
  const cancel = useRef<HTMLButtonElement>(null)
  return (
    <Base.Root open={open} onOpenChange={(next) => next || onClose()}>
      <Base.Portal>
        <Base.Backdrop forceRender className={s['scrim']} />
        <Base.Viewport className={s['viewport']}>
          <Base.Popup
            className={cx(s['dialog'], s['s'])}
            data-testid={testId}
            data-state={state}
            initialFocus={cancel}
          >
            <div className={cx(s['body'], s['alert'])}>
              <Base.Title className={s['alertTitle']}>{title}</Base.Title>
              <Base.Description render={<div />} className={s['explanation']}>
                {children}
              </Base.Description>
              {problem && (
                <Banner tone="bad" role="alert">
                  {problem}
                </Banner>
              )}
            </div>
            <footer className={s['footer']}>
              <div className={s['actions']}>
                <Button ref={cancel} onClick={onClose}>
                  {cancelLabel ?? t('ui.cancel')}
                </Button>
                {actions.map((action, place) => (
                  <Button
                    // by its place: a button that says "Copied" once it was pressed keeps the focus
                    key={place}
                    tone={action.tone ?? 'primary'}
                    busy={action.busy ?? false}
                    disabled={action.disabled ?? false}
                    onClick={action.onPress}
                  >
                    {action.label}
                  </Button>
                ))}
              </div>
            </footer>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}
