import type { Connection } from '#core/contract'
import { clockTime, t } from '../../i18n/index.ts'
import { Hidden } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import { useTimeline } from './use-timeline.ts'
import { steps } from './pending-words.ts'
import type { Step } from './pending-words.ts'
import s from './Progress.module.css'

// design: two lanes 64 px wide, 80 px a step
const STEP = 80
const LANE = { you: 18, they: 46, open: 32 }

/** How far it is: two lanes, You and They; the line steps across when the other side acts. */
export function Progress({ connection, me }: { connection: Connection; me: string }) {
  const timeline = useTimeline(connection)
  const all = steps(connection, me, timeline)
  return (
    <section aria-label={t('pending.howfar')}>
      <h2 className={text['strong']}>{t('pending.howfar')}</h2>
      <div className={s['lanes']} aria-hidden="true">
        <span>{t('pending.you')}</span>
        <span>{t('pending.they')}</span>
      </div>
      <div className={s['steps']}>
        <Lanes all={all} />
        <ol className={s['list']}>
          {all.map((step) => (
            <li key={step.title} data-state={step.lane === null ? 'open' : 'done'}>
              <span className={step.lane === null ? s['open'] : text['strong']}>{t(step.title)}</span>{' '}
              {step.at !== null && <time className={text['small']}>{clockTime(step.at)}</time>}
              <Hidden>{t(step.lane === null ? 'pending.step.open' : 'pending.step.done')}</Hidden>
              <div className={text['sub']}>{step.line}</div>
            </li>
          ))}
        </ol>
      </div>
    </section>
  )
}

function Lanes({ all }: { all: readonly Step[] }) {
  const places = all.map((step, index) => ({ x: LANE[step.lane ?? 'open'], y: 14 + index * STEP, step }))
  return (
    <svg className={s['drawing']} width={64} height={28 + (all.length - 1) * STEP} aria-hidden="true">
      {places.slice(1).map((to, index) => {
        const from = places[index]
        return (
          from && (
            <path
              key={to.step.title}
              className={to.step.lane === null ? s['dotted'] : s['line']}
              d={leg(from, to)}
            />
          )
        )
      })}
      {places.map(({ x, y, step }) => (
        <circle key={step.title} cx={x} cy={y} r={6} className={s[step.lane ?? 'hollow']} />
      ))}
    </svg>
  )
}

/** Down, a rounded step across where the lane changes, and down again. */
function leg(from: { x: number; y: number }, to: { x: number; y: number }): string {
  const across = to.x - from.x
  const a = `M${String(from.x)} ${String(from.y + 7)}`
  if (across === 0) return `${a}V${String(to.y - 7)}`
  const r = Math.min(10, Math.abs(across) / 2)
  const side = Math.sign(across) * r
  const middle = (from.y + to.y) / 2
  return (
    `${a}V${String(middle - r)}q0 ${String(r)} ${String(side)} ${String(r)}` +
    `H${String(to.x - side)}q${String(side)} 0 ${String(side)} ${String(r)}V${String(to.y - 7)}`
  )
}
