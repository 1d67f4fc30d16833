import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import text from '../../styles/text.module.css'
import s from './StartPage.module.css'

export interface StartRow {
  name: string
  /** What follows from it, or a path. */
  text: ReactNode
  action: ReactNode
}

/** The one look of these pages: what is wrong, what is safe, two or three ways on. */
export function StartPage({
  title,
  lead,
  rows,
  children,
}: {
  title: string
  lead: string
  rows: readonly StartRow[]
  /** Below the rows. */
  children?: ReactNode
}) {
  const heading = useRef<HTMLHeadingElement>(null)
  // The page takes the place of whatever had the focus.
  useEffect(() => heading.current?.focus(), [title])
  return (
    <div className={s['page']}>
      <header className={s['head']}>
        <h1 ref={heading} tabIndex={-1} className={text['head']}>
          {title}
        </h1>
        <p className={s['lead']}>{lead}</p>
      </header>
      <ul className={s['rows']}>
        {rows.map((row) => (
          <li key={row.name} className={s['row']}>
            <div className={s['words']}>
              <p>{row.name}</p>
              <p className={text['sub']}>{row.text}</p>
            </div>
            {row.action}
          </li>
        ))}
      </ul>
      {children}
    </div>
  )
}
