import { useEffect } from 'react'
import type { Connection } from '#core/contract'
import { useHost } from '../../state/index.ts'

const LOOK_MS = 60_000 // api.md, connection.get: the relay is asked at most once a minute

/** Was the link of a row in view opened? Asking about it makes the core ask its relay; the row then says so (INV-13). */
export function useOpening({ connectionId, kind, role, phase }: Connection): void {
  const host = useHost()
  const awaited = kind === 'invitation' && role === 'creator' && phase === 'shared'
  useEffect(() => {
    if (!awaited) return
    const look = (): void => void host.call('connection.get', { connectionId }).catch(() => undefined)
    look()
    const again = setInterval(look, LOOK_MS)
    return () => clearInterval(again)
  }, [host, connectionId, awaited])
}
