import type { Connection } from '#core/contract'
import { clockTime, errorText, t } from '../../i18n/index.ts'
import { waitsLong } from '../../state/index.ts'
import { useNow } from '../../state/use-now.ts'
import { Banner } from '../../ui/index.ts'
import { ReachNote } from '../hand-over/index.ts'
import { OwnRelayProblem } from './OwnRelayProblem.tsx'
import { Renew, useRenew } from './Renew.tsx'

/** What went wrong or takes too long, and what to do about it; nothing where all is well. */
export function PendingProblem({ connection }: { connection: Connection }) {
  const now = useNow()
  const { phase, status, role } = connection
  if (phase === 'opened' && connection.openedAlarm) return <Alarm connection={connection} />
  if (connection.error?.retryable) return <OwnRelayProblem connection={connection} error={connection.error} />
  if (phase === 'expired')
    return (
      <Banner
        title={t('pending.expired.title')}
        testId="pending-expired"
        action={<Renew connection={connection} />}
      >
        {t('pending.expired.text')}
      </Banner>
    )
  if (status === 'failed') return <Failed connection={connection} />
  if (!waitsLong(connection, now)) return null
  const mine = role === 'creator' && connection.kind === 'invitation'
  return (
    <Banner testId="pending-hint" action={mine && status === 'waiting' && <Renew connection={connection} />}>
      {t(mine ? 'pending.hint.mine' : 'pending.hint.theirs')}
    </Banner>
  )
}

/** Not everybody can use the link, or nobody any more. */
export function LinkLimit({ connection }: { connection: Connection }) {
  const { renew } = useRenew(connection)
  return <ReachNote reach={connection.reach} stale={connection.stale} onRenew={renew} />
}

/** Somebody took the link and did not come: was it the person who was meant? (INV-13) */
function Alarm({ connection }: { connection: Connection }) {
  const { openedAt, createdAt, name } = connection
  return (
    <Banner
      tone="them"
      title={t('pending.alarm.title', { time: clockTime(openedAt ?? createdAt) })}
      testId="pending-alarm"
      action={<Renew connection={connection} />}
    >
      {name === null ? t('pending.alarm.nobody') : t('pending.alarm.text', { name })}
    </Banner>
  )
}

function Failed({ connection }: { connection: Connection }) {
  const refused =
    connection.kind === 'invitation' &&
    (connection.phase === 'refused' || connection.error?.code === 'LINK_USED')
  return (
    <Banner
      tone="bad"
      title={t(refused ? 'pending.refused.title' : 'pending.failed.title')}
      testId="pending-problem"
    >
      {refused ? t('pending.refused.text') : errorText(connection.error ?? { code: 'INTERNAL' })}
    </Banner>
  )
}
