import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import s from './CutPlate.module.css'

export interface CutPlateProps {
  /** Start is always me: what I keep, do or show. */
  start: ReactNode
  /** End is always the other side: what they get, give or show. */
  end: ReactNode
  size?: 's' | 'l'
  /** `veil`: my half without hue (incognito). */
  mine?: 'petrol' | 'veil'
  /** Width of the end half in px where it holds something fixed (a QR code); else both are equal. */
  endWidth?: number
  /** The halves bring their own padding (they are buttons). */
  bare?: boolean
  state?: string
  testId?: string
  className?: string | undefined
}

/** One plate cut by the rounded step into two halves. At most twice on a screen. */
export function CutPlate({
  start,
  end,
  size = 's',
  mine = 'petrol',
  endWidth,
  bare,
  state,
  testId,
  className,
}: CutPlateProps) {
  const columns =
    endWidth === undefined
      ? undefined
      : { gridTemplateColumns: `minmax(0, 1fr) ${size === 'l' ? 49 : 28}px ${endWidth}px` }
  return (
    <div
      className={cx(s['plate'], s[size], s[mine], bare && s['bare'], className)}
      style={columns}
      data-state={state}
      data-testid={testId}
    >
      <div className={s['start']}>{start}</div>
      <div className={s['seam']} aria-hidden="true">
        <i />
        <svg viewBox="0 0 28 24">
          <path className={s['fa']} d="M20 0V6a5 5 0 0 1-5 5H13a7 7 0 0 0-7 7V24H0V0z" />
          <path className={s['fb']} d="M22 0V6a7 7 0 0 1-7 7H13a5 5 0 0 0-5 5V24H28V0z" />
        </svg>
        <i />
      </div>
      <div className={s['end']}>{end}</div>
    </div>
  )
}
