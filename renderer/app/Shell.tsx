import { useEffect, useState } from 'react'
import { ListPane, Rail } from '../features/chats/index.ts'
import type { RowAsk } from '../features/chats/index.ts'
import { Settings } from '../features/settings/Settings.tsx'
import { t } from '../i18n/index.ts'
import { useRouter, useServices } from '../state/index.ts'
import { cx } from '../ui/index.ts'
import { Divider, listWidthStyle, useListWidth } from './Divider.tsx'
import { askFocusOfMain } from './focus.ts'
import { switchTo } from './profiles.ts'
import { Pane } from './Pane.tsx'
import { RowQuestion } from './RowQuestion.tsx'
import s from './Shell.module.css'

/** A row or panel that was asked for has the focus, whatever kind it is of; most take it by themselves. */
function useAskedFocus(): void {
  const router = useRouter()
  const { focusPane } = router.state
  useEffect(() => {
    const { route } = router
    const asked = focusPane > 0 && (route.name === 'settings' || route.rowId !== null)
    return asked ? askFocusOfMain() : undefined
  }, [focusPane, router])
}

/** Rail, list, pane. In a narrow window list and pane take turns. The rail stays through every route, and its focus with it. */
export function Shell() {
  const { route } = useRouter()
  const [ask, setAsk] = useState<RowAsk | null>(null)
  const services = useServices()
  const onSwitch = (profileId: string): void => void switchTo(services, profileId)
  const [listWidth, setListWidth] = useListWidth()
  useAskedFocus()
  const inChats = route.name === 'chats'
  const look = inChats ? [s['shell'], route.rowId === null ? s['showList'] : s['showPane']] : [s['settings']]
  return (
    <div className={cx(...look)} style={listWidthStyle(listWidth)}>
      {inChats && (
        <a className={s['skip']} href="#main">
          {t('app.skip')}
        </a>
      )}
      <Rail onSwitch={onSwitch} />
      {inChats ? (
        <>
          <section className={s['list']} aria-label={t('app.chats')}>
            <ListPane onAsk={setAsk} />
            <Divider width={listWidth} onWidth={setListWidth} />
          </section>
          <Pane rowId={route.rowId} />
        </>
      ) : (
        <Settings panel={route.panel} onSwitch={onSwitch} />
      )}
      {ask && <RowQuestion ask={ask} onClose={() => setAsk(null)} />}
    </div>
  )
}
