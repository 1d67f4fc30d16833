import { useId, useState } from 'react'
import type { InputHTMLAttributes, ReactNode, Ref, TextareaHTMLAttributes } from 'react'
import { CircleAlert } from 'lucide-react'
import { cx } from './cx.ts'
import { Icon } from './Icon.tsx'
import s from './TextField.module.css'

interface Common {
  label: string
  /** Stands at the end of the label line: "only you see it". */
  aside?: string
  /** One plain line under the field. */
  help?: ReactNode
  /** Sentence with a next step; the field turns `aria-invalid` and points at it. */
  error?: string | null
  /** The label is for assistive technology alone. */
  hideLabel?: boolean
  value: string
  onValue: (value: string) => void
}

type Native<E> = Omit<E, 'value' | 'onChange' | 'children' | 'rows'>

export type TextFieldProps = Common &
  Native<InputHTMLAttributes<HTMLInputElement>> & { ref?: Ref<HTMLInputElement> }
export type TextAreaProps = Common &
  Native<TextareaHTMLAttributes<HTMLTextAreaElement>> & {
    rows?: number
    code?: boolean
    /** One thing a line: nothing is wrapped, and the field grows with what it holds. */
    lines?: boolean
    ref?: Ref<HTMLTextAreaElement>
  }

export function TextField(props: TextFieldProps) {
  const { label, aside, help, error, hideLabel, value, onValue, className, ...rest } = props
  return (
    <Frame {...{ label, aside, help, error, hideLabel, className }}>
      {(ids) => (
        <input
          type="text"
          {...rest}
          {...ids}
          value={value}
          onChange={(e) => onValue(e.target.value)}
          className={s['input']}
          dir="auto"
        />
      )}
    </Frame>
  )
}

export function TextArea(props: TextAreaProps) {
  const {
    label,
    aside,
    help,
    error,
    hideLabel,
    value,
    onValue,
    className,
    code,
    lines,
    rows = 3,
    ...rest
  } = props
  return (
    <Frame {...{ label, aside, help, error, hideLabel, className }}>
      {(ids) => (
        <textarea
          spellCheck={!code}
          {...rest}
          {...ids}
          rows={rows}
          value={value}
          onChange={(e) => onValue(e.target.value)}
          className={cx(s['input'], s['area'], code && s['code'], lines && s['lines'])}
          dir={code ? 'ltr' : 'auto'}
        />
      )}
    </Frame>
  )
}

interface FrameProps {
  label: string
  aside?: string | undefined
  help?: ReactNode
  error?: string | null | undefined
  hideLabel?: boolean | undefined
  className?: string | undefined
  children: (ids: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode
}

function Frame({ label, aside, help, error, hideLabel, className, children }: FrameProps) {
  const id = useId()
  const describedBy = [error && `${id}-error`, help && `${id}-help`].filter(Boolean).join(' ')
  return (
    <div className={cx(s['field'], className)}>
      <div className={cx(s['label'], hideLabel && s['hidden'])}>
        <label htmlFor={id}>{label}</label>
        {aside !== undefined && <span className={s['aside']}>{aside}</span>}
      </div>
      {children({
        id,
        ...(describedBy && { 'aria-describedby': describedBy }),
        ...(error && { 'aria-invalid': true as const }),
      })}
      <FieldError id={`${id}-error`}>{error}</FieldError>
      {help && (
        <div id={`${id}-help`} className={s['help']}>
          {help}
        </div>
      )}
    </div>
  )
}

/** The sentence under a field or a group; announced when it appears. */
export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  const [announce] = useState(() => !children)
  if (!children) return null
  return (
    <div id={id} className={s['error']} role={announce ? 'alert' : undefined}>
      <Icon of={CircleAlert} size="m" />
      <span>{children}</span>
    </div>
  )
}
