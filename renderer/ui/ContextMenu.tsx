import { useState } from 'react'
import type { MouseEvent, ReactNode, Ref } from 'react'
import { ContextMenu as Base } from '@base-ui/react/context-menu'
import { MenuItems } from './MenuItems.tsx'
import type { MenuItem } from './MenuItems.tsx'
import s from './Menu.module.css'

interface ContextMenuProps {
  className?: string | undefined
  /** What can be done with the thing under the pointer, or with the focused one for the menu key; nothing: no menu. */
  itemsAt: (target: Element) => readonly MenuItem[]
  children: ReactNode
  testId?: string
  ref?: Ref<HTMLDivElement>
}

/** An area whose parts answer to the secondary button and the menu key. */
export function ContextMenu({ className, itemsAt, children, testId, ref }: ContextMenuProps) {
  const [items, setItems] = useState<readonly MenuItem[]>([])
  const asked = (event: MouseEvent): void => {
    const found = event.target instanceof Element ? itemsAt(event.target) : []
    setItems(found)
    if (found.length === 0) event.stopPropagation()
  }
  return (
    <Base.Root>
      <Base.Trigger ref={ref} className={className} onContextMenuCapture={asked}>
        {children}
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className={s['positioner']}>
          <Base.Popup className={s['menu']} data-testid={testId}>
            <MenuItems items={items} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
