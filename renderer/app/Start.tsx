import { RefusedPage, TroublePage } from '../features/start/index.ts'
import { errorText, t, translate } from '../i18n/index.ts'
import { useServices, useStore } from '../state/index.ts'
import { Banner, Button, Logo, Spinner } from '../ui/index.ts'
import s from './Start.module.css'

/** While the data opens, and when it does not: words and a safe choice, never a reset. */
export function Start() {
  const { store } = useServices()
  const phase = useStore((state) => state.phase)
  const error = useStore((state) => state.error)
  const app = useStore((state) => state.app)
  const blocked = phase === 'ready' && app && app.state !== 'ready' ? app.state : null
  const trouble = blocked === null ? undefined : app?.trouble
  return (
    <main className={s['start']} data-testid="start" data-state={blocked ?? phase}>
      {phase === 'refused' ? (
        <RefusedPage />
      ) : app && trouble ? (
        <TroublePage app={app} trouble={trouble} />
      ) : (
        <div className={s['inner']}>
          <Logo />
          {phase === 'loading' && (
            <p className={s['wait']} role="status">
              <Spinner /> {t('app.loading')}
            </p>
          )}
          {(phase === 'failed' || blocked !== null) && (
            <Banner
              tone="bad"
              role="alert"
              title={t('start.failed')}
              action={<Button onClick={() => void store.load()}>{t('start.retry')}</Button>}
            >
              {blocked === null ? error && errorText(error) : (translate(`start.${blocked}`) ?? blocked)}
            </Banner>
          )}
        </div>
      )}
    </main>
  )
}
