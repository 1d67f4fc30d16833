import type { Connection } from '#core/contract'
import { pendingState, t } from '../../i18n/index.ts'
import { ownSeed, useStore } from '../../state/index.ts'
import { Avatar, Labelled, Name } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import { NameField } from './NameField.tsx'
import { PendingProblem } from './PendingProblem.tsx'
import { Progress } from './Progress.tsx'
import s from './PendingFacts.module.css'

/** As whom I appear. Read only: it is settled for this link. */
export function AppearAs({ connection }: { connection: Connection }) {
  const me = useStore((state) => state.profile)
  const seed = useStore((state) => ownSeed(state.profiles, connection.profileId))
  const shown = connection.incognitoProfile ?? me
  const incognito = connection.incognitoProfile !== null
  if (!shown) return null
  return (
    <Labelled label={t('pending.appear')}>
      <div className={s['card']}>
        <Avatar
          seed={seed}
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
    </Labelled>
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
