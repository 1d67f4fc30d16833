import { cx } from './cx.ts'
import s from './Tally.module.css'

/** Life of a connection. The words beside it say the same; the glyph is decorative. */
export type TallyState = 'made' | 'opened' | 'connected' | 'expired' | 'failed'

const FULL =
  'M8.5 2H14.25a.5.5 0 0 1 .5.5V9.5a1.75 1.75 0 0 1-1.75 1.75H11a3.25 3.25 0 0 0-3.25 3.25V21.5a.5.5 0 0 1-.5.5H4A2 2 0 0 1 2 20V8.5A6.5 6.5 0 0 1 8.5 2z'
const OUTLINE =
  'M8.5 2.65H13.6a.5.5 0 0 1 .5.5V9.5a1.1 1.1 0 0 1-1.1 1.1H11a3.9 3.9 0 0 0-3.9 3.9V20.85a.5.5 0 0 1-.5.5H4A1.35 1.35 0 0 1 2.65 20V8.5A5.85 5.85 0 0 1 8.5 2.65z'

const theirs: Record<TallyState, { d: string; look: string } | null> = {
  made: { d: OUTLINE, look: 'awaited' },
  opened: { d: OUTLINE, look: 'tint' },
  connected: { d: FULL, look: 'them' },
  expired: null,
  failed: { d: OUTLINE, look: 'gone' },
}

export interface TallyProps {
  state: TallyState
  size?: number
  /** My half is a random self, which has no hue. */
  incognito?: boolean
}

export function Tally({ state, size = 26, incognito = false }: TallyProps) {
  const other = theirs[state]
  const mine =
    state === 'expired' ? { d: OUTLINE, look: 'off' } : { d: FULL, look: incognito ? 'nobody' : 'me' }
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 24 24">
      <path className={s[mine.look]} d={mine.d} />
      {other && <path className={s[other.look]} d={other.d} transform="rotate(180 12 12)" />}
    </svg>
  )
}

/** The tally in a tile of avatar size, for rows and bars. */
export function TallyTile({ state, size = 40, incognito = false }: TallyProps & { size?: 36 | 40 }) {
  return (
    <span aria-hidden="true" className={cx(s['tile'], size === 36 && s['x36'], incognito && s['veil'])}>
      <Tally state={state} size={size === 36 ? 22 : 26} incognito={incognito} />
    </span>
  )
}

/** Word mark: its d and p are one letter turned round. */
export function Logo({ height = 32 }: { height?: number }) {
  return (
    <svg role="img" aria-label="Duplex" viewBox="0 0 116 32" height={height} width={(height * 116) / 32}>
      <g transform="translate(1 4)">
        <path className={s['me']} d={FULL} />
        <path className={s['them']} d={FULL} transform="rotate(180 12 12)" />
      </g>
      <g className={s['letters']} fill="none" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round">
        <path d="M44.5 5.5V22M44.5 16a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0z" />
        <path d="M50 10.5V16.5a5 5 0 0 0 10 0V10.5M60 10.5V22" />
        <path d="M65.5 26.5V10M65.5 16a5.5 5.5 0 1 0 11 0 5.5 5.5 0 0 0-11 0z" />
        <path d="M82 5.5V22" />
        <path d="M87.7 16H98.3A5.35 5.5 0 1 0 96.6 20" />
        <path d="M103 10.5 112 21.5M112 10.5 103 21.5" />
      </g>
    </svg>
  )
}
