import { useState } from 'react'
import type { ProfileEntry } from '#core/contract'
import { errorText, t } from '../../i18n/index.ts'
import { ownSeed, useDeed, useServices, useStore } from '../../state/index.ts'
import { AlertDialog, Button, Chip, Avatar, Name, Phrase } from '../../ui/index.ts'
import { ProfileDialog } from './ProfileDialog.tsx'
import text from '../../styles/text.module.css'
import panel from './NetworkPanel.module.css'
import s from './ProfilesPanel.module.css'

type Open = { what: 'edit' | 'delete'; entry: ProfileEntry } | { what: 'new' } | null

/** Who I am to others: several names side by side, each with its own contacts and address. */
export function ProfilesPanel({ onSwitch }: { onSwitch: (profileId: string) => void }) {
  const profiles = useStore((state) => state.profiles)
  const [open, setOpen] = useState<Open>(null)
  const close = (): void => setOpen(null)
  return (
    <div className={panel['panel']} data-testid="settings-profiles">
      <header className={panel['head']}>
        <h1 className={text['head']}>{t('settings.profiles.title')}</h1>
        <p className={text['sub']}>{t('settings.profiles.lead')}</p>
      </header>
      <ul className={s['list']}>
        {profiles.map((entry) => (
          <li key={entry.profileId} className={s['profile']} data-testid="profile-entry">
            <Avatar
              seed={ownSeed(profiles, entry.profileId)}
              name={entry.profile.displayName}
              image={entry.profile.image}
            />
            <div className={s['who']}>
              <Name cut className={text['strong']}>
                {entry.profile.displayName}
              </Name>
              <p className={text['small']}>{t('settings.profiles.contacts', { count: entry.contacts })}</p>
            </div>
            <div className={s['deeds']}>
              {entry.active ? (
                <Chip tone="me">{t('settings.profiles.active')}</Chip>
              ) : (
                <Button size="s" onClick={() => onSwitch(entry.profileId)}>
                  {t('settings.profiles.switch')}
                </Button>
              )}
              <Button size="s" onClick={() => setOpen({ what: 'edit', entry })}>
                {t('settings.profiles.edit')}
              </Button>
              {profiles.length > 1 && (
                <Button
                  size="s"
                  tone="quiet-danger"
                  flush="end"
                  onClick={() => setOpen({ what: 'delete', entry })}
                >
                  {t('settings.profiles.delete')}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      <Button className={s['new']} data-testid="profile-new" onClick={() => setOpen({ what: 'new' })}>
        {t('settings.profiles.new')}
      </Button>
      {open?.what === 'new' && <ProfileDialog entry={null} onClose={close} />}
      {open?.what === 'edit' && <ProfileDialog entry={open.entry} onClose={close} />}
      {open?.what === 'delete' && <DeleteProfile entry={open.entry} onClose={close} />}
    </div>
  )
}

/** Says what is lost, and the core checks that it still is just that (SET-6). */
function DeleteProfile({ entry, onClose }: { entry: ProfileEntry; onClose: () => void }) {
  const { host, store } = useServices()
  const { busy, error, run } = useDeed()
  const current = useStore((all) => all.profiles.find((one) => one.profileId === entry.profileId)) ?? entry
  const remove = async (): Promise<void> => {
    await host.call('profile.delete', { profileId: entry.profileId, contacts: current.contacts })
    onClose()
    await store.load()
  }
  return (
    <AlertDialog
      open
      onClose={onClose}
      title={<Phrase id="settings.profiles.delete.title" name={entry.profile.displayName} />}
      testId="profile-delete"
      problem={error && errorText(error)}
      cancelLabel={t('settings.profiles.keep')}
      actions={[
        { label: t('settings.profiles.delete.confirm'), tone: 'destroy', busy, onPress: () => run(remove) },
      ]}
    >
      <p>{t('settings.profiles.delete.text', { count: current.contacts })}</p>
    </AlertDialog>
  )
}
