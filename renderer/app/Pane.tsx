import { memo, useCallback, useEffect, useMemo, useRef } from 'react'
import type { Connection, Contact } from '#core/contract'
import { EmptyChats } from '../features/chats/index.ts'
import { ContactChat, Conversation } from '../features/conversation/index.ts'
import { ContactInfo } from '../features/contact-info/index.ts'
import {
  PendingBar,
  PendingDetails,
  PendingFacts,
  PendingProblem,
  RequestSent,
} from '../features/pending/index.ts'
import { DropToConnect } from '../features/scan/index.ts'
import { RequestCard } from '../features/requests/index.ts'
import { VerifyScreen } from '../features/verify/index.ts'
import { t } from '../i18n/index.ts'
import { findRow, listRows, useRouter, useServices, useStore } from '../state/index.ts'
import { Banner, EmptyState, cx } from '../ui/index.ts'
import { takeFocus } from './focus.ts'
import s from './Pane.module.css'

/** What stands beside the list. The row id is the key, so that a pending row becomes its chat in place (PEN-3). */
export function Pane({ rowId }: { rowId: string | null }) {
  const { router } = useServices()
  const connections = useStore((state) => state.connections)
  const contacts = useStore((state) => state.contacts)
  const requests = useStore((state) => state.requests)
  const rows = useMemo(() => listRows(connections, contacts, requests), [connections, contacts, requests])
  const row = rowId === null ? undefined : findRow(rows, { rowId })
  useEffect(() => {
    // the open row was removed
    if (rowId !== null && row === undefined) router.go({ name: 'chats', rowId: null })
  }, [rowId, row, router])

  if (row?.kind === 'contact') return <ContactPane key={row.rowId} contact={row.contact} />
  if (row?.kind === 'request') return <RequestCard key={row.rowId} request={row.request} />
  if (row?.kind === 'pending') {
    const { connection } = row
    if (connection.role === 'creator') return <PendingDetails key={row.rowId} connection={connection} />
    return <JoinedLink key={row.rowId} connection={connection} />
  }
  if (rows.length === 0) {
    return (
      <main className={s['pane']} id="main">
        <EmptyChats />
        <DropToConnect testId="pane-drop" />
      </main>
    )
  }
  return (
    <main className={s['pane']} id="main">
      <div className={s['nothing']}>
        <EmptyState title={t('chats.pick.title')}>{t('chats.pick.text')}</EmptyState>
      </div>
      <DropToConnect testId="pane-drop" />
    </main>
  )
}

/** The chat, and who it is with beside it: docked in a wide window, over the chat in a narrow one. What others do leaves it alone. */
const ContactPane = memo(function ContactPane({ contact }: { contact: Contact }) {
  const router = useRouter()
  const { info, verify } = router.state
  useReturn(verify, 'verify', true)
  useReturn(info, 'info', false)
  return (
    <div className={cx(s['contact'], info && s['withInfo'])}>
      {verify ? (
        <VerifyScreen contact={contact} />
      ) : (
        <ContactChat
          contact={contact}
          waits={contact.connection && blockedBy(contact.connection)}
          hint={contact.connection && <PendingProblem connection={contact.connection} />}
        />
      )}
      {info && (
        <>
          {/* a larger way for a pointer; the cross and Escape are those for the keyboard */}
          <button
            type="button"
            aria-hidden="true"
            tabIndex={-1}
            className={s['scrim']}
            onClick={() => router.toggleInfo(false)}
          />
          <ContactInfo contact={contact} />
        </>
      )}
    </div>
  )
})

/**
 * What opens beside the chat has the focus, and what closes gives it back to the button of the bar that opens it (KEY-1).
 * `whole`: it stood in the place of the chat, whose field has taken the focus by now.
 */
function useReturn(open: boolean, what: 'info' | 'verify', whole: boolean): void {
  const before = useRef(open)
  useEffect(() => {
    const closed = before.current && !open
    const opened = !before.current && open
    before.current = open
    if (opened && !whole) takeFocus(document.querySelector('aside'))
    if (!closed || (!whole && document.activeElement !== document.body)) return
    document.querySelector<HTMLElement>(`[data-opens="${what}"]`)?.focus()
  }, [open, what, whole])
}

/** A link that I used: facts on top, and for a one-time link the composer at once (CON-7). */
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
      blocked={blockedBy(connection)}
    />
  )
}

/** Why nothing can be written yet: the link failed, or the owner of an address has not let me in. */
function blockedBy(connection: Connection) {
  if (connection.status === 'failed') return <Banner tone="bad">{t('pending.blocked')}</Banner>
  return connection.kind === 'address' ? <RequestSent connection={connection} /> : null
}
