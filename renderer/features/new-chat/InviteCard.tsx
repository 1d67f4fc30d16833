import { useEffect } from 'react'
import type { Profile } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { useStore, useViewModel } from '../../state/index.ts'
import { Avatar, CutPlate, Name, TextField } from '../../ui/index.ts'
import { InviteStatus } from './InviteStatus.tsx'
import type { InvitationModel } from './invitation-model.ts'
import { TheirHalf } from './TheirHalf.tsx'
import s from './InviteCard.module.css'

/** The invitation card: my half holds whom it is for and what became of it, theirs the link itself. */
export function InviteCard({ model }: { model: InvitationModel }) {
  const state = useViewModel(model)
  const profile = useStore((all) => all.profile)
  const contact = useStore((all) =>
    state.contactId === null ? undefined : all.contacts.get(state.contactId),
  )
  useEffect(() => model.show(), [model])

  return (
    <CutPlate
      size="l"
      endWidth={316}
      className={s['card']}
      testId="invite-card"
      state={state.phase}
      start={
        <div className={s['mine']}>
          <p className={s['caption']}>{t('newChat.half.mine')}</p>
          <TextField
            label={t('newChat.for')}
            aside={t('newChat.for.note')}
            placeholder={t('newChat.for.placeholder')}
            value={state.name}
            onValue={(name) => model.setName(name)}
            onBlur={() => void model.saveName()}
            autoComplete="off"
            maxLength={100}
          />
          {profile && <ShowAs profile={profile} />}
          <InviteStatus state={state} />
        </div>
      }
      end={<TheirHalf model={model} state={state} contact={contact} />}
    />
  )
}

/** Whoever opens the link gets this profile: it stands where the link is given away. */
function ShowAs({ profile }: { profile: Profile }) {
  return (
    <div className={s['showAs']}>
      <p className={s['label']}>{t('newChat.showAs')}</p>
      <div className={s['profile']}>
        <Avatar seed="me" name={profile.displayName} image={profile.image} size={28} />
        <div className={s['words']}>
          <Name cut className={s['name']}>
            {profile.displayName}
          </Name>
          <p className={s['what']}>
            {profile.image === undefined ? t('newChat.showAs.name') : t('newChat.showAs.picture')}
          </p>
        </div>
      </div>
    </div>
  )
}
