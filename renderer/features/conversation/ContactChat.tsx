import { useCallback, useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { Lock, VenetianMask } from 'lucide-react'
import type { Contact } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { hasEnded, useRouter, useServices, useViewModel } from '../../state/index.ts'
import type { Timeline } from '../../state/index.ts'
import { Banner, EmptyState, Icon, TextLink } from '../../ui/index.ts'
import { CodeNotice, HoldNotice } from './CodeNotice.tsx'
import { ContactBar } from './ContactBar.tsx'
import { Conversation } from './Conversation.tsx'
import s from './ContactChat.module.css'

interface ContactChatProps {
  contact: Contact
  /** In the place of the composer: why nothing can be written yet. */
  waits: ReactNode
  /** What is to be done about a connection that takes long. */
  hint: ReactNode
}

/** The chat with a contact. */
export function ContactChat({ contact, waits, hint }: ContactChatProps) {
  const { host, timelines } = useServices()
  const router = useRouter()
  const { contactId, unread, name } = contact
  const timeline = timelines.of(contact.rowId, { contactId }, unread, contact.draft)
  useEffect(() => timeline.retarget({ contactId }), [timeline, contactId])
  useEffect(() => () => timeline.flushDraft(), [timeline])
  const unreadAtOpening = useRef(unread)
  useEffect(() => timeline.showUnread(unreadAtOpening.current), [timeline])
  const onRead = useCallback(() => {
    void host.call('chat.markRead', { contactId }).catch(() => undefined)
  }, [host, contactId])
  const markedAtOpening = useRef(contact.markedUnread)
  useEffect(() => {
    // it was marked to be opened again, and now it is
    if (markedAtOpening.current) onRead()
  }, [onRead])

  const gone = hasEnded(contact)
  return (
    <Conversation
      timeline={timeline}
      name={name}
      state={contact.status}
      unread={unread}
      onRead={onRead}
      incognito={contact.incognitoProfile?.displayName ?? null}
      header={
        <div>
          <ContactBar contact={contact} />
          <CodeNotice contact={contact} />
          {hint}
        </div>
      }
      notice={<HoldNotice contact={contact} />}
      intro={
        <Beginning timeline={timeline} contact={contact}>
          <EmptyState
            level={2}
            title={t(
              contact.status === 'connecting' ? 'conversation.empty.connecting' : 'conversation.empty.title',
              { name },
            )}
          >
            {t(beginning(contact))}
          </EmptyState>
        </Beginning>
      }
      blocked={
        gone ? (
          <Banner
            tone={contact.status === 'deleted' ? 'plain' : 'them'}
            action={
              <TextLink onPress={() => router.openNewChat('invite')}>
                {t('conversation.gone.invite')}
              </TextLink>
            }
          >
            {t(contact.status === 'deleted' ? 'conversation.ended' : 'conversation.gone', { name })}
          </Banner>
        ) : (
          waits
        )
      }
    />
  )
}

/** Who has let me write and who has not yet. */
function beginning({ status, connectedVia }: Contact) {
  if (status !== 'connecting') return 'conversation.empty'
  return connectedVia.kind === 'address' ? 'pending.request.sent' : 'pending.write'
}

interface BeginningProps {
  timeline: Timeline
  contact: Contact
  children: ReactNode
}

/** Who can write first, while nothing is written; one line above the first message after that. */
function Beginning({ timeline, contact, children }: BeginningProps) {
  const empty = useViewModel(timeline).messages.length === 0
  if (empty) return <div className={s['empty']}>{children}</div>
  const incognito = contact.incognitoProfile?.displayName
  if (contact.status === 'connecting') {
    return (
      <p className={s['line']}>
        <Icon of={Lock} size="s" />
        {t('conversation.begin.connecting', { name: contact.name })}
      </p>
    )
  }
  return (
    <p className={s['line']}>
      <Icon of={incognito === undefined ? Lock : VenetianMask} size="s" />
      {incognito === undefined
        ? t(`conversation.begin.${contact.connectedVia.kind}`)
        : t('conversation.begin.incognito', { name: incognito })}
    </p>
  )
}
