/** What a timeline draws, top to bottom: days, the line of new messages, bubbles in groups. Pure. */
import type { Message } from '#core/contract'

export type TimelineItem =
  | { type: 'day'; key: string; at: string }
  | { type: 'unread'; key: string }
  /** `last` of its group has the corner on its speaker's side. */
  | { type: 'message'; key: string; message: Message; last: boolean }

/** A group is one speaker within one minute (flows 13). */
export function timelineItems(
  messages: readonly Message[],
  firstUnread: string | null,
): readonly TimelineItem[] {
  const items: TimelineItem[] = []
  let day = ''
  messages.forEach((message, index) => {
    const today = localDay(message.createdAt)
    if (today !== day) items.push({ type: 'day', key: `day-${today}`, at: message.createdAt })
    day = today
    if (message.messageId === firstUnread) items.push({ type: 'unread', key: 'unread' })
    items.push({
      type: 'message',
      key: message.messageId,
      message,
      last: !sameGroup(message, messages[index + 1]),
    })
  })
  return items
}

function sameGroup(a: Message, b: Message | undefined): boolean {
  return b !== undefined && a.direction === b.direction && minute(a.createdAt) === minute(b.createdAt)
}

function minute(iso: string): number {
  return Math.floor(Date.parse(iso) / 60_000)
}

function localDay(iso: string): string {
  const date = new Date(iso)
  return `${String(date.getFullYear())}-${String(date.getMonth())}-${String(date.getDate())}`
}
