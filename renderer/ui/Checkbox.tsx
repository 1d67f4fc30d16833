import { useId } from 'react'
import type { ReactNode } from 'react'
import s from './Checkbox.module.css'

export interface CheckboxProps {
  label: ReactNode
  /** What it means, one way and the other. */
  help?: ReactNode
  checked: boolean
  onChecked: (checked: boolean) => void
  disabled?: boolean
  testId?: string
}

/** Part of a decision; it applies when the button of that decision is pressed. A switch applies at once. */
export function Checkbox({ label, help, checked, onChecked, disabled = false, testId }: CheckboxProps) {
  const id = useId()
  return (
    <div className={s['box']}>
      <input
        type="checkbox"
        id={id}
        className={s['check']}
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChecked(event.target.checked)}
        data-testid={testId}
        {...(help ? { 'aria-describedby': `${id}-help` } : {})}
      />
      <div className={s['words']}>
        <label htmlFor={id}>{label}</label>
        {help && (
          <p id={`${id}-help`} className={s['help']}>
            {help}
          </p>
        )}
      </div>
    </div>
  )
}
