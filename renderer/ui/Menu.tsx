import type { ReactElement } from 'react'
import { Menu as Base } from '@base-ui/react/menu'
import { MenuItems } from './MenuItems.tsx'
import type { MenuItem } from './MenuItems.tsx'
import s from './Menu.module.css'

/** `trigger` is a whole button (IconButton or Button). */
export function Menu({ trigger, items }: { trigger: ReactElement; items: readonly MenuItem[] }) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align="end" className={s['positioner']}>
          <Base.Popup className={s['menu']}>
            <MenuItems items={items} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
