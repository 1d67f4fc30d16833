import { cx } from './cx.ts'
import text from '../styles/text.module.css'

/** Words of another person: inert text that neither flips nor pushes its neighbours. `cut` ends it with an ellipsis. */
export function Name({
  children,
  cut,
  className,
}: {
  children: string
  cut?: boolean
  className?: string | undefined
}) {
  return (
    <bdi dir="auto" className={cx(cut && text['cut'], className)}>
      {children}
    </bdi>
  )
}

/** For assistive technology alone. */
export function Hidden({ children }: { children: string }) {
  return <span className={text['hidden']}>{children}</span>
}
