import { useEffect, useRef } from 'react'
import type { Connection } from '#core/contract'
import { pendingState, t } from '../../i18n/index.ts'
import { useRouter, useStore } from '../../state/index.ts'
import { cx } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import { LinkAgain } from './LinkAgain.tsx'
import { NameField } from './NameField.tsx'
import { PendingBar } from './PendingBar.tsx'
import { AppearAs } from './PendingFacts.tsx'
import { LinkLimit, PendingProblem } from './PendingProblem.tsx'
import { Progress } from './Progress.tsx'
import s from './PendingDetails.module.css'

/** A link I made: the same link and code as on its card, as long as it is unused (PEN-1). */
export function PendingDetails({ connection }: { connection: Connection }) {
  const me = useStore((state) => state.profile)
  const { focusPane } = useRouter().state
  const pane = useRef<HTMLElement>(null)
  /** Somebody may still use the link: nobody has opened it. */
  const free = connection.phase === 'unused' || connection.phase === 'shared'
  const told = connection.openedAlarm || connection.phase === 'expired'
  /** Not everybody can use it: to be known before it is handed over. */
  const limited = free && (connection.stale !== null || connection.reach !== 'internet')
  const seen = useRef(0)
  useEffect(() => {
    // opened by the person: the focus goes to the first thing that can be changed
    if (seen.current !== focusPane || document.activeElement === document.body) {
      pane.current?.querySelector<HTMLElement>('input')?.focus()
    }
    seen.current = focusPane
  }, [focusPane])
  return (
    <main
      className={s['pane']}
      id="main"
      ref={pane}
      data-testid="pending-details"
      data-state={connection.phase}
    >
      <PendingBar connection={connection} />
      <div className={s['scroll']}>
        <div className={cx(s['body'], told && s['told'])}>
          {limited && (
            <div className={s['limit']}>
              <LinkLimit connection={connection} />
            </div>
          )}
          <div className={s['side']}>
            <NameField connection={connection} />
            <AppearAs connection={connection} />
            {free && connection.link !== null && <LinkAgain connection={connection} link={connection.link} />}
          </div>
          <div className={s['far']}>
            <PendingProblem connection={connection} />
            <div role="status">
              {/* where a banner stands above, it says this and more */}
              <p className={told ? text['hidden'] : text['strong']}>{pendingState(connection)}</p>
              {free && <p className={s['state']}>{t('pending.works')}</p>}
            </div>
            <Progress connection={connection} me={me?.displayName ?? ''} />
          </div>
        </div>
      </div>
    </main>
  )
}
