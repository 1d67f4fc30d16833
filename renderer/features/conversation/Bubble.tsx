import { Check, CheckCheck, CircleAlert, Clock } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { Message, MessageStatus } from '#core/contract'
import { clockTime, errorText, fullTime, t, translate } from '../../i18n/index.ts'
import { Hidden, Icon, cx } from '../../ui/index.ts'
import { MessageText } from './MessageText.tsx'
import s from './Bubble.module.css'

interface BubbleProps {
  message: Message
  /** Last of its group: the corner on its speaker's side. */
  last: boolean
  name: string
  /** `null` where nothing can be sent any more. */
  onRetry: ((messageId: string) => void) | null
}

const ticks: Record<Exclude<MessageStatus, 'received'>, LucideIcon> = {
  sending: Clock,
  sent: Check,
  delivered: CheckCheck,
  failed: CircleAlert,
}

/** What stands between this message and its reader; general words where there are none of its own. */
function failureText(error: Message['error'], over: boolean): string {
  if (!error) return t('conversation.status.failed')
  if (over && error.code === 'NOT_READY') return t('conversation.failed.over')
  const general = error.reason === undefined ? translate(`conversation.failed.${error.code}`) : undefined
  return general ?? errorText(error)
}

/** Text is isolated: it neither becomes markup nor turns its neighbours round. */
export function Bubble({ message, last, name, onRetry }: BubbleProps) {
  const { direction, status, content, createdAt } = message
  const mine = direction === 'out'
  const failed = status === 'failed'
  return (
    <article
      className={cx(s['line'], mine && s['mine'], last && s['last'])}
      data-testid="message"
      data-message-id={message.messageId}
      data-direction={direction}
      data-state={status}
    >
      <div className={cx(s['bubble'], failed && s['failed'])}>
        <Hidden>{mine ? t('conversation.from.me') : t('conversation.from.them', { name })}</Hidden>
        <span className={s['text']} dir="auto" data-testid="message-text">
          <MessageText text={content.text} />
        </span>
        <span className={s['meta']}>
          <time dateTime={createdAt} title={fullTime(createdAt)}>
            {clockTime(createdAt)}
          </time>
          {mine && status !== 'received' && (
            <span title={t(`conversation.status.${status}`)}>
              <Icon of={ticks[status]} size="s" />
              <Hidden>{t(`conversation.status.${status}`)}</Hidden>
            </span>
          )}
        </span>
      </div>
      {failed && (
        <div className={s['reason']}>
          <span>{failureText(message.error, onRetry === null)}</span>
          {onRetry && (
            <button type="button" className={s['again']} onClick={() => onRetry(message.messageId)}>
              {t('conversation.retry')}
            </button>
          )}
        </div>
      )}
    </article>
  )
}
