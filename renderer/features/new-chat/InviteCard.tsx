import { useEffect, useEffectEvent, useRef } from 'react'
import type { RefObject } from 'react'
import { errorText, t } from '../../i18n/index.ts'
import { LONGEST_PRIVATE_NAME, useStore, useViewModel } from '../../state/index.ts'
import { Banner, CutPlate, TextField } from '../../ui/index.ts'
import { ReachNote } from '../hand-over/index.ts'
import { INCOGNITO } from '../identity/index.ts'
import { InviteStatus } from './InviteStatus.tsx'
import type { InvitationModel } from './invitation-model.ts'
import { ShowAs } from './ShowAs.tsx'
import { TheirHalf } from './TheirHalf.tsx'
import { WorksUntil } from './WorksUntil.tsx'
import s from './InviteCard.module.css'

/** Long enough that a person who passes by to the other tab, or away, asks nothing of a relay (ours). */
const LOOKED_AT_MS = 500

/** The invitation card: my half holds whom it is for and what became of it, theirs the link itself. */
export function InviteCard({ model }: { model: InvitationModel }) {
  const state = useViewModel(model)
  const contact = useStore((all) =>
    state.contactId === null ? undefined : all.contacts.get(state.contactId),
  )
  useEffect(() => void model.prepare(), [model])
  const toCome = state.phase === 'idle' || state.phase === 'creating'
  const card = useLookedAt(() => model.show())

  return (
    <div ref={card}>
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
            {(toCome || state.link !== null) && (
              <WorksUntil
                value={state.worksFor}
                onValue={(worksFor) => void model.worksFor(worksFor)}
                disabled={toCome}
              />
            )}
            {state.changeError && (
              <Banner tone="bad" role="alert" testId="invite-change-failed">
                {errorText(state.changeError)}
              </Banner>
            )}
            <InviteStatus state={state} />
            {state.link !== null && (
              <ReachNote reach={state.reach} stale={state.stale} onRenew={() => model.makeAgain()} />
            )}
          </div>
        }
        end={<TheirHalf model={model} state={state} contact={contact} />}
      />
    </div>
  )
}

/** Whatever it holds was looked at for a moment, or touched: by pointer, by key, or by the focus coming in. */
function useLookedAt(onLooked: () => void): RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null)
  const looked = useEffectEvent(onLooked)
  useEffect(() => {
    const there = box.current
    const touched = (): void => looked()
    const timer = setTimeout(touched, LOOKED_AT_MS)
    const touches = ['pointerdown', 'keydown', 'focusin'] as const
    for (const touch of touches) there?.addEventListener(touch, touched)
    return () => {
      clearTimeout(timer)
      for (const touch of touches) there?.removeEventListener(touch, touched)
    }
  }, [])
  return box
}
