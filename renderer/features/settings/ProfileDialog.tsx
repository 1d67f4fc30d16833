import { useRef, useState } from 'react'
import type { ProfileEntry } from '#core/contract'
import { errorText, t } from '../../i18n/index.ts'
import { ownSeed, useDeed, useServices, useStore } from '../../state/index.ts'
import { Banner, Button, Dialog, Phrase, TextField } from '../../ui/index.ts'
import { BioField, bioSize, LONGEST_BIO, PictureField } from '../identity/index.ts'
import text from '../../styles/text.module.css'
import s from './ProfilesPanel.module.css'

/** A new profile, or another name and picture for one. */
export function ProfileDialog({ entry, onClose }: { entry: ProfileEntry | null; onClose: () => void }) {
  const { host, store } = useServices()
  const [name, setName] = useState(entry?.profile.displayName ?? '')
  const [image, setImage] = useState(entry?.profile.image)
  const [bio, setBio] = useState(entry?.profile.description ?? '')
  const { busy, error, run } = useDeed()
  const field = useRef<HTMLInputElement>(null)
  const seed = useStore((all) => (entry ? ownSeed(all.profiles, entry.profileId) : 'new'))
  const ofName = error !== null && error.details?.path !== 'image' && error.details?.path !== 'description'
  const suggestion = error?.details?.suggestion
  const displayName = name.trim()
  const description = bio.trim()
  const savable = displayName !== '' && bioSize(bio) <= LONGEST_BIO
  const save = async (): Promise<void> => {
    if (entry) {
      const { profileId, profile } = entry
      const picture = image !== profile.image && { image: image ?? '' }
      const about = description !== (profile.description ?? '') && { description }
      await host.call('profile.update', { profileId, displayName, ...about, ...picture })
    } else {
      const about = description !== '' && { description }
      await host.call('profile.create', { displayName, ...about, ...(image !== undefined && { image }) })
    }
    onClose()
    await store.load()
  }
  return (
    <Dialog
      open
      width="s"
      onClose={onClose}
      title={t(entry ? 'settings.profiles.edit.title' : 'settings.profiles.new')}
      testId="profile-edit"
      initialFocus={field}
      keepOnOutsidePress
      buttons={
        <>
          <Button onClick={onClose}>{t('settings.profiles.cancel')}</Button>
          <Button tone="primary" busy={busy} disabled={!savable} onClick={() => run(save)}>
            {t(entry ? 'settings.profiles.save' : 'settings.profiles.create')}
          </Button>
        </>
      }
    >
      <form
        className={s['form']}
        onSubmit={(event) => {
          event.preventDefault()
          if (savable) run(save)
        }}
      >
        <p className={text['sub']}>
          {t(entry ? 'settings.profiles.edit.text' : 'settings.profiles.new.text')}
        </p>
        <PictureField seed={seed} name={name} image={image} onImage={setImage} />
        <TextField
          ref={field}
          label={t('settings.profiles.name')}
          value={name}
          onValue={setName}
          error={
            ofName ? (suggestion === undefined ? errorText(error) : t('onboarding.profile.suggest')) : null
          }
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
        />
        {suggestion !== undefined && (
          <Button size="s" className={s['suggest']} onClick={() => setName(suggestion)}>
            <Phrase id="onboarding.profile.suggestUse" name={suggestion} />
          </Button>
        )}
        <BioField value={bio} onValue={setBio} />
        {error && !ofName && (
          <Banner tone="bad" role="alert">
            {errorText(error)}
          </Banner>
        )}
      </form>
    </Dialog>
  )
}
