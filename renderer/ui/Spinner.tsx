import { cx } from './cx.ts'
import s from './Spinner.module.css'

/** A ring; the words beside it say what is going on. */
export function Spinner({ size = 's' }: { size?: 's' | 'm' }) {
  return <span aria-hidden="true" className={cx(s['spinner'], s[size])} />
}
