/** The words of a row: its second line and what that is about. */
import type { Connection, Contact, Request } from '#core/contract'
import { pendingState, staleState, t } from '../../i18n/index.ts'
import { hasEnded, waitsLong } from '../../state/index.ts'

export type Mood = 'plain' | 'them' | 'bad'

export function pendingLine(connection: Connection, now: Date): { text: string; mood: Mood } {
  if (waitsLong(connection, now)) return { text: t('pending.phase.long'), mood: 'them' }
  const stale = staleState(connection)
  if (stale !== null) return { text: stale, mood: 'bad' }
  return { text: pendingState(connection), mood: connection.status === 'failed' ? 'bad' : 'them' }
}

/** What they wrote with it, else through which address they ask. */
export function requestLine(request: Request): { text: string; mood: Mood } {
  if (request.state === 'gone') return { text: t('chats.row.request.gone'), mood: 'bad' }
  if (request.state === 'accepting') return { text: t('chats.row.request.accepting'), mood: 'them' }
  if (request.state === 'failed') return { text: t('chats.row.request.failed'), mood: 'bad' }
  const { message, addressLabel } = request
  const via =
    addressLabel === null
      ? t('chats.row.request')
      : t('chats.row.request.via', { label: previewText(addressLabel) })
  return { text: message === null ? via : `${via}: ${previewText(message)}`, mood: 'them' }
}

/** One line of a message: its own line breaks and runs of spaces become one space. */
export function previewText(text: string): string {
  return text.slice(0, 300).replace(/\s+/gu, ' ').trim()
}

const NEAR = 16 // ours: characters of a row of the least width that leave room for the hit and what follows

/** The end of what stands before a hit, so that the hit itself is in the row and not cut off. */
export function nearHit(before: string): string {
  if (before.length <= NEAR) return before
  const end = before.slice(-NEAR)
  return `…${end.slice(Math.max(0, end.search(/\s/u) + 1)) || end}`
}

/** `open`: what is being typed stands in the field already. */
export function contactLine(
  contact: Contact,
  open: boolean,
  now: Date,
): { text: string; mood: Mood; ofMessage?: true } {
  const last = contact.lastMessage
  if (contact.draft !== null && !open && !hasEnded(contact))
    return { text: t('chats.row.draft', { text: previewText(contact.draft) }), mood: 'them' }
  if (contact.status === 'deleted') return { text: t('chats.row.ended'), mood: 'plain' }
  if (contact.status === 'deleted-by-peer') return { text: t('chats.row.deleted'), mood: 'plain' }
  if (!last) {
    if (contact.connection && waitsLong(contact.connection, now))
      return { text: t('pending.phase.long'), mood: 'them' }
    const connecting = contact.status === 'connecting'
    return {
      text: t(connecting ? 'chats.row.connecting' : 'chats.row.connected'),
      mood: connecting ? 'them' : 'plain',
    }
  }
  const text = previewText(last.content.text)
  if (last.direction === 'out' && last.status === 'failed')
    return { text: t('chats.delivery.failed', { text }), mood: 'bad', ofMessage: true }
  return { text, mood: 'plain', ofMessage: true }
}
