import type { Connection } from '#core/contract'
import { errorText, pendingState, t } from '../../i18n/index.ts'
import { useStore } from '../../state/index.ts'
import { useNow } from '../../state/use-now.ts'
import { Avatar, Banner, Name } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import { NameField } from './NameField.tsx'
import { Progress } from './Progress.tsx'
import s from './PendingFacts.module.css'

/** As whom I appear. Read only: it is settled for this link. */
export function AppearAs({ connection }: { connection: Connection }) {
  const me = useStore((state) => state.profile)
  const shown = connection.incognitoProfile ?? me
  const incognito = connection.incognitoProfile !== null
  if (!shown) return null
  return (
    <div className={s['appear']}>
      <div className={s['label']}>{t('pending.appear')}</div>
      <div className={s['card']}>
        <Avatar
          seed="me"
          name={shown.displayName}
          image={shown.image}
          size={28}
          incognito={incognito ? 'self' : undefined}
        />
        <div className={s['who']}>
          <Name cut className={text['strong']}>
            {shown.displayName}
          </Name>
          <span className={text['small']}>
            {t(incognito ? 'pending.appear.incognito' : 'pending.appear.help')}
          </span>
        </div>
      </div>
    </div>
  )
}

const LONG_MS = 24 * 3_600_000 // flows 5, PEN-6

/** What went wrong and what to do, when it did. */
export function PendingProblem({ connection }: { connection: Connection }) {
  const now = useNow()
  if (connection.phase === 'opened' && connection.openedAlarm) {
    return (
      <Banner tone="them" title={t('pending.phase.alarm')} testId="pending-alarm">
        {t('pending.alarm.text')}
      </Banner>
    )
  }
  if (connection.status === 'waiting' || connection.status === 'connecting') {
    if (now.getTime() - Date.parse(connection.createdAt) < LONG_MS) return null
    return (
      <Banner tone="plain" testId="pending-hint">
        {t('pending.hint')}
      </Banner>
    )
  }
  if (connection.status !== 'failed' || connection.phase === 'expired') return null
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

/** A link I used, above what I wrote to it: no code, no copying (PEN-2). */
export function PendingFacts({ connection }: { connection: Connection }) {
  const me = useStore((state) => state.profile)
  return (
    <div className={s['facts']} data-testid="pending-details" data-state={connection.phase}>
      <PendingProblem connection={connection} />
      <p className={text['sub']} role="status">
        {pendingState(connection)}
        {connection.status === 'connecting' && connection.kind === 'invitation' && `. ${t('pending.write')}`}
      </p>
      <div className={s['two']}>
        <NameField connection={connection} />
        <AppearAs connection={connection} />
      </div>
      {connection.status !== 'failed' && <Progress connection={connection} me={me?.displayName ?? ''} />}
    </div>
  )
}
