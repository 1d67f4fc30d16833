import { useCallback, useEffect, useMemo } from 'react'
import type { Connection } from '#core/contract'
import { EmptyChats } from '../features/chats/index.ts'
import { ContactChat, Conversation } from '../features/conversation/index.ts'
import { PendingBar, PendingDetails, PendingFacts } from '../features/pending/index.ts'
import { t } from '../i18n/index.ts'
import { findRow, listRows, useServices, useStore } from '../state/index.ts'
import { Banner, EmptyState } from '../ui/index.ts'
import s from './Pane.module.css'

/** What stands beside the list. The row id is the key, so that a pending row becomes its chat in place (PEN-3). */
export function Pane({ rowId }: { rowId: string | null }) {
  const { router } = useServices()
  const connections = useStore((state) => state.connections)
  const contacts = useStore((state) => state.contacts)
  const rows = useMemo(() => listRows(connections, contacts), [connections, contacts])
  const row = rowId === null ? undefined : findRow(rows, { rowId })
  useEffect(() => {
    // the open row was removed
    if (rowId !== null && row === undefined) router.go({ name: 'chats', rowId: null })
  }, [rowId, row, router])

  if (row?.kind === 'contact') return <ContactChat key={row.rowId} contact={row.contact} />
  if (row?.kind === 'pending') {
    const { connection } = row
    if (connection.role === 'creator') return <PendingDetails key={row.rowId} connection={connection} />
    return <JoinedLink key={row.rowId} connection={connection} />
  }
  if (rows.length === 0) {
    return (
      <main className={s['pane']} id="main">
        <EmptyChats />
      </main>
    )
  }
  return (
    <main className={s['pane']} id="main">
      <div className={s['nothing']}>
        <EmptyState title={t('chats.pick.title')}>{t('chats.pick.text')}</EmptyState>
      </div>
    </main>
  )
}

/** A one-time link that I used: facts on top, and the composer at once (CON-7). */
function JoinedLink({ connection }: { connection: Connection }) {
  const { timelines } = useServices()
  const { connectionId } = connection
  const timeline = timelines.of(connection.rowId, { connectionId }, 0)
  useEffect(() => timeline.retarget({ connectionId }), [timeline, connectionId])
  const onRead = useCallback(() => undefined, [])
  return (
    <Conversation
      timeline={timeline}
      name={connection.name ?? ''}
      state={connection.phase}
      unread={0}
      onRead={onRead}
      header={<PendingBar connection={connection} />}
      intro={<PendingFacts connection={connection} />}
      blocked={connection.status === 'failed' ? <Banner tone="bad">{t('pending.blocked')}</Banner> : null}
    />
  )
}
