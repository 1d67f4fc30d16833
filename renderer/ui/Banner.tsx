import type { ReactNode } from 'react'
import { CircleAlert, Info, ShieldCheck, TriangleAlert } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { cx } from './cx.ts'
import { Icon } from './Icon.tsx'
import s from './Banner.module.css'

export type BannerTone = 'plain' | 'them' | 'good' | 'bad'

const icons: Record<BannerTone, LucideIcon> = {
  plain: Info,
  them: TriangleAlert,
  good: ShieldCheck,
  bad: CircleAlert,
}

export interface BannerProps {
  tone?: BannerTone
  icon?: LucideIcon
  /** The bold first words. */
  title?: ReactNode
  children?: ReactNode
  action?: ReactNode
  /** `alert` when it appears as the answer to an action. */
  role?: 'alert' | 'status'
  testId?: string
  state?: string
}

/** Sits where its subject is; the words name the next step. */
export function Banner({ tone = 'plain', icon, title, children, action, role, testId, state }: BannerProps) {
  return (
    <div className={cx(s['banner'], s[tone])} role={role} data-testid={testId} data-state={state}>
      <Icon of={icon ?? icons[tone]} />
      <div className={s['words']}>
        {title !== undefined && <b className={s['title']}>{title}</b>} {children}
      </div>
      {action}
    </div>
  )
}
