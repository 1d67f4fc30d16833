/** Notifications of the core on their way to the host, and clicks on them back to the row. */
import type { ContractEvent, Notification } from '#core/contract'
import { t } from '../i18n/index.ts'
import { findRow, listRows } from '../state/index.ts'
import type { Services } from '../state/index.ts'
import { switchTo } from './profiles.ts'

const SAID = 3 // flows 12: after the third nothing more is said
const REMEMBERED = 200 // ours: clicks on older ones open the window alone

export function followNotifications(services: Services): void {
  const { host } = services
  const shown = new Map<string, Notification>()
  host.onEvent((event) => onEvent(services, shown, event))
  host.onNotificationClick((id) => {
    const notification = shown.get(id)
    if (notification) void openRow(services, notification)
  })
}

function onEvent(services: Services, shown: Map<string, Notification>, event: ContractEvent): void {
  const { host, toasts } = services
  if (event.event === 'notification.clear') {
    shown.delete(event.data.notificationId)
    host.clearNotification(event.data.notificationId)
  } else if (event.event === 'notification.show') {
    const notification = event.data
    if (notification.kind === 'message' && isInView(services, notification)) return
    remember(shown, notification)
    const { notificationId, title, body } = notification
    host.notify({ notificationId, title, body })
  } else if (event.event === 'contact.connected') {
    const { name, rowId } = event.data
    const isOpen = services.router.route.name === 'chats' && services.router.route.rowId === rowId
    const open = { label: t('chats.open'), run: () => void openOf(services, event.data.profileId, rowId) }
    toasts.show({ text: t('chats.connected', { name }), mark: 'connected', action: isOpen ? null : open })
  } else if (event.event === 'request.received') {
    // a flood is not read out: the row counts (REQ-7)
    if (services.store.state.requests.size <= SAID) toasts.say(t('requests.said'))
  } else if (event.event === 'message.updated' && event.data.status === 'failed') {
    toasts.say(t('conversation.status.failed'))
  }
}

/** The chat it is about is open and the person looks at it. */
function isInView(services: Services, notification: Notification): boolean {
  const { router, host } = services
  const row = rowOf(services, notification)
  return (
    host.focused() && router.route.name === 'chats' && row !== undefined && router.route.rowId === row.rowId
  )
}

function rowOf(services: Services, { rowId, contactId }: Notification) {
  const { connections, contacts, requests } = services.store.state
  return findRow(listRows(connections, contacts, requests), {
    rowId: rowId ?? null,
    contactId: contactId ?? null,
  })
}

/** The row of a profile, which becomes the active one first (DSK-3). */
async function openOf(services: Services, profileId: string, rowId: string): Promise<void> {
  if (await switchTo(services, profileId)) services.router.openRow(rowId)
}

async function openRow(services: Services, notification: Notification): Promise<void> {
  if (!(await switchTo(services, notification.profileId))) return
  const row = rowOf(services, notification)
  if (row) services.router.openRow(row.rowId)
  else if (notification.kind === 'request') services.router.openRequests()
}

function remember(shown: Map<string, Notification>, notification: Notification): void {
  shown.set(notification.notificationId, notification)
  const oldest = shown.keys().next().value
  if (shown.size > REMEMBERED && oldest !== undefined) shown.delete(oldest)
}
