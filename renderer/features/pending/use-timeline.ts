import { useEffect, useState } from 'react'
import type { Connection, TimelineStep } from '#core/contract'
import { useHost } from '../../state/index.ts'

const LOOK_MS = 60_000 // api.md, connection.get: the relay is asked at most once a minute

/** When each thing happened. While in view, the core also asks the relay whether an unused link was opened. */
export function useTimeline({ connectionId, status, updatedAt }: Connection): readonly TimelineStep[] {
  const host = useHost()
  const [timeline, setTimeline] = useState<readonly TimelineStep[]>([])
  useEffect(() => {
    let left = false
    const look = async (): Promise<void> => {
      try {
        const found = await host.call('connection.get', { connectionId })
        if (!left) setTimeline(found.timeline)
      } catch {
        // the row says what is known here
      }
    }
    void look()
    const again = status === 'waiting' ? setInterval(() => void look(), LOOK_MS) : undefined
    return () => {
      left = true
      clearInterval(again)
    }
  }, [host, connectionId, status, updatedAt])
  return timeline
}
