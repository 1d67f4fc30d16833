import { ChevronRight, Link, Ticket } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { useRouter } from '../../state/index.ts'
import { CutPlate, Icon, cx } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import s from './EmptyChats.module.css'

/** Nothing exists yet: the cut plate with its two doors (CHL-6). */
export function EmptyChats() {
  const router = useRouter()
  return (
    <div className={s['page']} data-testid="chats-empty">
      <div className={s['inner']}>
        <div className={s['head']}>
          <h1 className={text['head']}>{t('chats.empty.title')}</h1>
          <p className={text['lead']}>{t('chats.empty.lead')}</p>
        </div>
        <CutPlate
          size="l"
          bare
          start={
            <button
              type="button"
              className={cx(s['door'], s['mine'])}
              data-testid="empty-invite"
              onClick={() => router.openNewChat('invite')}
            >
              <Icon of={Ticket} size="l" />
              <span className={cx(text['title'], s['title'])}>{t('chats.empty.invite')}</span>
              <span className={s['help']}>{t('chats.empty.invite.help')}</span>
              <span className={s['go']}>
                {t('chats.empty.makeLink')}
                <Icon of={ChevronRight} size="m" />
              </span>
            </button>
          }
          end={
            <button
              type="button"
              className={cx(s['door'], s['theirs'])}
              data-testid="empty-connect"
              onClick={() => router.openNewChat('connect')}
            >
              <Icon of={Link} size="l" />
              <span className={cx(text['title'], s['title'])}>{t('chats.empty.haveLink')}</span>
              <span className={s['help']}>{t('chats.empty.haveLink.help')}</span>
              <span className={s['go']}>
                {t('chats.empty.connect')}
                <Icon of={ChevronRight} size="m" />
              </span>
            </button>
          }
        />
      </div>
    </div>
  )
}
