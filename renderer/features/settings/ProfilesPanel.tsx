import { useState } from 'react'
import type { ContractError, ProfileEntry } from '#core/contract'
import { toFailure } from '../../host/index.ts'
import { errorText, t } from '../../i18n/index.ts'
import { useServices, useStore } from '../../state/index.ts'
import { AlertDialog, Banner, Button, Chip, Avatar, Name, Phrase, TextField } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import panel from './NetworkPanel.module.css'
import s from './ProfilesPanel.module.css'

type Open = { what: 'rename' | 'delete'; entry: ProfileEntry } | { what: 'new' } | null

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
              seed={entry.active ? 'me' : entry.profileId}
              name={entry.profile.displayName}
              image={entry.profile.image}
            />
            <div className={s['who']}>
              <Name cut className={text['strong']}>
                {entry.profile.displayName}
              </Name>
              <p className={text['small']}>{t('settings.profiles.contacts', { count: entry.contacts })}</p>
            </div>
            {entry.active ? (
              <Chip tone="me">{t('settings.profiles.active')}</Chip>
            ) : (
              <Button size="s" onClick={() => onSwitch(entry.profileId)}>
                {t('settings.profiles.switch')}
              </Button>
            )}
            <Button size="s" onClick={() => setOpen({ what: 'rename', entry })}>
              {t('settings.profiles.rename')}
            </Button>
            {profiles.length > 1 && (
              <Button size="s" tone="quiet-danger" onClick={() => setOpen({ what: 'delete', entry })}>
                {t('settings.profiles.delete')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Button className={s['new']} data-testid="profile-new" onClick={() => setOpen({ what: 'new' })}>
        {t('settings.profiles.new')}
      </Button>
      {open?.what === 'new' && <NameDialog entry={null} onClose={close} />}
      {open?.what === 'rename' && <NameDialog entry={open.entry} onClose={close} />}
      {open?.what === 'delete' && <DeleteProfile entry={open.entry} onClose={close} />}
    </div>
  )
}

/** A new profile, or another name for one. */
function NameDialog({ entry, onClose }: { entry: ProfileEntry | null; onClose: () => void }) {
  const { host, store } = useServices()
  const [name, setName] = useState(entry?.profile.displayName ?? '')
  const [error, setError] = useState<ContractError | null>(null)
  const [busy, setBusy] = useState(false)
  const suggestion = error?.details?.suggestion
  const save = async (): Promise<void> => {
    if (busy || name.trim() === '') return
    setBusy(true)
    try {
      if (entry) await host.call('profile.update', { profileId: entry.profileId, displayName: name.trim() })
      else await host.call('profile.create', { displayName: name.trim() })
      onClose()
      await store.load()
    } catch (thrown) {
      setError(toFailure(thrown))
      setBusy(false)
    }
  }
  return (
    <AlertDialog
      open
      onClose={onClose}
      title={t(entry ? 'settings.profiles.rename.title' : 'settings.profiles.new')}
      testId="profile-name"
      cancelLabel={t('settings.profiles.cancel')}
      actions={[
        {
          label: t(entry ? 'settings.profiles.save' : 'settings.profiles.create'),
          tone: 'primary',
          busy,
          disabled: name.trim() === '',
          onPress: () => void save(),
        },
      ]}
    >
      <p>{t(entry ? 'settings.profiles.rename.text' : 'settings.profiles.new.text')}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <TextField
          label={t('settings.profiles.name')}
          value={name}
          onValue={setName}
          error={error && (suggestion === undefined ? errorText(error) : t('onboarding.profile.suggest'))}
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
        />
      </form>
      {suggestion !== undefined && (
        <Button size="s" onClick={() => setName(suggestion)}>
          <Phrase id="onboarding.profile.suggestUse" name={suggestion} />
        </Button>
      )}
    </AlertDialog>
  )
}

/** Says what is lost, and the core checks that it still is just that (SET-6). */
function DeleteProfile({ entry, onClose }: { entry: ProfileEntry; onClose: () => void }) {
  const { host, store } = useServices()
  const [error, setError] = useState<ContractError | null>(null)
  const [busy, setBusy] = useState(false)
  const current = useStore((all) => all.profiles.find((one) => one.profileId === entry.profileId)) ?? entry
  const remove = async (): Promise<void> => {
    setBusy(true)
    try {
      await host.call('profile.delete', { profileId: entry.profileId, contacts: current.contacts })
      onClose()
      await store.load()
    } catch (thrown) {
      setError(toFailure(thrown))
      setBusy(false)
    }
  }
  return (
    <AlertDialog
      open
      onClose={onClose}
      title={<Phrase id="settings.profiles.delete.title" name={entry.profile.displayName} />}
      testId="profile-delete"
      cancelLabel={t('settings.profiles.keep')}
      actions={[
        { label: t('settings.profiles.delete.confirm'), tone: 'destroy', busy, onPress: () => void remove() },
      ]}
    >
      <p>{t('settings.profiles.delete.text', { count: current.contacts })}</p>
      {error && (
        <Banner tone="bad" role="alert">
          {errorText(error)}
        </Banner>
      )}
    </AlertDialog>
  )
}
