import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { cx } from './cx.ts'
import { Spinner } from './Spinner.tsx'
import s from './Button.module.css'

/** `primary` at most once in a view; `destroy` (filled) only inside its own dialog. */
export type ButtonTone = 'primary' | 'neutral' | 'quiet' | 'danger' | 'quiet-danger' | 'destroy'

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  tone?: ButtonTone
  size?: 's' | 'm' | 'l'
  /** While true: a ring in place of the icon, presses do nothing. Give the verb as children. */
  busy?: boolean
  icon?: ReactNode
  /** Takes the whole width of its place. */
  wide?: boolean
  /** A quiet button whose words line up with the text above. */
  flush?: 'start' | 'end'
  children: ReactNode
  ref?: Ref<HTMLButtonElement>
}

export function Button(props: ButtonProps) {
  const {
    tone = 'neutral',
    size = 'm',
    busy = false,
    icon,
    wide,
    flush,
    className,
    children,
    onClick,
    ...rest
  } = props
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      aria-disabled={busy || rest['aria-disabled']}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={cx(
        s['button'],
        s[tone],
        s[size],
        wide && s['wide'],
        flush && s[`flush-${flush}`],
        className,
      )}
    >
      {busy ? <Spinner /> : icon}
      <span className={s['label']}>{children}</span>
    </button>
  )
}
