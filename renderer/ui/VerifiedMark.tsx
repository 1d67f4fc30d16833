import { ShieldCheck, TriangleAlert } from 'lucide-react'
import { Icon } from './Icon.tsx'
import { Hidden } from './Name.tsx'
import s from './VerifiedMark.module.css'

/** After a name: compared, or changed since. The words are for assistive technology. */
export function VerifiedMark({ label, changed = false }: { label: string; changed?: boolean }) {
  return (
    <span className={s[changed ? 'changed' : 'mark']} title={label} data-testid="verified-mark">
      <Icon of={changed ? TriangleAlert : ShieldCheck} size="s" />
      <Hidden>{label}</Hidden>
    </span>
  )
}
