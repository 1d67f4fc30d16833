import type { Connection } from '#core/contract'

/** How far a connection is, as the tally draws it. */
export function tallyState(connection: Connection): 'made' | 'opened' | 'connected' | 'failed' {
  if (connection.status === 'failed') return 'failed'
  if (connection.status === 'connected') return 'connected'
  if (connection.phase === 'requested') return 'made'
  return connection.status === 'connecting' ? 'opened' : 'made'
}
