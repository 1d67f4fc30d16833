import { Settings2, Signpost, SquarePen } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { useRouter, useStore } from '../../state/index.ts'
import { Avatar, Icon, IconButton, Menu, cx } from '../../ui/index.ts'
import s from './Rail.module.css'

/** The edge at the start: who I am, New chat, settings. */
export function Rail({ onSwitch }: { onSwitch: (profileId: string) => void }) {
  const router = useRouter()
  const others = useStore((state) => state.profiles).filter((one) => !one.active)
  const profile = useStore((state) => state.profile)
  const atAddress = router.route.name === 'settings' && router.route.panel === 'address'
  const inSettings = router.route.name === 'settings' && !atAddress
  return (
    <nav className={s['rail']} aria-label={t('app.main')}>
      {profile && (
        <Menu
          trigger={
            <button
              type="button"
              className={s['me']}
              aria-label={t('app.profile', { name: profile.displayName })}
              title={profile.displayName}
              data-testid="profile-menu"
            >
              <Avatar seed="me" name={profile.displayName} image={profile.image} size={36} />
            </button>
          }
          items={[
            ...others.map((one) => ({
              id: one.profileId,
              label: t('app.menu.switch', { name: one.profile.displayName }),
              onPress: () => onSwitch(one.profileId),
            })),
            { id: 'profiles', label: t('app.menu.profiles'), onPress: () => router.openSettings('profiles') },
            { id: 'address', label: t('app.menu.address'), onPress: () => router.openAddress() },
          ]}
        />
      )}
      <IconButton
        label={t('app.newChat')}
        data-testid="new-chat"
        className={s['new']}
        onClick={() => router.openNewChat('invite')}
      >
        <Icon of={SquarePen} />
      </IconButton>
      <span className={s['space']} />
      <IconButton
        label={t('app.address')}
        data-testid="open-address"
        className={cx(s['button'], atAddress && s['on'])}
        aria-current={atAddress ? 'page' : undefined}
        onClick={() => (atAddress ? router.go({ name: 'chats', rowId: null }) : router.openAddress())}
      >
        <Icon of={Signpost} />
      </IconButton>
      <IconButton
        label={t('app.settings')}
        data-testid="open-settings"
        className={cx(s['button'], inSettings && s['on'])}
        aria-current={inSettings ? 'page' : undefined}
        onClick={() => (inSettings ? router.go({ name: 'chats', rowId: null }) : router.openSettings())}
      >
        <Icon of={Settings2} />
      </IconButton>
    </nav>
  )
}
