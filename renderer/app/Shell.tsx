import { ListPane, Rail } from '../features/chats/index.ts'
import { Settings } from '../features/settings/Settings.tsx'
import { t } from '../i18n/index.ts'
import { useRouter } from '../state/index.ts'
import { cx } from '../ui/index.ts'
import { Pane } from './Pane.tsx'
import s from './Shell.module.css'

/** Rail, list, pane. In a narrow window list and pane take turns. */
export function Shell() {
  const { route } = useRouter()
  if (route.name === 'settings') {
    return (
      <div className={s['settings']}>
        <Rail />
        <Settings panel={route.panel} />
      </div>
    )
  }
  return (
    <div className={cx(s['shell'], route.rowId === null ? s['showList'] : s['showPane'])}>
      <a className={s['skip']} href="#main">
        {t('app.skip')}
      </a>
      <Rail />
      <ListPane />
      <Pane rowId={route.rowId} />
    </div>
  )
}
