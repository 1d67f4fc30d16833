/** The words of a connection that is on its way; row and details say the same. */
import type { Connection } from '#core/contract'
import { t, translate } from './translate.ts'

export function pendingTitle(connection: Connection): string {
  return connection.name ?? t(connection.role === 'creator' ? 'pending.title.mine' : 'pending.title.theirs')
}

/** What is awaited. A phase that this window does not know is shown as it is. */
export function pendingState(connection: Connection): string {
  const { phase, role } = connection
  if (phase === 'connecting' && role === 'creator') return t('pending.phase.connecting.mine')
  return translate(`pending.phase.${phase}`) ?? phase
}
