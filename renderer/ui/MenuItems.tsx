import type { ReactNode } from 'react'
import { Menu as Base } from '@base-ui/react/menu'
import { cx } from './cx.ts'
import s from './Menu.module.css'

export type MenuItem =
  | { id: string; label: string; icon?: ReactNode; tone?: 'danger'; disabled?: boolean; onPress: () => void }
  | { id: string; divider: true }

/** What stands in a menu, wherever it opens. */
export function MenuItems({ items }: { items: readonly MenuItem[] }) {
  return items.map((item) =>
    'divider' in item ? (
      <Base.Separator key={item.id} className={s['divider']} />
    ) : (
      <Base.Item
        key={item.id}
        className={cx(s['item'], item.tone && s[item.tone])}
        disabled={item.disabled ?? false}
        onClick={item.onPress}
      >
        {item.icon}
        {item.label}
      </Base.Item>
    ),
  )
}
