import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { t } from '../../i18n/index.ts'
import { useServices, useViewModel } from '../../state/index.ts'
import type { Timeline } from '../../state/index.ts'
import { Banner, Button } from '../../ui/index.ts'
import { Composer } from './Composer.tsx'
import { MessageList } from './MessageList.tsx'
import { useOffered } from './offered.ts'
import { DropHere, OfferedAnswer } from './Offered.tsx'
import s from './Conversation.module.css'

export interface ConversationProps {
  timeline: Timeline
  header: ReactNode
  /** Stands above the first message: what this chat is, while it is short. */
  intro: ReactNode
  /** How I call the other side. */
  name: string
  /** Stands above the field. */
  notice?: ReactNode
  /** Why nothing can be written; `null` where it can. */
  blocked: ReactNode | null
  /** Grows with unread messages: they are read when the person looks. */
  unread: number
  onRead: () => void
  state: string
  /** The random name under which I write here. */
  incognito?: string | null
}

export function Conversation(props: ConversationProps) {
  const { timeline, header, intro, name, blocked, unread, onRead, state, incognito } = props
  const { host } = useServices()
  const { phase, error, messages } = useViewModel(timeline)

  useEffect(() => {
    if (unread === 0) return
    if (host.focused()) onRead()
    return host.onFocus(onRead)
  }, [host, unread, onRead])

  const pane = useRef<HTMLElement>(null)
  const mayWrite = blocked === null
  const offered = useOffered(pane, timeline, mayWrite)

  return (
    <main ref={pane} className={s['pane']} id="main" data-testid="conversation" data-state={state}>
      {header}
      {phase === 'failed' ? (
        <div className={s['failed']}>
          <Banner
            tone="bad"
            role="alert"
            title={t('conversation.failed.load')}
            action={<Button onClick={() => void timeline.load()}>{t('conversation.retry.load')}</Button>}
          />
        </div>
      ) : (
        <MessageList
          timeline={timeline}
          messages={messages}
          intro={intro}
          name={name}
          canSend={blocked === null}
        />
      )}
      {blocked === null ? (
        <div className={s['foot']}>
          {props.notice}
          <OfferedAnswer offered={offered} />
          <Composer
            timeline={timeline}
            name={name}
            error={phase === 'failed' ? null : error}
            incognito={incognito ?? null}
          />
        </div>
      ) : (
        <div className={s['foot']}>
          <OfferedAnswer offered={offered} />
          <div className={s['blocked']}>{blocked}</div>
        </div>
      )}
      {offered.over && <DropHere mayWrite={mayWrite} />}
    </main>
  )
}
