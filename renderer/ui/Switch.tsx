import { useId } from 'react'
import type { ReactNode } from 'react'
import { Switch as Base } from '@base-ui/react/switch'
import s from './Switch.module.css'

export interface SwitchProps {
  label: ReactNode
  help?: ReactNode
  checked: boolean
  onChecked: (checked: boolean) => void
  disabled?: boolean
  /** The switch alone, where a row around it already says what it is about; the label is its name. */
  bare?: boolean
  testId?: string
}

/** A line of settings: words at the start, the switch at the end. It applies at once. */
export function Switch({ label, help, checked, onChecked, disabled, bare, testId }: SwitchProps) {
  const id = useId()
  return (
    <div className={s[bare ? 'bare' : 'line']}>
      <div className={s[bare ? 'hidden' : 'words']}>
        <span id={id} className={s['label']}>
          {label}
        </span>
        {help && (
          <span id={`${id}-help`} className={s['help']}>
            {help}
          </span>
        )}
      </div>
      <Base.Root
        className={s['switch']}
        checked={checked}
        onCheckedChange={onChecked}
        disabled={disabled ?? false}
        aria-labelledby={id}
        {...(help ? { 'aria-describedby': `${id}-help` } : {})}
        data-testid={testId}
      >
        <Base.Thumb className={s['thumb']} />
      </Base.Root>
    </div>
  )
}
