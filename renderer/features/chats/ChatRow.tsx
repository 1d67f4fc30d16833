import type { Ref } from 'react'
import { Check, CheckCheck, CircleAlert, Clock, Link, Ticket } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { Connection, Contact, Message } from '#core/contract'
import { listTime, pendingTitle, t } from '../../i18n/index.ts'
import { tallyState } from '../../state/index.ts'
import type { Row } from '../../state/index.ts'
import { Avatar, Hidden, Icon, Name, TallyTile, cx } from '../../ui/index.ts'
import { contactLine, pendingLine } from './row-text.ts'
import s from './ChatRow.module.css'

export interface ChatRowProps {
  row: Row
  now: Date
  open: boolean
  /** The one row that Tab reaches. */
  tabbable: boolean
  position: number
  total: number
  onOpen: () => void
  onFocus: () => void
  ref: Ref<HTMLDivElement>
}

export function ChatRow({ row, now, open, tabbable, position, total, onOpen, onFocus, ref }: ChatRowProps) {
  const unread = row.kind === 'contact' && row.contact.unread > 0
  return (
    <div
      ref={ref}
      role="option"
      id={`row-${row.rowId}`}
      aria-selected={open}
      aria-posinset={position}
      aria-setsize={total}
      tabIndex={tabbable ? 0 : -1}
      data-kind={row.kind}
      data-row-id={row.rowId}
      data-state={row.kind === 'pending' ? row.connection.phase : row.contact.status}
      className={cx(s['row'], open && s['open'], unread && s['unread'])}
      onClick={onOpen}
      onFocus={onFocus}
    >
      {row.kind === 'pending' ? (
        <PendingParts connection={row.connection} at={row.at} now={now} />
      ) : (
        <ContactParts contact={row.contact} at={row.at} now={now} />
      )}
    </div>
  )
}

const deliveryIcons: Record<'sending' | 'sent' | 'delivered', LucideIcon> = {
  sending: Clock,
  sent: Check,
  delivered: CheckCheck,
}

function ContactParts({ contact, at, now }: { contact: Contact; at: string; now: Date }) {
  const line = contactLine(contact)
  return (
    <>
      <Avatar seed={contact.contactId} name={contact.name} image={contact.profile.image} />
      <div className={s['words']}>
        <div className={s['title']}>
          <Name cut className={s['name']}>
            {contact.name}
          </Name>
          <time className={s['time']} dateTime={at}>
            {listTime(at, now)}
          </time>
        </div>
        <div className={cx(s['preview'], s[line.mood])}>
          <Delivery message={contact.lastMessage} />
          <Name cut>{line.text}</Name>
          {contact.unread > 0 && (
            <span className={s['badge']} data-testid="unread">
              <span aria-hidden="true">{contact.unread}</span>
              <Hidden>{t('chats.row.unread', { count: contact.unread })}</Hidden>
            </span>
          )}
        </div>
      </div>
    </>
  )
}

function Delivery({ message }: { message: Message | null }) {
  if (!message || message.direction === 'in' || message.status === 'received') return null
  if (message.status === 'failed') return <Icon of={CircleAlert} size="s" />
  return (
    <>
      <Icon of={deliveryIcons[message.status]} size="s" />
      <Hidden>{`${t(`chats.delivery.${message.status}`)} ${t('chats.row.you')}`}</Hidden>
    </>
  )
}

function PendingParts({ connection, at, now }: { connection: Connection; at: string; now: Date }) {
  const line = pendingLine(connection)
  const mine = connection.role === 'creator'
  return (
    <>
      <TallyTile state={tallyState(connection)} />
      <div className={s['words']}>
        <div className={s['title']}>
          <Name cut className={s['name']}>
            {pendingTitle(connection)}
          </Name>
          <time className={s['time']} dateTime={at}>
            {listTime(at, now)}
          </time>
        </div>
        <div className={cx(s['preview'], s[line.mood])}>
          {line.mood === 'bad' && <Icon of={CircleAlert} size="s" />}
          <span className={s['cut']}>{line.text}</span>
          <span className={s['kind']}>
            <Icon of={mine ? Ticket : Link} size="s" />
            <Hidden>{t(mine ? 'chats.row.mine' : 'chats.row.theirs')}</Hidden>
          </span>
        </div>
      </div>
    </>
  )
}
