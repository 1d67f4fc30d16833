import { useEffect, useRef } from 'react'
import { errorText, t } from '../../i18n/index.ts'
import { LONGEST_PRIVATE_NAME, useViewModel } from '../../state/index.ts'
import { Banner, Button, CutPlate, Tally, TextField } from '../../ui/index.ts'
import { INCOGNITO } from '../identity/index.ts'
import { SeveralList } from './SeveralList.tsx'
import { countOf, LEAST_LINKS, MOST_LINKS, type SeveralModel, type SeveralState } from './several-model.ts'
import { ShowAsPicker } from './ShowAs.tsx'
import { SlowWait } from './SlowWait.tsx'
import { WorksUntil } from './WorksUntil.tsx'
import plate from './InviteCard.module.css'
import s from './SeveralCard.module.css'
import half from './TheirHalf.module.css'

/** Several links at once, in the place of the one: what they have in common, then what was made (INV-11). */
export function SeveralCard({ model }: { model: SeveralModel }) {
  const state = useViewModel(model)
  if (state.phase === 'made') return <SeveralList model={model} links={state.links} />
  return (
    <CutPlate
      size="l"
      mine={state.appearing.chosen === INCOGNITO ? 'veil' : 'petrol'}
      endWidth={316}
      className={plate['card']}
      testId="several-form"
      state={state.error ? 'error' : state.phase}
      start={<Settings model={model} state={state} />}
      end={<Make model={model} state={state} />}
    />
  )
}

interface PartProps {
  model: SeveralModel
  state: SeveralState
}

function Settings({ model, state }: PartProps) {
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => {
    first.current?.focus()
    first.current?.select()
  }, [])
  const count = countOf(state.count)
  const label = state.name.trim() === '' ? t('newChat.several.unnamed') : state.name.trim()
  const busy = state.phase === 'making'
  return (
    <div className={plate['mine']}>
      <p className={plate['caption']}>{t('newChat.half.mine')}</p>
      <div className={s['pair']}>
        <TextField
          ref={first}
          label={t('newChat.several.count')}
          aside={t('newChat.several.range', { least: LEAST_LINKS, most: MOST_LINKS })}
          error={
            count === null && state.count !== ''
              ? t('newChat.several.countError', { least: LEAST_LINKS, most: MOST_LINKS })
              : null
          }
          value={state.count}
          onValue={(typed) => model.change({ count: typed })}
          inputMode="numeric"
          autoComplete="off"
          maxLength={3}
          disabled={busy}
        />
        <TextField
          label={t('newChat.several.name')}
          aside={t('newChat.for.note')}
          placeholder={t('newChat.several.placeholder')}
          value={state.name}
          onValue={(name) => model.change({ name })}
          autoComplete="off"
          // with a space and a number behind it
          maxLength={LONGEST_PRIVATE_NAME - 3}
          disabled={busy}
        />
      </div>
      <ShowAsPicker
        appearing={state.appearing}
        onChoose={(choice) => model.appearAs(choice)}
        disabled={busy}
        several
      />
      <WorksUntil value={state.worksFor} onValue={(worksFor) => model.change({ worksFor })} disabled={busy} />
      {count !== null && (
        <p className={s['named']}>
          {t('newChat.several.named', { first: `${label} 1`, last: `${label} ${String(count)}` })}
        </p>
      )}
    </div>
  )
}

/** What comes of it, and the one button. */
function Make({ model, state }: PartProps) {
  const count = countOf(state.count)
  const busy = state.phase === 'making'
  const { error } = state
  return (
    <div className={half['half']}>
      <p className={half['caption']}>{t('newChat.half.theirs')}</p>
      <div className={half['middle']}>
        {error ? (
          <Banner tone="bad" role="alert" title={t('newChat.several.error')} testId="several-error">
            {error.code === 'CANCELLED' ? t('newChat.several.stopped') : errorText(error)}
          </Banner>
        ) : (
          <>
            <Tally state="made" size={72} />
            <p className={s['what']}>{t('newChat.several.text')}</p>
          </>
        )}
        <Button
          tone="primary"
          wide
          busy={busy}
          disabled={count === null}
          data-testid="several-make"
          onClick={() => void model.make()}
        >
          {error ? t('newChat.retry') : makeWords(count, busy)}
        </Button>
        {state.slow && <SlowWait onCancel={() => model.cancel()} />}
      </div>
    </div>
  )
}

function makeWords(count: number | null, busy: boolean): string {
  if (count === null) return t('newChat.several.makeAny')
  return t(busy ? 'newChat.several.making' : 'newChat.several.make', { count })
}
