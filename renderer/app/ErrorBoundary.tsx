import { Component } from 'react'
import type { ReactNode } from 'react'
import { t } from '../i18n/index.ts'
import { Banner, Button } from '../ui/index.ts'
import s from './Start.module.css'

/** A fault of ours in drawing: says so, names the way on, and repeats nothing of a chat. */
export class ErrorBoundary extends Component<
  { children: ReactNode; onReload: () => void },
  { broken: boolean }
> {
  override state = { broken: false }

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true }
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children
    return (
      <main className={s['start']}>
        <div className={s['inner']}>
          <Banner
            tone="bad"
            role="alert"
            title={t('app.crashed.title')}
            action={
              <Button
                autoFocus
                onClick={() => {
                  this.props.onReload()
                  location.reload()
                }}
              >
                {t('app.crashed.reload')}
              </Button>
            }
          >
            {t('app.crashed.text')}
          </Banner>
        </div>
      </main>
    )
  }
}
