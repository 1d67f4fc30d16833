import type { ReactNode } from 'react'
import { Check, ChevronDown } from 'lucide-react'
import { Select as Base } from '@base-ui/react/select'
import { Icon } from './Icon.tsx'
import field from './Labelled.module.css'
import s from './Picker.module.css'

export interface PickerOption<V extends string> {
  value: V
  title: ReactNode
  /** One line on what the choice means. */
  help?: ReactNode
  lead?: ReactNode
}

export interface PickerProps<V extends string> {
  label: string
  value: V
  onValue: (value: V) => void
  options: readonly PickerOption<V>[]
  disabled?: boolean
  testId?: string
}

/** One of a few, shown as it will be: a field that opens a list. */
export function Picker<V extends string>(props: PickerProps<V>) {
  const { label, value, onValue, options, disabled = false, testId } = props
  const chosen = options.find((option) => option.value === value)
  return (
    <Base.Root<V> value={value} onValueChange={(next) => next !== null && onValue(next)} disabled={disabled}>
      <div className={field['field']}>
        <Base.Label className={field['label']}>{label}</Base.Label>
        <Base.Trigger className={s['trigger']} data-testid={testId} data-value={value}>
          {chosen && <Words option={chosen} />}
          <Icon of={ChevronDown} size="m" />
        </Base.Trigger>
      </div>
      <Base.Portal>
        <Base.Positioner className={s['positioner']} sideOffset={4} alignItemWithTrigger={false}>
          <Base.Popup className={s['popup']}>
            {options.map((option) => (
              <Base.Item key={option.value} value={option.value} className={s['item']}>
                <Words option={option} />
                <Base.ItemIndicator className={s['mark']}>
                  <Icon of={Check} size="m" />
                </Base.ItemIndicator>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

function Words<V extends string>({ option: { title, help, lead } }: { option: PickerOption<V> }) {
  return (
    <span className={s['option']}>
      {lead}
      <span className={s['words']}>
        <span className={help === undefined ? s['plain'] : s['title']}>{title}</span>
        {help !== undefined && <span className={s['help']}>{help}</span>}
      </span>
    </span>
  )
}
