import { Download, X } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { Banner, Button, Icon, IconButton } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import type { Offered } from './offered.ts'
import s from './Offered.module.css'

/** Over the chat, while something is held there. */
export function DropHere({ mayWrite }: { mayWrite: boolean }) {
  return (
    <div className={s['over']} data-testid="conversation-drop">
      <Icon of={Download} size="l" />
      <p className={text['title']}>{t('scan.dropHere')}</p>
      <p className={text['sub']}>{t(mayWrite ? 'conversation.drop' : 'conversation.drop.blocked')}</p>
    </div>
  )
}

/** Above the field: what cannot be sent, and what can be done with it. */
export function OfferedAnswer({ offered }: { offered: Offered }) {
  const { answer, dismiss, look } = offered
  if (answer === null) return null
  const links = answer.tag === 'files' ? answer.links : []
  return (
    <div className={s['answer']}>
      <Banner
        role="status"
        tone={links !== null && links.length > 0 ? 'plain' : 'them'}
        title={answer.tag === 'blocked' ? t('conversation.offered.blocked') : t('conversation.offered.files')}
        testId="conversation-offered"
        state={links === null ? 'reading' : links.length > 0 ? 'link' : answer.tag}
        action={
          <>
            {links !== null && links.length > 0 && (
              <Button size="s" onClick={look}>
                {t('conversation.offered.look', { count: links.length })}
              </Button>
            )}
            <IconButton size="s" label={t('ui.close')} onClick={dismiss}>
              <Icon of={X} size="m" />
            </IconButton>
          </>
        }
      >
        {answer.tag === 'blocked' ? t('conversation.offered.blocked.text') : filesText(answer.count, links)}
      </Banner>
    </div>
  )
}

function filesText(count: number, links: readonly string[] | null): string {
  if (links === null) return t('conversation.offered.reading')
  if (links.length > 0) return t('conversation.offered.links', { count: links.length })
  return t('conversation.offered.none', { count })
}
