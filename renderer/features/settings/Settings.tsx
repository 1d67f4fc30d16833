import { ArrowLeft, Link, Server, Signpost, Users } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { useRouter, useServices } from '../../state/index.ts'
import type { SettingsPanel } from '../../state/index.ts'
import { cx, Icon, IconButton } from '../../ui/index.ts'
import { AddressPanel } from '../address/index.ts'
import { LinksPanel } from './LinksPanel.tsx'
import { NetworkPanel } from './NetworkPanel.tsx'
import { ProfilesPanel } from './ProfilesPanel.tsx'
import joined from '../../styles/joined.module.css'
import s from './Settings.module.css'

const panels = [
  { panel: 'profiles', label: 'settings.profiles.title', icon: Users },
  { panel: 'address', label: 'address.title', icon: Signpost },
  { panel: 'network', label: 'settings.nav.network', icon: Server },
  { panel: 'links', label: 'settings.links.title', icon: Link },
] as const

/** List and panel, in the places of the chat list and the conversation. More panels follow with their subjects. */
export interface SettingsProps {
  panel: SettingsPanel
  onSwitch: (profileId: string) => void
}

export function Settings({ panel: open, onSwitch }: SettingsProps) {
  const router = useRouter()
  const { search, host } = useServices()
  const shown = panels.filter(({ panel }) => panel !== 'links' || host.abilities.schemes)
  const back = (): void => {
    router.closeSettings()
    if (router.route.name === 'chats' && router.route.rowId === null) search.askFocus()
  }
  return (
    <div className={s['settings']}>
      <section className={s['list']} aria-label={t('settings.title')}>
        <div className={s['head']}>
          <IconButton label={t('settings.back')} data-testid="settings-back" onClick={back}>
            <Icon of={ArrowLeft} className={s['arrow']} />
          </IconButton>
          <h2 className={s['title']}>{t('settings.title')}</h2>
        </div>
        <nav aria-label={t('settings.title')}>
          <ul>
            {shown.map(({ panel, label, icon }) => (
              <li key={panel}>
                <button
                  type="button"
                  className={cx(s['item'], panel === open && s['open'], panel === open && joined['joined'])}
                  aria-current={panel === open ? 'page' : undefined}
                  onClick={() =>
                    panel === 'address' ? router.openAddress(null, true) : router.openSettings(panel, true)
                  }
                >
                  <Icon of={icon} />
                  {t(label)}
                </button>
              </li>
            ))}
          </ul>
        </nav>
      </section>
      <main className={s['panel']} id="main">
        <OpenPanel panel={open} onSwitch={onSwitch} />
      </main>
    </div>
  )
}

function OpenPanel({ panel, onSwitch }: SettingsProps) {
  if (panel === 'profiles') return <ProfilesPanel onSwitch={onSwitch} />
  if (panel === 'address') return <AddressPanel />
  return panel === 'links' ? <LinksPanel /> : <NetworkPanel />
}
