import type { Connection } from '#core/contract'
import type { Host } from '../../host/index.ts'

const LEAST_MS = 60_000 // ours: a date that was set late still leaves time to hand the new link over

/**
 * A new link in place of one that is over, or that the wrong person may have: the same name, identity and time (INV-9, INV-13).
 * The old one goes only when the new one is there, so that nothing is lost without a relay.
 */
export async function renewLink(
  host: Pick<Host, 'call'>,
  { connectionId, profileId, name, incognitoProfile, createdAt, expiresAt }: Connection,
): Promise<Connection | undefined> {
  const made = await host.call('invitation.create', {
    profileId,
    ...(name !== null && { name }),
    ...(incognitoProfile && { incognito: true }),
    ...(expiresAt !== null && { expiresAt: sameTime(createdAt, expiresAt) }),
    once: `again ${connectionId}`,
  })
  await host.call('connection.delete', { connectionId })
  const rows = await host.call('connection.list', { profileId })
  return rows.find((row) => row.connectionId === made.connectionId)
}

/** As long from now as the old link had. */
function sameTime(from: string, until: string): string {
  const span = Math.max(Date.parse(until) - Date.parse(from), LEAST_MS)
  return new Date(Date.now() + span).toISOString()
}
