import { useState } from 'react'
import { t } from '../../i18n/index.ts'
import { Button, Logo } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import { DifferentDialog } from './DifferentDialog.tsx'
import { HeldLink } from './HeldLink.tsx'
import { TallyArt } from './TallyArt.tsx'
import s from './Welcome.module.css'

export function Welcome({ onCreate }: { onCreate: () => void }) {
  const [telling, setTelling] = useState(false)
  return (
    <div className={s['page']} data-testid="onb-welcome">
      <main className={s['words']}>
        <div className={s['column']}>
          <Logo />
          <div className={s['claim']}>
            <h1 className={text['display']}>{t('onboarding.welcome.title')}</h1>
            <p className={text['lead']}>{t('onboarding.welcome.lead')}</p>
          </div>
          <HeldLink />
          <div className={s['buttons']}>
            <Button tone="primary" size="l" onClick={onCreate} autoFocus>
              {t('onboarding.welcome.create')}
            </Button>
            <Button tone="quiet" flush="start" onClick={() => setTelling(true)}>
              {t('onboarding.welcome.different')}
            </Button>
          </div>
        </div>
      </main>
      <div className={s['art']}>
        <TallyArt show="whole" />
      </div>
      <DifferentDialog open={telling} onClose={() => setTelling(false)} />
    </div>
  )
}
