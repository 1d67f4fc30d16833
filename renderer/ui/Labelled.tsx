import type { ReactNode } from 'react'
import s from './Labelled.module.css'

/** Something to read under a label, where otherwise a field stands. */
export function Labelled({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={s['field']}>
      <p className={s['label']}>{label}</p>
      {children}
    </div>
  )
}
