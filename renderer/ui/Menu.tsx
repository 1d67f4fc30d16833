import type { ReactElement, ReactNode } from 'react'
import { Menu as Base } from '@base-ui/react/menu'
import { cx } from './cx.ts'
import s from './Menu.module.css'

export type MenuItem =
  | { id: string; label: string; icon?: ReactNode; tone?: 'danger'; disabled?: boolean; onPress: () => void }
  | { id: string; divider: true }

/** `trigger` is a whole button (IconButton or Button). */
export function Menu({ trigger, items }: { trigger: ReactElement; items: readonly MenuItem[] }) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align="end" className={s['positioner']}>
          <Base.Popup className={s['menu']}>
            {items.map((item) =>
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
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
