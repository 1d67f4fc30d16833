import { useState } from 'react'
import type { ReactNode } from 'react'
import { Bell, BellOff, Eraser, MailOpen, Mail, MessageSquare, Pin, PinOff, Trash2 } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { Connection, Contact, Params } from '#core/contract'
import { toFailure } from '../../host/index.ts'
import { errorText, t } from '../../i18n/index.ts'
import { useServices } from '../../state/index.ts'
import type { Row, Services } from '../../state/index.ts'
import { Icon } from '../../ui/index.ts'
import type { MenuItem } from '../../ui/index.ts'
import { DeleteContact } from '../conversation/index.ts'
import { DeleteDialog } from '../pending/index.ts'
import { ClearChat } from './ClearChat.tsx'

type Asking =
  { what: 'clear' | 'delete'; contact: Contact } | { what: 'delete-link'; connection: Connection } | null

/** What can be done with a row where it stands (flows 2), and the questions that come before some of it. */
export function useRowMenu(): { itemsOf: (row: Row) => readonly MenuItem[]; dialog: ReactNode } {
  const services = useServices()
  const [asking, setAsking] = useState<Asking>(null)
  const close = (): void => setAsking(null)
  const itemsOf = (row: Row): readonly MenuItem[] => {
    const open = entry('open', MessageSquare, t('chats.menu.open'), () => services.router.openRow(row.rowId))
    if (row.kind === 'contact') return contactItems(services, row.contact, setAsking)
    if (row.kind !== 'pending') return [open]
    const { connection } = row
    return [
      open,
      { id: 'line', divider: true },
      {
        ...entry('delete', Trash2, t('chats.menu.deleteLink'), () =>
          setAsking({ what: 'delete-link', connection }),
        ),
        tone: 'danger',
      },
    ]
  }
  return { itemsOf, dialog: asking && <Question asking={asking} onClose={close} /> }
}

function Question({ asking, onClose }: { asking: NonNullable<Asking>; onClose: () => void }) {
  if (asking.what === 'delete-link') return <DeleteDialog connection={asking.connection} onClose={onClose} />
  if (asking.what === 'clear') return <ClearChat contact={asking.contact} onClose={onClose} />
  return <DeleteContact contact={asking.contact} onClose={onClose} />
}

function contactItems(
  services: Services,
  contact: Contact,
  ask: (asking: Asking) => void,
): readonly MenuItem[] {
  const { contactId, muted, pinned } = contact
  const unread = contact.unread > 0 || contact.markedUnread
  const change = (params: Omit<Params<'contact.update'>, 'contactId'>): void =>
    tell(services, services.host.call('contact.update', { contactId, ...params }))
  const mark = (): void =>
    tell(services, services.host.call(unread ? 'chat.markRead' : 'chat.markUnread', { contactId }))
  return [
    entry('read', unread ? MailOpen : Mail, t(unread ? 'chats.menu.read' : 'chats.menu.unread'), mark),
    entry('pin', pinned ? PinOff : Pin, t(pinned ? 'chats.menu.unpin' : 'chats.menu.pin'), () =>
      change({ pinned: !pinned }),
    ),
    entry('mute', muted ? Bell : BellOff, t(muted ? 'chats.menu.unmute' : 'chats.menu.mute'), () =>
      change({ muted: !muted }),
    ),
    { id: 'line', divider: true },
    entry('clear', Eraser, t('chats.menu.clear'), () => ask({ what: 'clear', contact })),
    {
      ...entry('delete', Trash2, t('chats.menu.delete'), () => ask({ what: 'delete', contact })),
      tone: 'danger',
    },
  ]
}

function entry(id: string, icon: LucideIcon, label: string, onPress: () => void) {
  return { id, label, icon: <Icon of={icon} />, onPress }
}

/** The row itself shows that it worked; what did not work is said. */
function tell({ toasts }: Services, call: Promise<unknown>): void {
  call.catch((thrown: unknown) => toasts.show({ text: errorText(toFailure(thrown)), mark: 'problem' }))
}
