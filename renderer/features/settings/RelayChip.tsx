import { LoaderCircle, TriangleAlert, Unplug } from 'lucide-react'
import type { RelayEntry } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { Chip, Icon } from '../../ui/index.ts'
import type { TestRun } from '../../state/index.ts'
import { isIdentityProblem } from '../../state/index.ts'
import s from './RelayChip.module.css'

/** How it goes with one relay now: shape, word, colour. Another certificate is never called "no answer" (STA-2). */
export function RelayChip({ relay, run }: { relay: RelayEntry; run: TestRun | undefined }) {
  if (isIdentityProblem(relay, run))
    return (
      <Chip tone="bad" icon={<Icon of={TriangleAlert} size="s" />}>
        {t('settings.network.state.identity')}
      </Chip>
    )
  if (relay.state === 'online')
    return (
      <Chip tone="good" icon={<i className={s['dot']} />}>
        {t('settings.network.state.online')}
      </Chip>
    )
  if (relay.state === 'connecting')
    return (
      <Chip tone="them" icon={<Icon of={LoaderCircle} size="s" />}>
        {t('settings.network.state.connecting')}
      </Chip>
    )
  // a relay that nothing is kept on is not called; that is no fault of it
  if (relay.error === null)
    return <Chip icon={<i className={s['ring']} />}>{t('settings.network.state.idle')}</Chip>
  return (
    <Chip tone="bad" icon={<Icon of={Unplug} size="s" />}>
      {t('settings.network.state.offline')}
    </Chip>
  )
}
