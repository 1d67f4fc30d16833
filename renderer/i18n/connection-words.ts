/** The words of a connection that is on its way; row and details say the same. */
import type { Connection } from '#core/contract'
import type { MessageKey } from './catalogue.ts'
import { t, translate } from './translate.ts'

export function pendingTitle(connection: Connection): string {
  if (connection.name !== null) return connection.name
  if (connection.kind === 'address') return t(`pending.title.address.${connection.role}`)
  return t(connection.role === 'creator' ? 'pending.title.mine' : 'pending.title.theirs')
}

/** What is awaited. A phase that this window does not know is shown as it is. */
export function pendingState(connection: Connection): string {
  const { phase, role, kind } = connection
  if (connection.error?.retryable) return t('pending.phase.own')
  const own = kind === 'address' ? translate(`pending.phase.address.${role}.${phase}`) : undefined
  if (own !== undefined) return own
  if (phase === 'opened' && connection.openedAlarm) return t('pending.phase.alarm')
  if (phase === 'connecting' && role === 'creator') return t('pending.phase.connecting.mine')
  return translate(`pending.phase.${phase}`) ?? phase
}

/** Of a link that nobody has used: that it leads nowhere now. */
export function staleState({ phase, stale }: Connection): string | null {
  return stale !== null && (phase === 'unused' || phase === 'shared') ? t(`reach.row.${stale}`) : null
}

/** What deleting means depends on how far it is (PEN-4, INV-7). */
export function deleteWords(connection: Connection): {
  title: MessageKey
  text: MessageKey
  button: MessageKey
} {
  if (connection.kind === 'address' && connection.phase === 'requested')
    return {
      title: 'pending.delete.request.title',
      text: 'pending.delete.request.text',
      button: 'pending.delete.request',
    }
  if (connection.role === 'joiner')
    return {
      title: 'pending.delete.theirs.title',
      text: 'pending.delete.theirs.text',
      button: 'pending.delete.theirs',
    }
  if (connection.status === 'connecting' || connection.phase === 'opened')
    return {
      title: 'pending.delete.opened.title',
      text: 'pending.delete.opened.text',
      button: 'pending.delete.theirs',
    }
  return {
    title: 'pending.delete.mine.title',
    text: connection.status === 'failed' ? 'pending.delete.over.text' : 'pending.delete.mine.text',
    button: 'pending.delete.mine',
  }
}

const LONGEST_NAME = 120 // ours: far more than a row shows, far less than a hostile profile may hold (REQ-8)

/** A foreign name for rows and headings: one line, and no more of it than anybody reads. */
export function shortName(name: string): string {
  const line = name
    .slice(0, 10 * LONGEST_NAME)
    .replace(/\s+/gu, ' ')
    .trim()
  const letters = [...line]
  return letters.length <= LONGEST_NAME ? line : `${letters.slice(0, LONGEST_NAME).join('')}…`
}
