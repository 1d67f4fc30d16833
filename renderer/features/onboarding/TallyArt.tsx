import s from './TallyArt.module.css'

const HALF =
  'M8.5 2H14.25a.5.5 0 0 1 .5.5V9.5a1.75 1.75 0 0 1-1.75 1.75H11a3.25 3.25 0 0 0-3.25 3.25V21.5a.5.5 0 0 1-.5.5H4A2 2 0 0 1 2 20V8.5A6.5 6.5 0 0 1 8.5 2z'
const EDGE =
  'M8.5 2.65H13.6a.5.5 0 0 1 .5.5V9.5a1.1 1.1 0 0 1-1.1 1.1H11a3.9 3.9 0 0 0-3.9 3.9V20.85a.5.5 0 0 1-.5.5H4A1.35 1.35 0 0 1 2.65 20V8.5A5.85 5.85 0 0 1 8.5 2.65z'
const LANE = 'M4.9 19.4V8.8a2.6 2.6 0 0 1 2.6-2.6H12.2M10.3 4.3 12.2 6.2 10.3 8.1'

/** The two halves, large. `whole`: two one-way lanes, on the welcome. `mine`: only my half exists yet, during the steps. */
export function TallyArt({ show }: { show: 'whole' | 'mine' }) {
  if (show === 'mine')
    return (
      <svg className={s['mine']} viewBox="-2 -2 28 28" aria-hidden="true">
        <path className={s['me']} d={HALF} transform="translate(-1.1 -0.33)" />
        <path className={s['awaited']} d={EDGE} transform="translate(1.1 0.33) rotate(180 12 12)" />
      </svg>
    )
  return (
    <svg className={s['whole']} viewBox="-2 -2 28 28" aria-hidden="true">
      <g transform="translate(-0.35 -0.105)">
        <path className={s['me']} d={HALF} />
        <path className={s['myLane']} d={LANE} />
      </g>
      <g transform="translate(0.35 0.105) rotate(180 12 12)">
        <path className={s['them']} d={HALF} />
        <path className={s['theirLane']} d={LANE} />
      </g>
    </svg>
  )
}
