import { useState } from 'react'
import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import type { App, StartTrouble } from '#core/contract'
import { clockTime, t, translate } from '../../i18n/index.ts'
import type { Host } from '../../host/index.ts'
import { useHost, useServices } from '../../state/index.ts'
import { Button, Icon, cx } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import { CopyButton } from './CopyButton.tsx'
import { FreshDialog } from './FreshDialog.tsx'
import { StartPage } from './StartPage.tsx'
import type { StartRow } from './StartPage.tsx'
import s from './StartPage.module.css'

type Way =
  'journal' | 'look' | 'other' | 'copy' | 'whole' | 'back' | 'disk' | 'update' | 'allow' | 'room' | 'close'

/** What is offered for each cause; the first one that has a button has the filled one. */
const WAYS: Readonly<Record<StartTrouble['cause'], readonly Way[]>> = {
  unreadable: ['copy', 'whole', 'other'],
  empty: ['copy', 'whole', 'other'],
  'not-a-file': ['copy', 'whole', 'other'],
  'foreign-journal': ['copy', 'journal', 'other'],
  missing: ['back', 'look', 'other'],
  foreign: ['other', 'look'],
  io: ['disk', 'look', 'other'],
  'no-folder': ['back', 'other'],
  newer: ['update', 'other', 'look'],
  'read-only': ['allow', 'look', 'other'],
  'disk-full': ['room', 'look', 'other'],
  'in-use': ['close', 'other'],
}

/** Where something of one's own may be lost, one may also want to begin with nothing. */
const MAY_BE_LOST: readonly StartTrouble['cause'][] = ['unreadable', 'empty', 'not-a-file', 'missing']

/** Why the data folder cannot be used. Nothing here changes anything in it. */
export function TroublePage({ app, trouble }: { app: App; trouble: StartTrouble }) {
  const host = useHost()
  const [fresh, setFresh] = useState(false)
  const retry = useRetry()
  const { cause, details } = trouble
  const title = translate(`start.${cause}.title`) ?? t('start.damaged.title')
  const lead = translate(`start.${cause}.text`, { version: app.version }) ?? t('start.unreadable.text')
  return (
    <StartPage title={title} lead={lead} rows={waysOf(app, cause, host, retry)}>
      <footer className={s['foot']}>
        <p role="status" className={cx(text['sub'], s['tried'])}>
          {retry.at !== null && t('start.tried', { time: clockTime(retry.at) })}
        </p>
        <details className={s['details']}>
          <summary className={s['summary']}>
            <Icon of={ChevronRight} />
            {t('start.details')}
          </summary>
          <pre className={s['report']}>{details}</pre>
          <CopyButton size="s" text={details}>
            {t('start.details.copy')}
          </CopyButton>
        </details>
        {host.abilities.folder && MAY_BE_LOST.includes(cause) && (
          <Button tone="quiet-danger" className={s['fresh']} onClick={() => setFresh(true)}>
            {t('start.fresh')}
          </Button>
        )}
        {host.abilities.folder && <Button onClick={() => void host.folder('quit')}>{t('start.quit')}</Button>}
      </footer>
      {fresh && <FreshDialog onClose={() => setFresh(false)} />}
    </StartPage>
  )
}

/** Looks at the folder again; `at` is when that was without success. */
function useRetry(): { busy: boolean; at: string | null; run: () => void } {
  const { store } = useServices()
  const [busy, setBusy] = useState(false)
  const [at, setAt] = useState<string | null>(null)
  const run = async (): Promise<void> => {
    setBusy(true)
    await store.retryFolder().catch(() => undefined)
    setBusy(false)
    setAt(new Date().toISOString())
  }
  return { busy, at, run: () => void run() }
}

function waysOf(
  app: App,
  cause: StartTrouble['cause'],
  host: Host,
  retry: ReturnType<typeof useRetry>,
): StartRow[] {
  const path = <span className={text['code']}>{app.dataDir}</span>
  const withPath = (words: string): ReactNode => (
    <>
      {words} {path}
    </>
  )
  const tone = (way: Way) => (way === firstWithButton(cause) ? 'primary' : 'neutral')

  const tryAgain = (way: Way): ReactNode => (
    <Button tone={tone(way)} busy={retry.busy} onClick={retry.run}>
      {t('start.retry')}
    </Button>
  )
  const look = (way: Way): ReactNode =>
    host.abilities.folder ? (
      <Button tone={tone(way)} onClick={() => void host.folder('open')}>
        {t('start.row.look.open')}
      </Button>
    ) : (
      <CopyButton tone={tone(way)} text={app.dataDir}>
        {t('start.row.look.path')}
      </CopyButton>
    )
  const row = (way: Way): StartRow => {
    const name = translate(`start.row.${way}`) ?? way
    const words = translate(`start.row.${way}.text`) ?? ''
    switch (way) {
      case 'look':
        return { name, text: path, action: look(way) }
      case 'copy':
        return { name, text: withPath(words), action: look(way) }
      case 'back':
        // Where a row to look at it follows, that one names the folder.
        return { name, text: cause === 'no-folder' ? withPath(words) : words, action: tryAgain(way) }
      case 'other':
        if (host.abilities.folder) {
          const choose = (
            <Button tone={tone(way)} onClick={() => void host.folder('choose')}>
              {t('start.row.other.choose')}
            </Button>
          )
          return { name, text: words, action: choose }
        }
        return {
          name,
          text: t('start.row.other.commandText'),
          action: (
            <CopyButton tone={tone(way)} text={`npm start -- --browser --data ${quoted(`${app.dataDir}-2`)}`}>
              {t('start.row.other.command')}
            </CopyButton>
          ),
        }
      case 'update':
        return { name, text: words, action: null }
      default:
        return { name, text: words, action: tryAgain(way) }
    }
  }
  return WAYS[cause].map(row)
}

function firstWithButton(cause: StartTrouble['cause']): Way | undefined {
  return WAYS[cause].find((way) => way !== 'update')
}

/** For the command line of a person. */
function quoted(path: string): string {
  return /^[\w./:\\-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
