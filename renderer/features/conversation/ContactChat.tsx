import { useCallback, useEffect, useRef, useState } from 'react'
import { Ellipsis, PencilLine, Trash2 } from 'lucide-react'
import type { Contact } from '#core/contract'
import { errorText, t } from '../../i18n/index.ts'
import { toFailure } from '../../host/index.ts'
import { useRouter, useServices, useStore } from '../../state/index.ts'
import {
  AlertDialog,
  Avatar,
  Banner,
  EmptyState,
  Icon,
  IconButton,
  Menu,
  PaneBar,
  TextLink,
} from '../../ui/index.ts'
import { Conversation } from './Conversation.tsx'
import { RenameDialog } from './RenameDialog.tsx'
import s from './ContactChat.module.css'

/** The chat with a contact. */
export function ContactChat({ contact }: { contact: Contact }) {
  const { host, timelines } = useServices()
  const router = useRouter()
  const { contactId, unread, name } = contact
  const timeline = timelines.of(contact.rowId, { contactId }, unread)
  useEffect(() => timeline.retarget({ contactId }), [timeline, contactId])
  const unreadAtOpening = useRef(unread)
  useEffect(() => timeline.showUnread(unreadAtOpening.current), [timeline])
  const onRead = useCallback(() => {
    void host.call('chat.markRead', { contactId }).catch(() => undefined)
  }, [host, contactId])

  const gone = contact.status === 'deleted-by-peer'
  return (
    <Conversation
      timeline={timeline}
      name={name}
      state={contact.status}
      unread={unread}
      onRead={onRead}
      header={<ContactBar contact={contact} />}
      intro={
        <div className={s['intro']}>
          <EmptyState level={2} title={t('conversation.empty.title', { name })}>
            {t(contact.status === 'connecting' ? 'pending.write' : 'conversation.empty')}
          </EmptyState>
        </div>
      }
      blocked={
        gone ? (
          <Banner
            tone="them"
            action={
              <TextLink onPress={() => router.openNewChat('invite')}>
                {t('conversation.gone.invite')}
              </TextLink>
            }
          >
            {t('conversation.gone', { name })}
          </Banner>
        ) : null
      }
    />
  )
}

function ContactBar({ contact }: { contact: Contact }) {
  const router = useRouter()
  const me = useStore((state) => state.profile)
  const [dialog, setDialog] = useState<'rename' | 'delete' | null>(null)
  const appear = contact.incognitoProfile?.displayName ?? me?.displayName ?? ''
  const own = contact.profile.displayName
  const close = (): void => setDialog(null)
  return (
    <>
      <PaneBar
        lead={<Avatar seed={contact.contactId} name={contact.name} image={contact.profile.image} size={36} />}
        title={contact.name}
        aside={contact.localName !== null && contact.localName !== own ? own : null}
        sub={t(contact.status === 'connecting' ? 'conversation.connecting' : 'conversation.appear', {
          name: appear,
        })}
        onBack={() => router.openRow(null)}
        actions={
          <Menu
            trigger={
              <IconButton label={t('conversation.menu')}>
                <Icon of={Ellipsis} />
              </IconButton>
            }
            items={[
              {
                id: 'rename',
                label: t('conversation.rename'),
                icon: <Icon of={PencilLine} />,
                onPress: () => setDialog('rename'),
              },
              { id: 'line', divider: true },
              {
                id: 'delete',
                label: t('conversation.delete'),
                icon: <Icon of={Trash2} />,
                tone: 'danger',
                onPress: () => setDialog('delete'),
              },
            ]}
          />
        }
      />
      {dialog === 'rename' && <RenameDialog contact={contact} onClose={close} />}
      {dialog === 'delete' && <DeleteDialog contact={contact} onClose={close} />}
    </>
  )
}

function DeleteDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { host, router, toasts } = useServices()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const remove = async (): Promise<void> => {
    setBusy(true)
    try {
      await host.call('contact.delete', { contactId: contact.contactId, notify: true })
      onClose()
      router.openRow(null)
      toasts.show({ text: t('conversation.deleted', { name: contact.name }), mark: 'check' })
    } catch (thrown) {
      setBusy(false)
      setError(errorText(toFailure(thrown)))
    }
  }
  return (
    <AlertDialog
      open
      onClose={onClose}
      title={t('conversation.delete.title', { name: contact.name })}
      actions={[
        { label: t('conversation.delete.confirm'), tone: 'destroy', busy, onPress: () => void remove() },
      ]}
    >
      <p>{t('conversation.delete.text')}</p>
      {error !== null && (
        <Banner tone="bad" role="alert">
          {error}
        </Banner>
      )}
    </AlertDialog>
  )
}
