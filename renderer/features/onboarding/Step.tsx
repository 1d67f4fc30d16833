import type { ReactNode } from 'react'
import { t } from '../../i18n/index.ts'
import { cx } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import { HeldLink } from './HeldLink.tsx'
import { TallyArt } from './TallyArt.tsx'
import s from './Step.module.css'

const STEPS = 2 // profile, relays; protecting the data becomes the third

export interface StepProps {
  step: 1 | 2
  title: string
  lead: string
  testId: string
  /** At the foot: back at the start, on at the end. */
  buttons: ReactNode
  onSubmit: () => void
  children: ReactNode
}

/** The frame of one step. Enter anywhere in a one-line field goes on. */
export function Step({ step, title, lead, testId, buttons, onSubmit, children }: StepProps) {
  return (
    <div className={s['page']} data-testid={testId}>
      <div className={s['art']}>
        <TallyArt show="mine" />
      </div>
      <main className={s['main']}>
        <form
          noValidate
          className={s['form']}
          onSubmit={(event) => {
            event.preventDefault()
            onSubmit()
          }}
        >
          <p className={s['progress']}>
            {Array.from({ length: STEPS }, (_, at) => (
              <i key={at} className={cx(s['bar'], at < step && s['on'])} />
            ))}
            <span className={text['small']}>{t('onboarding.progress', { step, total: STEPS })}</span>
          </p>
          <div className={s['words']}>
            <h1 className={text['head']}>{title}</h1>
            <p className={s['lead']}>{lead}</p>
          </div>
          <HeldLink />
          {children}
          <div className={s['buttons']}>{buttons}</div>
        </form>
      </main>
    </div>
  )
}
