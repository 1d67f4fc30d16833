/** The words of a row: title, second line, and what it is about. */
import type { Connection, Contact } from '#core/contract'
import { t, translate } from '../../i18n/index.ts'

export type Mood = 'plain' | 'them' | 'bad'

export function pendingTitle(connection: Connection): string {
  return connection.name ?? t(connection.role === 'creator' ? 'pending.title.mine' : 'pending.title.theirs')
}

/** What is awaited. A phase that this window does not know is shown as it is. */
export function pendingLine(connection: Connection): { text: string; mood: Mood } {
  const { phase, role } = connection
  const mood = phase === 'failed' || phase === 'refused' ? 'bad' : 'them'
  if (phase === 'connecting' && role === 'creator') return { text: t('pending.phase.connecting.mine'), mood }
  return { text: translate(`pending.phase.${phase}`) ?? phase, mood }
}

/** One line of a message: its own line breaks and runs of spaces become one space. */
export function previewText(text: string): string {
  return text.slice(0, 300).replace(/\s+/gu, ' ').trim()
}

export function contactLine(contact: Contact): { text: string; mood: Mood } {
  const last = contact.lastMessage
  if (contact.status === 'deleted-by-peer') return { text: t('chats.row.deleted'), mood: 'plain' }
  if (!last) {
    const connecting = contact.status === 'connecting'
    return {
      text: t(connecting ? 'chats.row.connecting' : 'chats.row.connected'),
      mood: connecting ? 'them' : 'plain',
    }
  }
  const text = previewText(last.content.text)
  if (last.direction === 'out' && last.status === 'failed')
    return { text: t('chats.delivery.failed', { text }), mood: 'bad' }
  return { text, mood: 'plain' }
}
