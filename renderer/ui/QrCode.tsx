import { useMemo } from 'react'
import { cx } from './cx.ts'
import { drawQr } from './qr-path.ts'
import s from './QrCode.module.css'

export interface QrCodeProps {
  text: string
  /** What the code is and where its text form stands. */
  label: string
  /** Side in px; without it the code fills the width of its place. At least 240 (flows 4). */
  size?: number
  testId?: string
}

/** Always black on white, in every theme, never covered. */
export function QrCode({ text, label, size, testId }: QrCodeProps) {
  const { side, path } = useMemo(() => drawQr(text), [text])
  return (
    <svg
      role="img"
      aria-label={label}
      data-testid={testId}
      viewBox={`0 0 ${String(side)} ${String(side)}`}
      shapeRendering="crispEdges"
      className={cx(s['qr'], size === undefined && s['fill'])}
      {...(size !== undefined && { width: size, height: size })}
    >
      <rect width={side} height={side} className={s['paper']} />
      <path d={path} className={s['ink']} />
    </svg>
  )
}
