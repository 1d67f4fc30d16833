import type { ReactNode } from 'react'
import s from './Details.module.css'

/** What folds out under a first line that anyone understands: addresses, codes, steps. */
export function Details({
  label,
  rows,
}: {
  label: string
  rows: readonly { term: string; value: ReactNode }[]
}) {
  return (
    <details
      className={s['details']}
      // what folds out under the edge of a dialog would be missed
      onToggle={({ currentTarget }) =>
        currentTarget.open && currentTarget.scrollIntoView({ block: 'nearest' })
      }
    >
      <summary className={s['summary']}>{label}</summary>
      <dl className={s['rows']}>
        {rows.map((row) => (
          <div key={row.term} className={s['row']}>
            <dt>{row.term}</dt>
            <dd className={s['value']}>{row.value}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
