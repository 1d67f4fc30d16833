import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { cx } from './cx.ts'
import s from './IconButton.module.css'

export interface IconButtonProps extends Omit<
  ButtonHTMLAttributes<HTMLButtonElement>,
  'children' | 'aria-label'
> {
  /** The accessible name; also the tooltip. */
  label: string
  size?: 's' | 'm'
  bordered?: boolean
  children: ReactNode
  ref?: Ref<HTMLButtonElement>
}

export function IconButton({ label, size = 'm', bordered, className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      title={label}
      {...rest}
      aria-label={label}
      className={cx(s['button'], s[size], bordered && s['bordered'], className)}
    >
      {children}
    </button>
  )
}
