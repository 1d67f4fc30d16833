import { Settings2, Signpost, SquarePen, Users } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { ownSeed, useRouter, useStore } from '../../state/index.ts'
import { Avatar, Icon, IconButton, Menu, cx } from '../../ui/index.ts'
import s from './Rail.module.css'

/** The edge at the start: who I am, New chat, settings. */
export function Rail({ onSwitch }: { onSwitch: (profileId: string) => void }) {
  const router = useRouter()
  const profiles = useStore((state) => state.profiles)
  const others = profiles.filter((one) => !one.active)
  const seed = ownSeed(profiles)
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
              <Avatar seed={seed} name={profile.displayName} image={profile.image} size={36} />
            </button>
          }
          items={[
            ...others.map((one) => ({
              id: one.profileId,
              label: t('app.menu.switch', { name: one.profile.displayName }),
              icon: (
                <Avatar
                  seed={ownSeed(profiles, one.profileId)}
                  name={one.profile.displayName}
                  image={one.profile.image}
                  size={20}
                />
              ),
              onPress: () => onSwitch(one.profileId),
            })),
            ...(others.length > 0 ? [{ id: 'others', divider: true } as const] : []),
            {
              id: 'profiles',
              label: t('app.menu.profiles'),
              icon: <Icon of={Users} size="m" />,
              onPress: () => router.openSettings('profiles'),
            },
            {
              id: 'address',
              label: t('app.menu.address'),
              icon: <Icon of={Signpost} size="m" />,
              onPress: () => router.openAddress(),
            },
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
        onClick={() => (atAddress ? router.closeSettings() : router.openAddress(null, true))}
      >
        <Icon of={Signpost} />
      </IconButton>
      <IconButton
        label={t('app.settings')}
        data-testid="open-settings"
        className={cx(s['button'], inSettings && s['on'])}
        aria-current={inSettings ? 'page' : undefined}
        onClick={() => (inSettings ? router.closeSettings() : router.openSettings('network', true))}
      >
        <Icon of={Settings2} />
      </IconButton>
    </nav>
  )
}
