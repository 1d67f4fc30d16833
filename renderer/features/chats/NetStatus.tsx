import { HardDrive, ShieldAlert, WifiOff } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { clockTime, t } from '../../i18n/index.ts'
import { isIdentityProblem, useServices, useStore } from '../../state/index.ts'
import { Icon } from '../../ui/index.ts'
import s from './NetStatus.module.css'

interface Strip {
  state: 'folder' | 'identity' | 'offline' | 'partly' | 'lost'
  icon: LucideIcon
  text: string
  action: { label: string; run: () => void } | null
}

/** At the foot of the list, only while something is wrong. A foreign certificate is never called "offline" (STA-2). */
export function NetStatus() {
  const { host, router, store } = useServices()
  const folder = useStore((state) => state.app?.state)
  const network = useStore((state) => state.network)
  const lost = useStore((state) => state.lost)
  const retry = (): void => void host.call('network.retry', {}).catch(() => undefined)
  const strip = ((): Strip | null => {
    if (lost) return { state: 'lost', icon: WifiOff, text: t('chats.net.lost'), action: null }
    if (folder === 'disk-full' || folder === 'read-only' || folder === 'damaged') {
      const look = {
        label: t('start.strip.retry'),
        run: () => void store.retryFolder().catch(() => undefined),
      }
      return { state: 'folder', icon: HardDrive, text: t(`start.strip.${folder}`), action: look }
    }
    // a foreign certificate at a relay that something of ours waits for, ours or the other side's
    if (network?.silent.some((relay) => isIdentityProblem(relay)) === true) {
      const look = { label: t('chats.net.identity.action'), run: () => router.openSettings('network') }
      return { state: 'identity', icon: ShieldAlert, text: t('chats.net.identity'), action: look }
    }
    if (network?.state !== 'offline' && network?.state !== 'partly') return null
    const text = t(`chats.net.${network.state}`, { time: clockTime(network.since) })
    return { state: network.state, icon: WifiOff, text, action: { label: t('chats.net.retry'), run: retry } }
  })()
  return (
    <div role="status">
      {strip && (
        <div className={s['strip']} data-testid="net-status" data-state={strip.state}>
          <Icon of={strip.icon} />
          <span className={s['words']}>{strip.text}</span>
          {strip.action && (
            <button type="button" className={s['action']} onClick={strip.action.run}>
              {strip.action.label}
            </button>
          )}
        </div>
      )}
    </div>
  )
}
