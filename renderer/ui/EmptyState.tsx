import type { ReactNode } from 'react'
import text from '../styles/text.module.css'
import s from './EmptyState.module.css'

/** One heading, one sentence, and what can be done about it. */
export function EmptyState({
  title,
  children,
  action,
  level = 1,
}: {
  title: string
  children: ReactNode
  action?: ReactNode
  level?: 1 | 2
}) {
  const Heading = level === 1 ? 'h1' : 'h2'
  return (
    <div className={s['empty']}>
      <Heading className={level === 1 ? text['head'] : text['strong']}>{title}</Heading>
      <p className={level === 1 ? text['lead'] : text['sub']}>{children}</p>
      {action}
    </div>
  )
}
