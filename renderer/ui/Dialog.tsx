import type { ReactNode, RefObject } from 'react'
import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { t } from '../i18n/index.ts'
import { cx } from './cx.ts'
import { Icon } from './Icon.tsx'
import { IconButton } from './IconButton.tsx'
import s from './Dialog.module.css'

export interface DialogProps {
  open: boolean
  /** Escape, the cross or a press outside. Where something would be lost, ask before closing. */
  onClose: () => void
  title: ReactNode
  /** Confirm is 548 wide, New chat 768. */
  width?: 's' | 'm' | 'l'
  /** Stands in the middle of the header: tabs. */
  headerExtra?: ReactNode
  footer?: ReactNode
  /** In place of a footer of one's own: its buttons, at the end, the deed last. */
  buttons?: ReactNode
  testId?: string
  state?: string
  initialFocus?: RefObject<HTMLElement | null>
  /** A press outside does nothing (something is typed or under way). */
  keepOnOutsidePress?: boolean
  children: ReactNode
}

/** Modal. Focus goes in, is kept, and returns to the opener; header and footer stay, the body scrolls. */
export function Dialog(props: DialogProps) {
  const {
    open,
    onClose,
    title,
    width = 'm',
    headerExtra,
    footer,
    buttons,
    testId,
    state,
    initialFocus,
    children,
  } = props
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => next || onClose()}
      disablePointerDismissal={props.keepOnOutsidePress ?? false}
    >
      <Base.Portal>
        <Base.Backdrop forceRender className={s['scrim']} />
        <Base.Viewport className={s['viewport']}>
          <Base.Popup
            className={cx(s['dialog'], s[width])}
            data-testid={testId}
            data-state={state}
            {...(initialFocus && { initialFocus })}
          >
            <header className={s['header']}>
              <Base.Title className={s['title']}>{title}</Base.Title>
              {headerExtra && <div className={s['extra']}>{headerExtra}</div>}
              <Base.Close
                render={
                  <IconButton label={t('ui.close')} className={s['close']} children={<Icon of={X} />} />
                }
              />
            </header>
            <div className={s['body']}>{children}</div>
            {(footer || buttons) && (
              <footer className={s['footer']}>
                {footer}
                {buttons && <div className={s['actions']}>{buttons}</div>}
              </footer>
            )}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}
