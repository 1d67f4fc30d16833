import type { Ref } from 'react'
import {
  BellOff,
  Check,
  CheckCheck,
  CircleAlert,
  Clock,
  Link,
  Pin,
  Signpost,
  Ticket,
  VenetianMask,
} from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { Connection, Contact, FoundMessage, Message, Request } from '#core/contract'
import { listTime, pendingTitle, shortName, t } from '../../i18n/index.ts'
import { tallyState } from '../../state/index.ts'
import type { Row } from '../../state/index.ts'
import { Avatar, Hidden, Icon, Name, TallyTile, VerifiedMark, cx } from '../../ui/index.ts'
import { contactLine, nearHit, pendingLine, requestLine } from './row-text.ts'
import { useOpening } from './use-opening.ts'
import joined from '../../styles/joined.module.css'
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
  const unread = row.kind === 'contact' && (row.contact.unread > 0 || row.contact.markedUnread)
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
      data-state={stateOf(row)}
      className={cx(s['row'], open && s['open'], open && joined['joined'], unread && s['unread'])}
      onClick={onOpen}
      onFocus={onFocus}
    >
      <Parts row={row} now={now} open={open} />
    </div>
  )
}

function Parts({ row, now, open }: { row: Row; now: Date; open: boolean }) {
  switch (row.kind) {
    case 'pending':
      return <PendingParts connection={row.connection} at={row.at} now={now} />
    case 'contact':
      return <ContactParts contact={row.contact} at={row.at} now={now} open={open} />
    case 'request':
      return <RequestParts request={row.request} at={row.at} now={now} />
    case 'hit':
      return <HitParts contact={row.contact} found={row.found} at={row.at} now={now} />
    case 'requests':
      return <FoldedParts requests={row.requests} at={row.at} now={now} />
  }
}

function stateOf(row: Row): string {
  switch (row.kind) {
    case 'pending':
      return row.connection.phase
    case 'contact':
    case 'hit':
      return row.contact.status
    case 'request':
      return row.request.state
    case 'requests':
      return 'waiting'
  }
}

const deliveryIcons: Record<'sending' | 'sent' | 'delivered', LucideIcon> = {
  sending: Clock,
  sent: Check,
  delivered: CheckCheck,
}

interface ContactPartsProps {
  contact: Contact
  at: string
  now: Date
  open: boolean
}

function ContactParts({ contact, at, now, open }: ContactPartsProps) {
  const line = contactLine(contact, open, now)
  return (
    <>
      <Avatar
        seed={contact.contactId}
        name={contact.name}
        image={contact.profile.image}
        incognito={contact.incognitoProfile ? 'contact' : undefined}
      />
      <div className={s['words']}>
        <div className={s['title']}>
          <Name cut className={s['name']}>
            {contact.name}
          </Name>
          <CodeMark contact={contact} />
          {contact.incognitoProfile && <Mask />}
          {contact.muted && <Mark of={BellOff} label={t('chats.row.muted')} testId="muted-mark" />}
          <time className={s['time']} dateTime={at}>
            {listTime(at, now)}
          </time>
        </div>
        <div className={cx(s['preview'], s[line.mood])}>
          {line.ofMessage === true && <Delivery message={contact.lastMessage} />}
          <Name cut>{line.text}</Name>
          <Badge contact={contact} />
        </div>
      </div>
    </>
  )
}

/** How much is new, grey while muted; without a number where somebody only wants to come back. Else the pin. */
function Badge({ contact }: { contact: Contact }) {
  const { unread, markedUnread, muted, pinned } = contact
  if (unread === 0 && !markedUnread) {
    if (!pinned) return null
    return (
      <span className={s['kind']} data-testid="pinned-mark">
        <Icon of={Pin} size="s" />
        <Hidden>{t('chats.row.pinned')}</Hidden>
      </span>
    )
  }
  return (
    <span className={cx(s['badge'], muted && s['quiet'])} data-testid="unread">
      <span aria-hidden="true">{unread === 0 ? '' : unread}</span>
      <Hidden>{unread === 0 ? t('chats.row.markedUnread') : t('chats.row.unread', { count: unread })}</Hidden>
    </span>
  )
}

