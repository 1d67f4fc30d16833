import type { ReactNode } from 'react'
import s from './TextLink.module.css'

/** Looks like a link, is a button: it stays in this window. */
export function TextLink({ onPress, children }: { onPress: () => void; children: ReactNode }) {
  return (
    <button type="button" className={s['link']} onClick={onPress}>
      {children}
    </button>
  )
}
