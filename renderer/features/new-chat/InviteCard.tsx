import { useEffect } from 'react'
import { errorText, t } from '../../i18n/index.ts'
import { LONGEST_PRIVATE_NAME, useStore, useViewModel } from '../../state/index.ts'
import { Banner, CutPlate, TextField } from '../../ui/index.ts'
import { INCOGNITO } from '../identity/index.ts'
import { InviteStatus } from './InviteStatus.tsx'
import type { InvitationModel } from './invitation-model.ts'
import { ShowAs } from './ShowAs.tsx'
import { TheirHalf } from './TheirHalf.tsx'
import { WorksUntil } from './WorksUntil.tsx'
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
      mine={state.appearing.chosen === INCOGNITO ? 'veil' : 'petrol'}
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
            maxLength={LONGEST_PRIVATE_NAME}
          />
          <ShowAs model={model} state={state} />
          {(state.phase === 'creating' || state.link !== null) && (
            <WorksUntil
              value={state.worksFor}
              onValue={(worksFor) => void model.worksFor(worksFor)}
              disabled={state.phase === 'creating'}
            />
          )}
          {state.changeError && (
            <Banner tone="bad" role="alert" testId="invite-change-failed">
              {errorText(state.changeError)}
            </Banner>
          )}
          <InviteStatus state={state} />
        </div>
      }
      end={<TheirHalf model={model} state={state} contact={contact} />}
    />
  )
}