function CodeMark({ contact }: { contact: Contact }) {
  if (contact.verifiedAt !== null) return <VerifiedMark label={t('verify.mark')} />
  if (contact.codeChangedAt === null) return null
  return <VerifiedMark changed label={t('verify.open.changed')} />
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
  useOpening(connection)
  const line = pendingLine(connection, now)
  const mine = connection.role === 'creator'
  return (
    <>
      <TallyTile state={tallyState(connection)} incognito={connection.incognitoProfile !== null} />
      <div className={s['words']}>
        <div className={s['title']}>
          <Name cut className={s['name']}>
            {pendingTitle(connection)}
          </Name>
          {connection.incognitoProfile && <Mask />}
          <time className={s['time']} dateTime={at}>
            {listTime(at, now)}
          </time>
        </div>
        <div className={cx(s['preview'], s[line.mood])}>
          {line.mood === 'bad' && <Icon of={CircleAlert} size="s" />}
          <span className={s['cut']}>{line.text}</span>
          <span className={s['kind']}>
            <Icon of={connection.kind === 'address' ? Signpost : mine ? Ticket : Link} size="s" />
            <Hidden>{t(kindOf(connection))}</Hidden>
          </span>
        </div>
      </div>
    </>
  )
}

function kindOf({ kind, role }: Connection) {
  if (kind === 'address') return role === 'creator' ? 'chats.row.asked' : 'chats.row.address'
  return role === 'creator' ? 'chats.row.mine' : 'chats.row.theirs'
}

/** I am somebody else there. */
function Mask() {
  return <Mark of={VenetianMask} label={t('chats.row.incognito')} testId="incognito-mark" />
}

function Mark({ of, label, testId }: { of: LucideIcon; label: string; testId: string }) {
  return (
    <span className={s['mark']} data-testid={testId}>
      <Icon of={of} size="s" />
      <Hidden>{label}</Hidden>
    </span>
  )
}

interface HitPartsProps {
  contact: Contact
  found: FoundMessage
  at: string
  now: Date
}

/** A message that holds what is searched for, with the hit marked. */
function HitParts({ contact, found, at, now }: HitPartsProps) {
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
        <div className={s['preview']}>
          <bdi className={s['cut']} dir="auto">
            {nearHit(found.before)}
            <mark className={s['found']}>{found.hit}</mark>
            {found.after}
          </bdi>
        </div>
      </div>
    </>
  )
}

function RequestParts({ request, at, now }: { request: Request; at: string; now: Date }) {
  const { profile, repeats } = request
  const line = requestLine(request)
  return (
    <>
      <Avatar seed={request.requestId} name={profile.displayName} image={profile.image} />
      <div className={s['words']}>
        <div className={s['title']}>
          <Name cut className={s['name']}>
            {shortName(profile.displayName)}
          </Name>
          <time className={s['time']} dateTime={at}>
            {listTime(at, now)}
          </time>
        </div>
        <div className={cx(s['preview'], s[line.mood])}>
          <Name cut>{line.text}</Name>
          <span className={cx(s['badge'], s['asks'])} data-testid="request-count">
            <span aria-hidden="true">{repeats + 1}</span>
            <Hidden>{t('chats.row.asks', { count: repeats + 1 })}</Hidden>
          </span>
        </div>
      </div>
    </>
  )
}

function FoldedParts({ requests, at, now }: { requests: readonly Request[]; at: string; now: Date }) {
  const names = requests.slice(0, 3).map((request) => shortName(request.profile.displayName))
  return (
    <>
      <TallyTile state="opened" />
      <div className={s['words']}>
        <div className={s['title']}>
          <span className={s['name']}>{t('chats.row.requests', { count: requests.length })}</span>
          <time className={s['time']} dateTime={at}>
            {listTime(at, now)}
          </time>
        </div>
        <div className={cx(s['preview'], s['them'])}>
          <Name cut>{names.join(', ')}</Name>
          <span className={cx(s['badge'], s['asks'])} aria-hidden="true">
            {requests.length}
          </span>
        </div>
      </div>
    </>
  )
}
