import { useId } from 'react'
import type { ReactNode } from 'react'
import { Radio } from '@base-ui/react/radio'
import { RadioGroup as Base } from '@base-ui/react/radio-group'
import { cx } from './cx.ts'
import s from './RadioGroup.module.css'

export interface RadioOption<V extends string> {
  value: V
  title: ReactNode
  /** One line on what the choice means. */
  help?: ReactNode
  /** Avatar or icon between the dot and the words. */
  lead?: ReactNode
  /** Shown under the words while chosen: fields of this choice. */
  detail?: ReactNode
  /** A random self: no hue. */
  veil?: boolean
  disabled?: boolean
  testId?: string
}

export interface RadioGroupProps<V extends string> {
  /** The accessible name; `hideLabel` when a heading stands above. */
  label: string
  hideLabel?: boolean
  value: V | null
  onValue: (value: V) => void
  options: readonly RadioOption<V>[]
  /** `cards`: apart, for large choices; `list`: joined lines, for identities. */
  look?: 'cards' | 'list'
}

export function RadioGroup<V extends string>(props: RadioGroupProps<V>) {
  const { label, hideLabel, value, onValue, options, look = 'cards' } = props
  const id = useId()
  return (
    <div className={s['field']}>
      <span id={id} className={cx(s['label'], hideLabel && s['hidden'])}>
        {label}
      </span>
      <Base
        aria-labelledby={id}
        value={value}
        onValueChange={(next) => onValue(next as V)}
        className={s[look]}
      >
        {options.map((option, index) => (
          <Option
            key={option.value}
            option={option}
            on={option.value === value}
            id={`${id}-${String(index)}`}
            look={look}
          />
        ))}
      </Base>
    </div>
  )
}

interface OptionProps<V extends string> {
  option: RadioOption<V>
  on: boolean
  id: string
  look: 'cards' | 'list'
}

function Option<V extends string>({ option, on, id, look }: OptionProps<V>) {
  return (
    <div className={cx(look === 'cards' ? s['card'] : s['line'], on && s['on'], option.veil && s['veil'])}>
      <label className={s['choice']}>
        <Radio.Root
          value={option.value}
          disabled={option.disabled ?? false}
          className={cx(s['dot'])}
          data-testid={option.testId}
          aria-labelledby={`${id}-title`}
          {...(option.help ? { 'aria-describedby': `${id}-help` } : {})}
        />
        {option.lead}
        <span className={s['words']}>
          <span id={`${id}-title`} className={s['title']}>
            {option.title}
          </span>
          {option.help && (
            <span id={`${id}-help`} className={s['help']}>
              {option.help}
            </span>
          )}
        </span>
      </label>
      {on && option.detail && <div className={s['detail']}>{option.detail}</div>}
    </div>
  )
}
