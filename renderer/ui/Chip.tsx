import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import s from './Chip.module.css'

export type ChipTone = 'plain' | 'me' | 'them' | 'good' | 'bad' | 'incognito'

/** A state or a kind in words, with a shape before the colour. */
export function Chip({
  tone = 'plain',
  icon,
  code,
  children,
}: {
  tone?: ChipTone
  icon?: ReactNode
  code?: boolean
  children: ReactNode
}) {
  return (
    <span className={cx(s['chip'], s[tone])}>
      {icon}
      <span className={cx(s['words'], code && s['code'])}>{children}</span>
    </span>
  )
}
