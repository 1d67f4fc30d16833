import type { ReactNode } from 'react'
import { Tabs as Base } from '@base-ui/react/tabs'
import s from './Tabs.module.css'

export interface TabItem<V extends string> {
  value: V
  label: string
  icon?: ReactNode
  testId?: string
}

export interface TabsProps<V extends string> {
  value: V
  onValue: (value: V) => void
  children: ReactNode
}

/** Holds the list (often in a dialog's header) and its panels. Arrow keys switch at once. */
export function Tabs<V extends string>({ value, onValue, children }: TabsProps<V>) {
  return (
    <Base.Root value={value} onValueChange={(next) => onValue(next as V)} className={s['root']}>
      {children}
    </Base.Root>
  )
}

export function TabList<V extends string>({ label, tabs }: { label: string; tabs: readonly TabItem<V>[] }) {
  return (
    <Base.List className={s['list']} aria-label={label} activateOnFocus>
      {tabs.map((tab) => (
        <Base.Tab key={tab.value} value={tab.value} className={s['tab']} data-testid={tab.testId}>
          {tab.icon}
          {tab.label}
        </Base.Tab>
      ))}
    </Base.List>
  )
}

export function TabPanel({
  value,
  children,
  keepMounted,
}: {
  value: string
  children: ReactNode
  keepMounted?: boolean
}) {
  return (
    <Base.Panel value={value} tabIndex={-1} className={s['panel']} keepMounted={keepMounted ?? false}>
      {children}
    </Base.Panel>
  )
}
