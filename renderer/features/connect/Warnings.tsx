import type { PlanWarning } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { Banner } from '../../ui/index.ts'
import s from './Warnings.module.css'

/** What to look at twice in a link (flows 7), a line each. An unknown relay is said once, also where the check does not list it. */
export function Warnings({
  warnings,
  knownRelay,
}: {
  warnings: readonly PlanWarning[]
  knownRelay: boolean
}) {
  const all = new Set(warnings)
  if (!knownRelay) all.add('unknown-relay')
  const shown = [...all].filter((one) => known.has(one))
  if (shown.length === 0) return null
  return (
    <Banner tone={shown.some((one) => one !== 'unknown-relay') ? 'them' : 'plain'}>
      <ul className={s['warnings']}>
        {shown.map((warning) => (
          <li key={warning} data-warning={warning}>
            {t(`connect.warning.${warning}`)}
          </li>
        ))}
      </ul>
    </Banner>
  )
}

// the contract may grow; what is not known here has no words here
const known = new Set<PlanWarning>(['user-name', 'port', 'look-alike', 'unknown-relay', 'business'])
