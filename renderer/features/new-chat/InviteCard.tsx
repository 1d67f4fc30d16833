import { useEffect } from 'react'
import { t } from '../../i18n/index.ts'
import { useStore, useViewModel } from '../../state/index.ts'
import { CutPlate, TextField } from '../../ui/index.ts'
import { InviteStatus } from './InviteStatus.tsx'
import type { InvitationModel } from './invitation-model.ts'
import { TheirHalf } from './TheirHalf.tsx'
import s from './InviteCard.module.css'

/** The invitation card: my half holds whom it is for and what became of it, theirs the link itself. */
export function InviteCard({ model }: { model: InvitationModel }) {
  const state = useViewModel(model)
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
          <InviteStatus state={state} />
        </div>
      }
      end={<TheirHalf model={model} state={state} contact={contact} />}
    />
  )
}
