import { Bell, BellOff, Eraser, MailOpen, Mail, MessageSquare, Pin, PinOff, Trash2 } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { Connection, Contact, Params } from '#core/contract'
import { toFailure } from '../../host/index.ts'
import { errorText, t } from '../../i18n/index.ts'
import { hasEnded } from '../../state/index.ts'
import type { Row, Services } from '../../state/index.ts'
import { Icon } from '../../ui/index.ts'
import type { MenuItem } from '../../ui/index.ts'

/** What is asked first; the dialogs belong to the subjects of the rows, so the window's frame shows them. */
export type RowAsk =
  { what: 'clear' | 'delete'; contact: Contact } | { what: 'delete-link'; connection: Connection }

/** What can be done with a row where it stands (flows 2). */
export function rowMenu(services: Services, row: Row, ask: (ask: RowAsk) => void): readonly MenuItem[] {
  if (row.kind === 'contact') return contactItems(services, row.contact, ask)
  if (row.kind === 'hit') return []
  const open = entry('open', MessageSquare, t('chats.menu.open'), () => services.router.openRow(row.rowId))
  if (row.kind !== 'pending') return [open]
  const { connection } = row
  const remove = entry('delete', Trash2, t('chats.menu.deleteLink'), () =>
    ask({ what: 'delete-link', connection }),
  )
  return [open, { id: 'line', divider: true }, { ...remove, tone: 'danger' }]
}

function contactItems(services: Services, contact: Contact, ask: (ask: RowAsk) => void): readonly MenuItem[] {
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
      ...entry('delete', Trash2, t(hasEnded(contact) ? 'chats.menu.deleteChat' : 'chats.menu.delete'), () =>
        ask({ what: 'delete', contact }),
      ),
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
