import type { ReactNode } from 'react'
import { ArrowLeft } from 'lucide-react'
import { t } from '../i18n/index.ts'
import { Icon } from './Icon.tsx'
import { IconButton } from './IconButton.tsx'
import text from '../styles/text.module.css'
import { cx } from './cx.ts'
import s from './PaneBar.module.css'

export interface PaneBarProps {
  lead: ReactNode
  title: string
  /** In brackets after the title: what they call themselves. */
  aside?: string | null
  /** After the name. */
  mark?: ReactNode
  sub: ReactNode
  actions?: ReactNode
  /** Shown in narrow windows, where list and pane take turns. */
  onBack: () => void
}

/** The bar of a pane: its bottom line meets the bars beside it. */
export function PaneBar({ lead, title, aside, mark, sub, actions, onBack }: PaneBarProps) {
  return (
    <header className={s['bar']}>
      <IconButton label={t('app.back')} className={s['back']} onClick={onBack} data-testid="back">
        <Icon of={ArrowLeft} className={s['arrow']} />
      </IconButton>
      {lead}
      <div className={s['words']}>
        <h1 className={s['title']}>
          <bdi className={text['cut']} dir="auto" data-testid="pane-title">
            {title}
          </bdi>
          {mark}
          {aside != null && aside !== '' && (
            <span className={s['aside']}>
              (<bdi className={text['cut']}>{aside}</bdi>)
            </span>
          )}
        </h1>
        <div className={cx(text['small'], s['sub'])}>{sub}</div>
      </div>
      {actions}
    </header>
  )
}
